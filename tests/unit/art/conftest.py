from collections.abc import AsyncIterator

import pytest
from hypothesis import settings
from tests.unit.upstreams.hand_clock import HandClock

from openposterdb.art.chooser import ArtChooser
from openposterdb.demo.double import UpstreamDouble
from openposterdb.titles.resolver import TitleResolver
from openposterdb.upstreams import policy
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.fanart import Fanart
from openposterdb.upstreams.tmdb import Tmdb
from openposterdb.upstreams.transport import open_client

settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


@pytest.fixture
async def double() -> AsyncIterator[UpstreamDouble]:
    async with UpstreamDouble() as running:
        yield running


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def wire(clock: HandClock) -> AsyncIterator[Wire]:
    async with open_client() as client:
        yield Wire(client, clock, jitter=lambda: 0.0)


@pytest.fixture
def resolver(double: UpstreamDouble, wire: Wire, clock: HandClock) -> TitleResolver:
    base_url = double.environment()["TMDB_API_BASE_URL"]
    tmdb = Tmdb(Caller("tmdb", wire, policy.TMDB_API, budget=12), base_url=base_url, key="demo-tmdb-key")
    return TitleResolver(tmdb, clock=clock, ratings_stale_secs=86_400)


@pytest.fixture
def chooser(double: UpstreamDouble, wire: Wire, clock: HandClock, resolver: TitleResolver) -> ArtChooser:
    environment = double.environment()
    fanart = Fanart(
        Caller("fanart", wire, policy.FANART, budget=60),
        base_url=environment["FANART_API_BASE_URL"],
        key="demo-fanart-key",
    )
    return ArtChooser(resolver, fanart, tmdb_image_base_url=environment["TMDB_IMAGE_BASE_URL"], clock=clock)
