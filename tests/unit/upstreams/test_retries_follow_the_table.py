import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Fault, FaultKind, Service
from openposterdb.errors import UpstreamBroken, UpstreamUnavailable
from openposterdb.upstreams import policy
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.policy import Budgets, RetryPolicy, parse_retry_after
from openposterdb.upstreams.transport import Question
from tests.manual_clock import GlidingClock


@pytest.mark.parametrize(
    ("table", "waits"),
    [
        (policy.TMDB_API, [0.5, 1]),
        (policy.TMDB_IMAGES, [1, 2]),
        (policy.FANART, [1, 2, 4]),
        (policy.OMDB, [2]),
        (policy.MDBLIST, [2]),
    ],
)
def test_waits_double_up_to_the_largest(table: RetryPolicy, waits: list[float]) -> None:
    assert [table.delay(retry, None, 0.0) for retry in range(table.retries)] == waits
    assert table.delay(table.retries, None, 0.0) is None


@given(
    retry=st.integers(0, 5000),
    retry_after=st.none() | st.integers(0, 10**9),
    jitter=st.floats(0, 1),
    first=st.floats(0.01, 5),
)
def test_no_wait_exceeds_the_largest_by_more_than_a_quarter(
    retry: int, retry_after: int | None, jitter: float, first: float
) -> None:
    delay = RetryPolicy(retries=5000, first_delay=first, largest_delay=8).delay(retry, retry_after, jitter)
    assert delay is None or 0 <= delay <= 8 * 1.25


def test_retry_after_counts_up_to_the_largest_delay() -> None:
    assert policy.TMDB_API.delay(0, 3, 0.0) == 3
    assert policy.TMDB_API.delay(0, 600, 1.0) == 5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7),
        (" 7 ", 7),
        ("-1", None),
        ("1.5", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("٣", None),
    ],
)
def test_only_whole_seconds_of_retry_after_count(header: str | None, seconds: int | None) -> None:
    assert parse_retry_after(header) == seconds


def test_budgets_leave_time_for_the_rest_of_the_job() -> None:
    budgets = Budgets.within(25)
    assert budgets.fanart + budgets.tmdb_images < 25
    assert budgets.fanart + budgets.fanart_images < 25
    assert budgets.ratings < 25


def _caller(wire: Wire, budget: float = 60) -> Caller:
    return Caller("tmdb", wire, policy.TMDB_API, budget=budget)


def _question(double: UpstreamDouble) -> Question:
    return Question(
        f"{double.environment()['TMDB_API_BASE_URL']}/configuration", "configuration", {"api_key": "demo-tmdb-key"}
    )


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_transient_answer_is_asked_again(
    double: UpstreamDouble, wire: Wire, clock: GlidingClock, status: int
) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, status=status, times=2))
    assert (await _caller(wire).ask(_question(double))).status == 200
    assert double.count(Service.TMDB) == 3
    assert clock.slept == [0.5, 1]


async def test_a_broken_connection_is_asked_again(double: UpstreamDouble, wire: Wire) -> None:
    double.add_fault(Fault(kind=FaultKind.RESET, times=1))
    double.add_fault(Fault(kind=FaultKind.SHORT_BODY, times=1))
    assert (await _caller(wire).ask(_question(double))).status == 200


@pytest.mark.parametrize("status", [400, 401, 404, 422])
async def test_a_final_answer_is_not_asked_again(double: UpstreamDouble, wire: Wire, status: int) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, status=status))
    assert (await _caller(wire).ask(_question(double))).status == status
    assert double.count(Service.TMDB) == 1


async def test_the_last_answer_stands(double: UpstreamDouble, wire: Wire) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500))
    with pytest.raises(UpstreamBroken, match="500"):
        await _caller(wire).ask(_question(double))
    assert double.count(Service.TMDB) == 3


async def test_throttling_tells_when_to_come_back(double: UpstreamDouble, wire: Wire, clock: GlidingClock) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, status=429, retry_after="30"))
    with pytest.raises(UpstreamUnavailable) as caught:
        await _caller(wire).ask(_question(double))
    assert caught.value.retry_after == 30
    assert clock.slept == [], "to ask earlier than it wants would not help"


async def test_no_wait_goes_beyond_the_budget(double: UpstreamDouble, wire: Wire, clock: GlidingClock) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500))
    with pytest.raises(UpstreamBroken):
        await _caller(wire, budget=1.4).ask(_question(double))
    assert clock.slept == [0.5]


async def test_every_attempt_is_observed(double: UpstreamDouble, wire: Wire, observed: list[tuple[str, str]]) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, status=429, times=1))
    double.add_fault(Fault(kind=FaultKind.RESET, times=1))
    await _caller(wire).ask(_question(double))
    assert observed == [("tmdb", "throttled"), ("tmdb", "unreachable"), ("tmdb", "ok")]
