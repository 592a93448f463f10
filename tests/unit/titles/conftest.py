from collections.abc import AsyncIterator

import pytest
from tests.unit.upstreams.hand_clock import HandClock

from openposterdb.demo.double import UpstreamDouble
from openposterdb.titles.resolver import TitleResolver
from openposterdb.upstreams import policy
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.tmdb import Tmdb
from openposterdb.upstreams.transport import open_client


@pytest.fixture
async def double() -> AsyncIterator[UpstreamDouble]:
    async with UpstreamDouble() as running:
        yield running


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def tmdb(double: UpstreamDouble, clock: HandClock) -> AsyncIterator[Tmdb]:
    async with open_client() as client:
        caller = Caller("tmdb", Wire(client, clock, jitter=lambda: 0.0), policy.TMDB_API, budget=12)
        yield Tmdb(caller, base_url=double.environment()["TMDB_API_BASE_URL"], key="demo-tmdb-key")


@pytest.fixture
def resolver(tmdb: Tmdb, clock: HandClock) -> TitleResolver:
    return TitleResolver(tmdb, clock=clock, ratings_stale_secs=86_400)
