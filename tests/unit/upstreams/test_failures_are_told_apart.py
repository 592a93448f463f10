import time

import httpx
import pytest

from openposterdb.clock import SystemClock
from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Fault, FaultKind
from openposterdb.domain import TitleId
from openposterdb.errors import UpstreamBroken, UpstreamTimedOut, UpstreamUnavailable
from openposterdb.upstreams import policy
from openposterdb.upstreams.breaker import Breaker
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.failures import AnswerTooLarge, KeyRefused, Unreachable
from openposterdb.upstreams.mdblist import Mdblist, MdblistTitle
from openposterdb.upstreams.mdblist import read_title as read_list
from openposterdb.upstreams.omdb import Omdb, OmdbTitle, read_title, refuse_used_up
from openposterdb.upstreams.tmdb import Tmdb
from openposterdb.upstreams.transport import Answer, Question
from tests.manual_clock import GlidingClock

MOVIE = TitleId("movie", 9000101)


@pytest.fixture
def tmdb(double: UpstreamDouble, wire: Wire) -> Tmdb:
    base_url = double.environment()["TMDB_API_BASE_URL"]
    return Tmdb(Caller("tmdb", wire, policy.TMDB_API, budget=12), base_url=base_url, key="demo-tmdb-key")


async def test_a_missing_title_is_an_answer(tmdb: Tmdb) -> None:
    assert await tmdb.details(TitleId("movie", 1)) is None


@pytest.mark.parametrize("kind", [FaultKind.HTML, FaultKind.TRUNCATED_JSON, FaultKind.EMPTY, FaultKind.REDIRECT_LOOP])
async def test_nonsense_is_broken(double: UpstreamDouble, tmdb: Tmdb, kind: FaultKind) -> None:
    double.add_fault(Fault(kind=kind))
    with pytest.raises(UpstreamBroken):
        await tmdb.details(MOVIE)


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.SHORT_BODY])
async def test_a_broken_connection_is_unreachable(double: UpstreamDouble, tmdb: Tmdb, kind: FaultKind) -> None:
    double.add_fault(Fault(kind=kind))
    with pytest.raises(Unreachable):
        await tmdb.details(MOVIE)


async def test_a_refused_connection_is_unreachable(wire: Wire) -> None:
    closed = Tmdb(Caller("tmdb", wire, policy.TMDB_API, budget=12), base_url="http://127.0.0.1:1/3", key="k")
    with pytest.raises(Unreachable):
        await closed.details(MOVIE)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_is_named(double: UpstreamDouble, tmdb: Tmdb, status: int) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, status=status))
    with pytest.raises(KeyRefused):
        await tmdb.details(MOVIE)


async def test_a_hanging_service_times_out_within_its_budget(double: UpstreamDouble, client: httpx.AsyncClient) -> None:
    double.add_fault(Fault(kind=FaultKind.HANG))
    caller = Caller("tmdb", Wire(client, SystemClock()), policy.TMDB_API, budget=0.3)
    started = time.monotonic()
    with pytest.raises(UpstreamTimedOut):
        await caller.ask(Question(f"{double.base_url}/tmdb/3/configuration", "configuration"))
    assert time.monotonic() - started < 1


async def test_our_own_queue_is_not_held_against_the_service(
    double: UpstreamDouble, client: httpx.AsyncClient, clock: GlidingClock
) -> None:
    breaker = Breaker(clock)
    caller = Caller("tmdb", Wire(client, SystemClock()), policy.TMDB_API, budget=0.01, breaker=breaker, max_at_once=1)
    await caller._turns.acquire()  # one call that does not end
    for number in range(30):
        with pytest.raises(UpstreamUnavailable, match="waiting"):
            await caller.ask(Question(f"{double.base_url}/tmdb/3/movie/{number}", str(number)))
    assert not breaker.is_open
    assert not double.calls


async def test_an_endless_answer_is_cut_off(double: UpstreamDouble, wire: Wire) -> None:
    caller = Caller("tmdb", wire, policy.TMDB_API, budget=12)
    url = f"{double.environment()['TMDB_IMAGE_BASE_URL']}/w780/paper-harbour.jpg"
    with pytest.raises(AnswerTooLarge):
        await caller.ask(Question(url, "picture", max_bytes=1000))


def _omdb(double: UpstreamDouble, wire: Wire, key: str = "demo-omdb-key") -> Omdb:
    base_url = double.environment()["OMDB_API_BASE_URL"]
    return Omdb(Caller("omdb", wire, policy.OMDB, budget=8), base_url=base_url, key=key)


def _mdblist(double: UpstreamDouble, wire: Wire, key: str = "demo-mdblist-key") -> Mdblist:
    base_url = double.environment()["MDBLIST_API_BASE_URL"]
    return Mdblist(Caller("mdblist", wire, policy.MDBLIST, budget=8), base_url=base_url, key=key)


async def test_a_title_unknown_to_a_ratings_provider_has_no_ratings(double: UpstreamDouble, wire: Wire) -> None:
    assert await _omdb(double, wire).title("tt1") == OmdbTitle()
    assert await _mdblist(double, wire).title("movie", "tt1") == MdblistTitle()


async def test_a_ratings_providers_key_may_be_refused(double: UpstreamDouble, wire: Wire) -> None:
    with pytest.raises(KeyRefused):
        await _omdb(double, wire, "wrong").title("tt99000101")
    with pytest.raises(KeyRefused):
        await _mdblist(double, wire, "wrong").title("movie", "tt99000101")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"error": "API Limit Reached!"}, UpstreamUnavailable),
        ({"response": False, "error": "Invalid API key!"}, KeyRefused),
        ({"error": "Something else"}, UpstreamBroken),
    ],
)
def test_mdblists_failures_with_status_200(answer: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        read_list("mdblist", answer)


def test_mdblists_ways_to_say_that_there_is_no_such_title() -> None:
    assert read_list("mdblist", {"error": "Movie not found"}) == MdblistTitle()
    assert read_list("mdblist", {}) == MdblistTitle()


def test_a_used_up_key_is_told_from_a_wrong_one() -> None:
    body = b'{"Response":"False","Error":"Request limit reached!"}'
    with pytest.raises(UpstreamUnavailable):
        refuse_used_up("omdb", Answer(401, httpx.Headers(), body))
    refuse_used_up("omdb", Answer(401, httpx.Headers(), b'{"Error":"Invalid API key!"}'))


@pytest.mark.parametrize("text", ["Movie not found!", "Incorrect IMDb ID.", "Series not found!", "Error getting data."])
def test_omdbs_ways_to_say_that_there_is_no_such_title(text: str) -> None:
    assert read_title("omdb", {"Response": "False", "Error": text}) == OmdbTitle()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Request limit reached!", UpstreamUnavailable),
        ("Invalid API key!", KeyRefused),
        ("No API key provided.", KeyRefused),
        ("The database is on fire.", UpstreamBroken),
        (None, UpstreamBroken),
    ],
)
def test_omdbs_failures_with_status_200(text: str | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_title("omdb", {"Response": "False", "Error": text})


async def test_an_api_may_not_send_us_to_another_host(double: UpstreamDouble, tmdb: Tmdb) -> None:
    async with UpstreamDouble() as elsewhere:
        double.add_fault(Fault(kind=FaultKind.REDIRECT_ELSEWHERE, location=f"{elsewhere.base_url}/tmdb/3/movie/1"))
        with pytest.raises(UpstreamBroken, match="not allowed"):
            await tmdb.details(MOVIE)
        assert not elsewhere.calls
