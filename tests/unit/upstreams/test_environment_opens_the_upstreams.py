import pytest

from openposterdb.clock import SystemClock
from openposterdb.config import Environment, load
from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Fault, FaultKind, Service
from openposterdb.domain import ImageKind
from openposterdb.upstreams.opening import open_upstreams
from openposterdb.upstreams.probes import SERVICES, Verdict, check_key
from tests.manual_clock import GlidingClock


@pytest.fixture
def environment(double: UpstreamDouble, monkeypatch: pytest.MonkeyPatch) -> Environment:
    for name, value in double.environment().items():
        monkeypatch.setenv(name, value)
    return load(None)


async def test_every_service_answers(
    environment: Environment, clock: GlidingClock, observed: list[tuple[str, str]]
) -> None:
    async with open_upstreams(environment, clock=clock, observe=observed) as upstreams:  # type: ignore[arg-type]
        assert [await check_key(upstreams, service) for service in SERVICES] == [Verdict.OK] * 4
        assert upstreams.fanart is not None
        art = await upstreams.fanart.art("movie", 9000101)
        for entry in art.of(ImageKind.LOGO):
            assert await upstreams.pictures["fanart"].download(entry.url)
    assert {service for service, _ in observed} == set(SERVICES)


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault(kind=FaultKind.STATUS, status=401), Verdict.KEY_REFUSED),
        (Fault(kind=FaultKind.STATUS, status=429), Verdict.THROTTLED),
        (Fault(kind=FaultKind.STATUS, status=500), Verdict.BROKEN),
        (Fault(kind=FaultKind.HTML), Verdict.BROKEN),
        (Fault(kind=FaultKind.RESET), Verdict.UNREACHABLE),
    ],
)
async def test_verdicts(
    double: UpstreamDouble, environment: Environment, clock: GlidingClock, fault: Fault, verdict: Verdict
) -> None:
    double.add_fault(fault)
    async with open_upstreams(environment, clock=clock) as upstreams:
        assert [await check_key(upstreams, service) for service in SERVICES] == [verdict] * 4


async def test_a_hanging_service_times_out(double: UpstreamDouble, environment: Environment) -> None:
    double.add_fault(Fault(kind=FaultKind.HANG))
    hurried = environment.model_copy(update={"request_deadline_secs": 0.5})
    async with open_upstreams(hurried, clock=SystemClock()) as upstreams:
        assert await check_key(upstreams, "omdb") == Verdict.TIMED_OUT


async def test_what_has_no_key_is_not_configured(environment: Environment, clock: GlidingClock) -> None:
    bare = environment.model_copy(update={"fanart_api_key": None, "omdb_api_key": None, "mdblist_api_key": None})
    async with open_upstreams(bare, clock=clock) as upstreams:
        assert upstreams.fanart is upstreams.omdb is upstreams.mdblist is None
        assert await check_key(upstreams, "omdb") == Verdict.NOT_CONFIGURED


async def test_pictures_have_a_circuit_of_their_own(
    double: UpstreamDouble, environment: Environment, clock: GlidingClock
) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, service=Service.TMDB_IMAGES, status=500))
    async with open_upstreams(environment, clock=clock) as upstreams:
        for number in range(30):
            with pytest.raises(Exception, match="tmdb"):
                await upstreams.pictures["tmdb"].download(f"{environment.tmdb_image_base_url}/w780/{number}.jpg")
        assert await check_key(upstreams, "tmdb") == Verdict.OK
