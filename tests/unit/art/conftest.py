import pytest

from openposterdb.art.chooser import ArtChooser
from openposterdb.demo.double import UpstreamDouble
from openposterdb.titles.resolver import TitleResolver
from openposterdb.upstreams import policy
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.fanart import Fanart
from tests.manual_clock import GlidingClock
from tests.upstream_fixtures import client, clock, double, observed, resolver, tmdb, wire  # noqa: F401 - fixtures


@pytest.fixture
def chooser(double: UpstreamDouble, wire: Wire, clock: GlidingClock, resolver: TitleResolver) -> ArtChooser:
    environment = double.environment()
    fanart = Fanart(
        Caller("fanart", wire, policy.FANART, budget=60),
        base_url=environment["FANART_API_BASE_URL"],
        key="demo-fanart-key",
    )
    return ArtChooser(resolver, fanart, tmdb_image_base_url=environment["TMDB_IMAGE_BASE_URL"], clock=clock)
