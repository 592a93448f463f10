import asyncio
import contextlib

import pytest

from openposterdb.fleet.changes import FleetChangeFeed
from openposterdb.storage.changes import DatabaseChangeFeed, announce
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import SettingsRepository
from tests.manual_clock import ManualClock


class Listener:
    """A replica that hears of settings, with a clock that only the test moves: what it hears at once came by message."""

    def __init__(self, replica, database: Database) -> None:
        self.clock = ManualClock()
        self.replica = replica
        self.database = database
        self.heard = asyncio.Event()
        feed = DatabaseChangeFeed(database, self.clock)
        self.feed = FleetChangeFeed(feed, database, notices=replica.notices, clock=self.clock)
        self.feed.subscribe("settings", self.heard.set)
        self.task = asyncio.ensure_future(self.feed.watch())

    async def ready(self) -> None:
        await asyncio.wait_for(self.replica.notices.connected.wait(), 5)
        await asyncio.sleep(0.1)
        self.heard.clear()

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.database.close()


@pytest.fixture
async def listeners(sqlite_url, replica_of, redis):
    opened = [Listener(replica_of(redis.url), await Database.open(sqlite_url)) for _ in range(2)]
    for listener in opened:
        await listener.ready()
    yield opened
    for listener in opened:
        await listener.close()


async def test_a_change_reaches_the_others_and_its_own_process_by_message(listeners):
    one, two = listeners
    await SettingsRepository(one.database).save_global({"fanart_lang": "de"})
    await asyncio.wait_for(two.heard.wait(), 5)
    await asyncio.wait_for(one.heard.wait(), 5)


async def test_what_was_rolled_back_or_concerns_nobody_is_not_told(listeners):
    one, two = listeners
    told = []
    one.database.subscribe_announcements(lambda: told.append(1))
    with contextlib.suppress(RuntimeError):
        async with one.database.writing() as connection:
            await announce(connection, "settings")
            raise RuntimeError
    async with one.database.writing():
        pass
    assert told == []
    assert not two.heard.is_set()


async def test_without_redis_the_database_is_asked(listeners, redis):
    one, two = listeners
    redis.stop()
    async with asyncio.timeout(5):
        while two.replica.notices.connected.is_set():
            await asyncio.sleep(0.01)
    await SettingsRepository(one.database).save_global({"fanart_lang": "de"})
    async with asyncio.timeout(10):
        while not two.heard.is_set():
            await two.clock.advance(1)
            await asyncio.sleep(0.01)


async def test_what_was_missed_is_read_when_messages_arrive_again(listeners, redis):
    one, two = listeners
    redis.stop()
    await SettingsRepository(one.database).save_global({"fanart_lang": "de"})
    redis.start()
    await asyncio.wait_for(two.heard.wait(), 10)
