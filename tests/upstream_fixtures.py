"""The upstreams as the rooms above them use them: real HTTP calls of the double, on a clock that nobody waits for."""

from collections.abc import AsyncIterator

import httpx
import pytest

from openposterdb.demo.double import UpstreamDouble
from openposterdb.titles.resolver import TitleResolver
from openposterdb.upstreams import policy
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.tmdb import Tmdb
from openposterdb.upstreams.transport import open_client
from tests.manual_clock import GlidingClock


class Observed(list[tuple[str, str]]):
    def __call__(self, service: str, outcome: str, seconds: float) -> None:
        self.append((service, outcome))


@pytest.fixture
async def double() -> AsyncIterator[UpstreamDouble]:
    async with UpstreamDouble() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with open_client() as opened:
        yield opened


@pytest.fixture
def clock() -> GlidingClock:
    return GlidingClock()


@pytest.fixture
def observed() -> Observed:
    return Observed()


@pytest.fixture
def wire(client: httpx.AsyncClient, clock: GlidingClock, observed: Observed) -> Wire:
    return Wire(client, clock, observed, jitter=lambda: 0.0)


@pytest.fixture
def tmdb(double: UpstreamDouble, wire: Wire) -> Tmdb:
    base_url = double.environment()["TMDB_API_BASE_URL"]
    return Tmdb(Caller("tmdb", wire, policy.TMDB_API, budget=12), base_url=base_url, key="demo-tmdb-key")


@pytest.fixture
def resolver(tmdb: Tmdb, clock: GlidingClock) -> TitleResolver:
    return TitleResolver(tmdb, clock=clock, ratings_stale_secs=86_400)
