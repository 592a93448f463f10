import asyncio

import pytest

from openposterdb.buckets import Buckets, Rate
from openposterdb.clock import SystemClock
from openposterdb.fleet.limits import FleetBuckets
from tests.manual_clock import ManualClock

RATE = Rate(burst=10, interval=60.0)


def buckets_of(replica, rate: Rate = RATE, clock=None) -> FleetBuckets:
    return FleetBuckets(rate, clock or SystemClock(), link=replica.link, name="images")


def spend(buckets: Buckets, bucket: str, times: int) -> int:
    return sum(buckets.allow(bucket) for _ in range(times))


async def test_what_is_spent_at_one_replica_is_missing_at_the_others(replica, other):
    one, two = buckets_of(replica), buckets_of(other)
    assert spend(one, "a", 7) == 7
    await one.exchange()
    assert spend(two, "a", 1) == 1
    await two.exchange()
    assert two.remaining("a") == 2
    assert spend(two, "a", 5) == 2
    assert spend(two, "b", 10) == 10


async def test_a_refusal_is_told_again_by_whoever_has_no_token(replica, other):
    one, two = buckets_of(replica), buckets_of(other)
    spend(one, "a", 20)
    await one.exchange()
    spend(two, "a", 1)
    await two.exchange()
    assert not two.allow("a")
    assert two.retry_after("a") > 50


async def test_what_both_spend_at_the_same_time_counts_for_both_and_no_debt_grows(replica, other):
    one, two = buckets_of(replica), buckets_of(other)
    assert spend(one, "a", 10) + spend(two, "a", 10) == 20  # the burst, at each of them, until they have spoken
    await asyncio.gather(one.exchange(), two.exchange())
    spend(one, "a", 1)
    await one.exchange()
    assert 9 * 60 < one.wait_until_full("a") <= 600


async def test_tokens_come_back_with_time(replica, other):
    rate = Rate(burst=2, interval=0.05)
    one, two = buckets_of(replica, rate), buckets_of(other, rate)
    assert spend(one, "a", 2) == 2
    await one.exchange()
    two.allow("a")
    await two.exchange()
    async with asyncio.timeout(5):
        while not (one.remaining("a") == 2 and two.remaining("a") == 2):
            await asyncio.sleep(0.01)


async def test_a_token_given_back_is_there_for_all(replica, other):
    one, two = buckets_of(replica), buckets_of(other)
    spend(one, "a", 10)
    await one.exchange()
    one.give_back("a")
    await one.exchange()
    two.allow("a")
    await two.exchange()
    assert two.remaining("a") in {0, 1}
    assert one.remaining("a") == 1


async def test_what_is_spent_while_they_speak_is_not_forgotten(replica):
    buckets = buckets_of(replica)
    spend(buckets, "a", 3)
    speaking = asyncio.ensure_future(buckets.exchange())
    await asyncio.sleep(0)
    spend(buckets, "a", 2)
    await speaking
    assert buckets.remaining("a") == 5
    await buckets.exchange()
    assert buckets.remaining("a") == 5


async def test_without_redis_each_counts_for_itself(replica_of, redis):
    replica = replica_of(redis.url)
    buckets = buckets_of(replica)
    redis.stop()
    assert spend(buckets, "a", 20) == 10
    await buckets.exchange()
    assert spend(buckets, "a", 20) == 0


async def test_nothing_of_it_stays_in_redis(replica):
    buckets = buckets_of(replica, Rate(burst=5, interval=0.01))
    spend(buckets, "a", 5)
    await buckets.exchange()
    async with asyncio.timeout(5):
        while await replica.link.call("keys", lambda client: client.keys(f"{replica.link.prefix}:*")):
            await asyncio.sleep(0.01)


async def test_they_speak_four_times_a_second(replica, other):
    clock = ManualClock()
    one, two = buckets_of(replica, clock=clock), buckets_of(other)
    watching = asyncio.ensure_future(one.watch())
    spend(one, "a", 10)
    await clock.advance(0.25)
    await asyncio.wait_for(clock.somebody_sleeps(), 5)
    two.allow("a")
    await two.exchange()
    assert two.remaining("a") == 0
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
