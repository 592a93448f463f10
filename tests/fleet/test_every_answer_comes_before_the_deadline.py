"""A PostgreSQL that takes what it is asked and never answers: who needs it is told in time, who does not is served."""

import asyncio

from tests.e2e.conftest import KEY
from tests.e2e.titles import POSTERS
from tests.servers.valve import valve_before

DEADLINE = 2.0  # far below the ten seconds that a call to the database may take
UNKNOWN = "t3-00000000-0000-4000-8000-000000000000"


async def test_a_database_that_hangs_costs_unknown_keys_the_deadline_and_known_ones_nothing(
    replicas, postgres_server, database_url
):
    async with valve_before(postgres_server.port) as valve:
        behind = database_url.replace(f":{postgres_server.port}/", f":{valve.port}/")
        (replica,) = await asyncio.to_thread(
            replicas.start, DATABASE_URL=behind, REQUEST_DEADLINE_SECS=str(DEADLINE), RATINGS_STALE_SECS="0"
        )
        get = lambda path: asyncio.to_thread(replica.get, path)  # noqa: E731
        before = await get(POSTERS[0])
        valve.shut()
        strangers = [
            POSTERS[0].replace(KEY, UNKNOWN),
            POSTERS[0].replace(KEY, UNKNOWN) + "?fallback=true",
            POSTERS[0].replace(KEY, UNKNOWN).replace("poster-default", "rating"),
            f"/{UNKNOWN}/isValid",
            f"/{KEY}/requests",
        ]
        answers = await asyncio.gather(*map(get, strangers))
        assert [answer.status_code for answer in answers] == [504] * len(strangers)
        for answer in answers:
            assert answer.json()["error"].endswith("in time; try again in a moment")
            assert answer.elapsed.total_seconds() < 4 * DEADLINE
        again = await get(POSTERS[0] + "?imageSize=medium")
        assert (again.status_code, again.content) == (200, before.content)
        assert (await get(f"/{KEY}/isValid")).status_code == 200
