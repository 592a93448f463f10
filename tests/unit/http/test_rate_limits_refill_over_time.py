import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.buckets import Buckets, Rate
from openposterdb.http.limits import AUTH, IMAGE, Group, Limits, by_client, by_key
from tests.manual_clock import ManualClock


@given(
    st.integers(1, 6),
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4)), max_size=40),
)
def test_buckets_behave_like_tokens_that_are_counted(burst, steps):
    clock = ManualClock()
    buckets = Buckets(Rate(burst, 4.0), clock)
    quarters = burst * 4  # tokens of the model in quarters, one per second
    for wait, requests in steps:
        clock.tick(wait)
        quarters = min(burst * 4, quarters + wait)
        for _ in range(requests):
            allowed = quarters >= 4
            assert buckets.remaining("b") == quarters // 4
            assert buckets.allow("b") is allowed
            if allowed:
                quarters -= 4
            else:
                assert buckets.retry_after("b") == max(1, 4 - quarters)


def test_the_image_group_allows_a_burst_and_then_five_a_second():
    clock = ManualClock()
    buckets = Buckets(IMAGE, clock)
    assert [buckets.allow("b") for _ in range(241)] == [True] * 240 + [False]
    clock.tick(1.001)
    assert [buckets.allow("b") for _ in range(6)] == [True] * 5 + [False]
    assert buckets.allow("another")


def test_buckets_stay_bounded_and_full_ones_are_forgotten_first():
    clock = ManualClock()
    buckets = Buckets(Rate(2, 100.0), clock, max_buckets=8)
    for number in range(7):
        buckets.allow(f"old {number}")
    clock.tick(150)
    buckets.allow("busy")
    buckets.allow("busy")
    buckets.allow("new")
    assert len(buckets) <= 8
    assert not buckets.allow("busy"), "a bucket in use was forgotten while full ones were there"
    for number in range(1000):
        buckets.allow(f"flood {number}")
        assert len(buckets) <= 8


@pytest.mark.parametrize("rate", [Rate(0, 1.0), Rate(1, 0.0)])
def test_a_rate_without_sense_is_refused(rate):
    with pytest.raises(ValueError, match="burst"):
        Buckets(rate, ManualClock())


def test_buckets_are_those_of_the_key_and_the_client():
    buckets = Buckets(IMAGE, ManualClock())
    keyed, of_clients = Group(buckets, by_key), Group(buckets, by_client)
    assert keyed.bucket("/0123456789abcdefXYZ/imdb/x/y", "192.0.2.1") == "0123456789abcdef 192.0.2.1"
    assert keyed.bucket("/k/isValid", "2001:db8::1") == keyed.bucket("/k/isValid", "2001:db8::2")
    assert of_clients.bucket("/k/isValid", "192.0.2.1") == "192.0.2.1"


def test_groups_are_independent_and_unlisted_routes_unlimited():
    clock = ManualClock()
    one, two = Group(Buckets(Rate(1, 1.0), clock)), Group(Buckets(Rate(1, 1.0), clock), by_client, announced=True)
    limits = Limits({"/:key/a": one, "/:key/b": two})
    assert limits.spend("/other", "/other", "1.1.1.1") is None
    assert limits.spend("/:key/a", "/k/a", "1.1.1.1").allowed
    assert not limits.spend("/:key/a", "/k/a", "1.1.1.1").allowed
    assert limits.spend("/:key/a", "/k2/a", "1.1.1.1").allowed
    spent = limits.spend("/:key/b", "/k/b", "1.1.1.1")
    assert spent.headers() == [("x-ratelimit-limit", "1"), ("x-ratelimit-remaining", "0")]


def test_logins_wait_at_most_80_seconds():
    buckets = Buckets(AUTH, ManualClock())
    for _ in range(30):
        buckets.allow("b")
    assert 1 <= buckets.retry_after("b") <= 80


def test_spaces_around_a_key_make_it_no_other_client():
    spellings = {by_key(f"/{space}t3-key/isValid") for space in ("", " ", "  ", "\t", "\u00a0", "\n")}
    assert len(spellings) == 1


@given(st.lists(st.booleans(), max_size=30))
def test_a_token_that_is_given_back_was_never_taken(steps):
    clock = ManualClock()
    plain, returning = Buckets(Rate(5, 4.0), clock), Buckets(Rate(5, 4.0), clock)
    for kept in steps:
        clock.tick(1)
        if kept:
            assert returning.allow("b") is plain.allow("b")
        elif returning.allow("b"):
            returning.give_back("b")
        assert returning.remaining("b") == plain.remaining("b")
    returning.give_back("unknown")
    assert returning.remaining("unknown") == 5
