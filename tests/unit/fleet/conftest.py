"""Replicas side by side on a real Redis. The time that Redis counts is real, so lives are short here."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack

import pytest

from openposterdb.clock import SystemClock
from openposterdb.fleet.address import connect
from openposterdb.fleet.link import Link
from openposterdb.fleet.locks import Locks
from openposterdb.fleet.notices import Notices
from tests.servers.redis import RedisServer, running_redis

_numbers = itertools.count()


class Replica:
    """What one process has of Redis."""

    def __init__(self, url: str, prefix: str, patience: float) -> None:
        self.clock = SystemClock()
        self.link = Link(connect(url), self.clock, prefix=prefix, patience=patience)
        self.locks = Locks(self.link, self.clock, life=0.6)
        self.notices = Notices(self.link, self.clock, quiet=0.2)
        self.tasks = [asyncio.ensure_future(self.link.watch()), asyncio.ensure_future(self.notices.watch())]

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.link.close()


async def until_up(link: Link) -> None:
    async with asyncio.timeout(60):
        while not link.up:
            await asyncio.sleep(0.01)


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A server of the test's own, which it may take away."""
    with running_redis() as server:
        yield server


@pytest.fixture
def prefix() -> str:
    return f"test-{next(_numbers)}"


@pytest.fixture
async def replica_of(prefix) -> AsyncIterator[Callable[[str], Replica]]:
    async with AsyncExitStack() as opened:

        def start(url: str, patience: float = 20) -> Replica:
            replica = Replica(url, prefix, patience)
            opened.push_async_callback(replica.close)
            return replica

        yield start


@pytest.fixture
def replica(replica_of, shared_redis) -> Replica:
    return replica_of(shared_redis.url)


@pytest.fixture
def other(replica_of, shared_redis) -> Replica:
    return replica_of(shared_redis.url)
