import asyncio

from openposterdb.http.drain import Drain
from openposterdb.http.robyn_import import new_app
from tests.http.adapter.rsgi_fakes import ask, started
from tests.manual_clock import ManualClock


async def test_registered_work_is_awaited_side_by_side_before_the_shutdown_handler():
    app, order = new_app(), []
    app.shutdown_handler(lambda: order.append("shutdown handler"))
    adapter = await started(app)
    meet = asyncio.Barrier(2)

    async def work():
        await meet.wait()
        order.append("work")

    adapter.drain.register("one", work)
    adapter.drain.register("two", work)
    await adapter.shutdown()
    assert order == ["work", "work", "shutdown handler"]


async def test_failures_and_leftovers_do_not_keep_the_worker():
    clock = ManualClock()
    drain = Drain(clock, budget=10)
    cancelled = []

    async def fails():
        raise RuntimeError

    async def hangs():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(1)
            raise

    drain.register("fails", fails)
    drain.register("hangs", hangs)
    drain.begin()
    clock.tick(10)
    await asyncio.wait_for(drain.finish(), 5)
    assert drain.remaining == 0


async def test_the_budget_runs_from_the_signal_on():
    clock = ManualClock()
    drain = Drain(clock, budget=10)
    assert (drain.draining, drain.remaining) == (False, 10)
    drain.begin()
    clock.tick(4)
    drain.begin()
    assert (drain.draining, drain.remaining) == (True, 6)


async def test_the_budget_runs_once_the_worker_has_lingered():
    clock = ManualClock()
    drain = Drain(clock, budget=10, linger=5)
    drain.begin()
    clock.tick(5)
    assert (drain.draining, drain.remaining) == (True, 10)


async def test_requests_in_flight_are_counted():
    app = new_app()
    adapter_seen = []

    @app.get("/")
    async def handler():
        adapter_seen.append(adapter.drain.in_flight)
        raise RuntimeError

    adapter = await started(app)
    await ask(adapter, "GET", "/")
    assert (adapter_seen, adapter.drain.in_flight) == ([1], 0)


async def test_every_task_is_cancelled_and_awaited_at_the_end():
    adapter = await started(new_app())
    ended = []

    async def forever():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(1)

    task = asyncio.create_task(forever())
    await asyncio.sleep(0)
    await adapter.shutdown()
    assert task.cancelled()
    assert ended == [1]
