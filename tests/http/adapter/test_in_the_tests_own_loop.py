import asyncio

import httpx
from robyn import Request

from openposterdb.http.adapter import RobynRSGI
from openposterdb.http.robyn_import import new_app
from tests.http.adapter.embedded import serving


async def test_many_requests_wait_side_by_side_and_a_client_that_leaves_stops_nothing():
    app, arrived, go, finished = new_app(), asyncio.Semaphore(0), asyncio.Event(), []

    @app.get("/:number")
    async def handler(request: Request):
        arrived.release()
        await go.wait()
        finished.append(request.path_params["number"])
        return request.path_params["number"]

    adapter = RobynRSGI(app)
    async with serving(adapter) as url, httpx.AsyncClient(base_url=url, timeout=10) as client:
        requests = [asyncio.create_task(client.get(f"/{number}")) for number in range(20)]
        for _ in requests:
            await arrived.acquire()
        assert adapter.drain.in_flight == 20
        requests[0].cancel()
        await asyncio.gather(requests[0], return_exceptions=True)
        go.set()
        answers = await asyncio.gather(*requests[1:])
        assert [answer.text for answer in answers] == [str(number) for number in range(1, 20)]
        assert sorted(finished, key=int) == [str(number) for number in range(20)]
        assert adapter.drain.in_flight == 0
