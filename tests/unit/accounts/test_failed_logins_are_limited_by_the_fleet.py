"""Two replicas on a real Redis: what is tried at one of them counts at the other."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from openposterdb.accounts.attempts import Attempts
from openposterdb.clock import SystemClock
from openposterdb.errors import TooManyRequests
from openposterdb.fleet.opening import open_fleet
from openposterdb.telemetry import Metrics
from tests.servers.redis import running_redis

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def redis():
    with running_redis() as server:
        yield server


@asynccontextmanager
async def replica(redis):
    clock = SystemClock()
    async with open_fleet(redis.url, clock=clock, metrics=Metrics(version="test", renderer="test")) as fleet:
        yield Attempts(clock, fleet)


async def refused(attempts, username="anna", address=ELSEWHERE):
    """Whether one more failure is not even looked at."""
    try:
        await attempts.begin(username, address)
    except TooManyRequests:
        return True
    return False


async def room(attempts):
    """How many attempts there are left, of which none is used up."""
    taken = []
    try:
        while True:
            taken.append(await attempts.begin("anna", ELSEWHERE))
    except TooManyRequests:
        for bucket in taken:
            attempts.give_back(bucket)
    return len(taken)


async def heard(attempts, **attempt):
    """Wait until the replica knows what the others have used up."""
    async with asyncio.timeout(10):
        known = False
        while not known:
            await asyncio.sleep(0.05)
            known = await refused(attempts, **attempt)


async def test_failures_at_one_replica_are_missing_at_the_other(redis):
    async with replica(redis) as one, replica(redis) as two:
        assert [await refused(one) for _ in range(11)] == [False] * 10 + [True]
        spare = 0
        async with asyncio.timeout(10):
            while not await refused(two):
                spare += 1
                await asyncio.sleep(0.3)
        assert spare < 10  # which it would have had alone
        assert not await refused(two, "berta")


async def test_an_address_that_one_replica_knows_is_at_home_at_all(redis):
    async with replica(redis) as one, replica(redis) as two:
        await one.succeed("anna", HOME)
        for _ in range(10):
            await refused(one)
        await heard(two)
        assert await refused(two)
        assert not await refused(two, address=HOME)
        assert await refused(two, address="192.0.2.2")


async def test_those_who_know_the_password_are_limited_at_no_replica(redis):
    async with replica(redis) as one, replica(redis) as two:
        for _ in range(5):
            for each in (one, two):
                bucket = await each.begin("anna", ELSEWHERE)
                await asyncio.sleep(0.3)  # told, before it turns out to be right
                each.give_back(bucket)
        async with asyncio.timeout(20):  # less than a token takes to come back by itself
            left = 0
            while left != 10:
                await asyncio.sleep(0.1)
                left = await room(one)


async def test_without_redis_each_counts_for_itself(redis):
    async with replica(redis) as one, replica(redis) as two:
        await one.succeed("anna", HOME)
        redis.stop()
        for each in (one, two):
            assert [await refused(each) for _ in range(11)] == [False] * 10 + [True]
        assert not await refused(one, address=HOME)


async def test_redis_learns_no_name_and_no_address(redis):
    async with replica(redis) as one:
        await one.succeed("anna", HOME)
        await refused(one)
        await refused(one, address=HOME)
        async with asyncio.timeout(10):
            keys = []
            while len(keys) < 3:
                await asyncio.sleep(0.05)
                keys = [key async for key in one._shared._link.client.scan_iter("*")]
        assert not [key for key in keys if b"anna" in key or HOME.encode() in key]
