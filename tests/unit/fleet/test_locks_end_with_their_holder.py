import asyncio

import pytest

from openposterdb.clock import SystemClock
from openposterdb.fleet.link import RedisAway
from openposterdb.fleet.locks import Locks, stop
from tests.manual_clock import ManualClock


async def test_one_holds_it_and_gives_it_back(replica, other):
    lease = await replica.locks.take("a")
    assert await other.locks.take("a") is None
    assert await replica.locks.take("a") is None
    assert await other.locks.take("b") is not None
    assert await replica.locks.release(lease)
    assert await other.locks.take("a") is not None


async def test_tokens_grow_also_after_redis_forgot_everything(replica_of, redis):
    replica = replica_of(redis.url)
    tokens = []
    for _ in range(3):
        lease = await replica.locks.take("a")
        tokens.append(lease.token)
        await replica.locks.release(lease)
    await replica.link.call("flush", lambda client: client.flushall())
    tokens.append((await replica.locks.take("a")).token)
    assert tokens == sorted(set(tokens))


async def test_a_late_holder_takes_nothing_from_the_present_one(replica, other):
    locks = Locks(replica.link, replica.clock, life=0.05)
    late = await locks.take("a")
    present = await until_taken(other.locks, "a")
    assert present.token > late.token
    assert not await locks.release(late)
    assert await locks.take("a") is None
    assert await other.locks.release(present)


async def test_a_lock_that_is_kept_outlives_its_life(replica, other):
    clock = ManualClock()
    locks = Locks(replica.link, clock, life=0.6)
    lease = await locks.take("a")
    keeping = asyncio.ensure_future(locks.keep(lease))
    for _ in range(4):
        await asyncio.sleep(0.25)  # Redis counts real time
        await clock.advance(0.2)
        await until_renewed(replica, locks)
    assert not lease.lost
    assert await other.locks.take("a") is None
    await stop(keeping)
    assert await until_taken(other.locks, "a")


async def until_renewed(replica, locks) -> None:
    async with asyncio.timeout(5):
        while await replica.link.call("pttl", lambda client: client.pttl(locks.key("a"))) < 450:
            await asyncio.sleep(0.005)


async def test_who_loses_a_lock_is_told(replica, other):
    clock = ManualClock()
    locks = Locks(replica.link, clock, life=0.6)
    lease = await locks.take("a")
    keeping = asyncio.ensure_future(locks.keep(lease))
    await clock.advance(0)
    await replica.link.call("del", lambda client: client.delete(locks.key("a")))
    assert await other.locks.take("a")
    await clock.advance(0.2)
    await asyncio.wait_for(keeping, 5)
    assert lease.lost


async def test_what_one_of_all_is_to_do_is_done_once_and_by_each_without_redis(replica_of, redis):
    one, two = replica_of(redis.url), replica_of(redis.url)
    assert sorted([await one.locks.try_once("a"), await two.locks.try_once("a")]) == [False, True]
    redis.stop()
    assert [await one.locks.try_once("a"), await two.locks.try_once("a")] == [True, True]
    with pytest.raises(RedisAway):
        await one.locks.take("a")


async def until_taken(locks: Locks, name: str):
    async with asyncio.timeout(5):
        while (lease := await locks.take(name)) is None:
            await SystemClock().sleep(0.01)
        return lease
