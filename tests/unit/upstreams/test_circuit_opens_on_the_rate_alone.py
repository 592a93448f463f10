import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Fault, FaultKind, Service
from openposterdb.errors import UpstreamBroken, UpstreamUnavailable
from openposterdb.upstreams.breaker import Breaker, Permit
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.policy import RetryPolicy
from openposterdb.upstreams.transport import Question
from tests.manual_clock import GlidingClock

CALL = Permit(probe=False)
NO_RETRIES = RetryPolicy(retries=0, first_delay=1, largest_delay=1)


def _fail(breaker: Breaker, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        breaker.record(CALL, f"movie/{number}", ok=False)


def test_a_dozen_broken_titles_in_a_row_do_not_open_it(clock: GlidingClock) -> None:
    breaker = Breaker(clock)
    _fail(breaker, 12)
    assert breaker.admit() == CALL


def test_one_broken_title_asked_for_all_the_time_does_not_open_it(clock: GlidingClock) -> None:
    breaker = Breaker(clock)
    for _ in range(10_000):
        breaker.record(CALL, "movie/1", ok=False)
    assert not breaker.is_open


def test_failing_for_everybody_opens_it(clock: GlidingClock) -> None:
    breaker = Breaker(clock)
    _fail(breaker, 20)
    wait = breaker.admit()
    assert isinstance(wait, float)
    assert 0 < wait <= 5


def test_a_minority_of_failures_does_not_open_it(clock: GlidingClock) -> None:
    breaker = Breaker(clock)
    for number in range(200):
        breaker.record(CALL, f"movie/{number}", ok=number % 3 != 0)
    assert not breaker.is_open


def test_old_failures_are_forgotten(clock: GlidingClock) -> None:
    breaker = Breaker(clock)
    _fail(breaker, 19)
    clock.tick(31)
    _fail(breaker, 19, start=100)
    assert not breaker.is_open


def test_one_probe_at_a_time_goes_through_and_closes_it(clock: GlidingClock) -> None:
    breaker = Breaker(clock)
    _fail(breaker, 20)
    clock.tick(3)
    probe = breaker.admit()
    assert probe == Permit(probe=True)
    assert isinstance(breaker.admit(), float)
    breaker.record(probe, "movie/1", ok=True)
    assert breaker.admit() == CALL
    _fail(breaker, 12)  # the past is forgotten with it
    assert not breaker.is_open


def test_a_failed_or_lost_probe_is_followed_by_another(clock: GlidingClock) -> None:
    breaker = Breaker(clock)
    _fail(breaker, 20)
    clock.tick(3)
    probe = breaker.admit()
    assert isinstance(probe, Permit)
    breaker.record(probe, "movie/1", ok=False)
    assert isinstance(breaker.admit(), float)
    clock.tick(3)
    assert breaker.admit() == Permit(probe=True)  # and this one never comes back
    clock.tick(3)
    assert breaker.admit() == Permit(probe=True)


def test_calls_from_before_it_opened_do_not_close_it(clock: GlidingClock) -> None:
    breaker = Breaker(clock)
    _fail(breaker, 20)
    breaker.record(CALL, "movie/1", ok=True)
    assert breaker.is_open


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.floats(0, 5)), max_size=200))
def test_it_never_opens_without_twenty_failing_resources(calls: list[tuple[int, bool, float]]) -> None:
    clock = GlidingClock()
    breaker = Breaker(clock)
    failing: set[int] = set()
    for resource, ok, pause in calls:
        clock.tick(pause)
        breaker.record(CALL, str(resource), ok=ok)
        if not ok:
            failing.add(resource)
        if breaker.is_open:
            assert len(failing) >= 20
            return


async def test_an_open_circuit_spares_the_upstream_and_heals_within_seconds(
    double: UpstreamDouble, wire: Wire, clock: GlidingClock
) -> None:
    caller = Caller("tmdb", wire, NO_RETRIES, budget=5)

    async def ask(number: int) -> int:
        url = f"{double.environment()['TMDB_API_BASE_URL']}/movie/{number}"
        return (await caller.ask(Question(url, f"movie/{number}", {"api_key": "demo-tmdb-key"}))).status

    double.add_fault(Fault(kind=FaultKind.STATUS, status=500))
    for number in range(20):
        with pytest.raises(UpstreamBroken):
            await ask(number)
    with pytest.raises(UpstreamUnavailable) as caught:
        await ask(99)
    assert caught.value.retry_after <= 5
    assert double.count(Service.TMDB) == 20
    double.clear_faults()
    clock.tick(3)
    assert await ask(9000101) == 200
    assert await ask(9000102) == 200


async def test_titles_that_do_not_exist_count_as_answers(double: UpstreamDouble, wire: Wire) -> None:
    caller = Caller("tmdb", wire, NO_RETRIES, budget=5)
    for number in range(30):
        url = f"{double.environment()['TMDB_API_BASE_URL']}/movie/{number}"
        assert (await caller.ask(Question(url, str(number), {"api_key": "demo-tmdb-key"}))).status == 404
