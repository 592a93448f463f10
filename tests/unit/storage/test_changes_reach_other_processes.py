import asyncio
import contextlib

import pytest

from openposterdb.domain import TitleId
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.changes import DatabaseChangeFeed, announce
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import AliasRepository, ApiKeyRepository, KeyUsageRepository, SettingsRepository


class Heard:
    def __init__(self, feed: DatabaseChangeFeed) -> None:
        self.topics: list[str] = []
        feed.subscribe("keys", lambda: self.topics.append("keys"))
        feed.subscribe("settings", lambda: self.topics.append("settings"))

    def take(self) -> list[str]:
        topics, self.topics = self.topics, []
        return topics


@pytest.fixture
def feed(database, clock):
    return DatabaseChangeFeed(database, clock)


@pytest.fixture
def heard(feed):
    return Heard(feed)


@pytest.fixture
async def elsewhere(url):
    """The database as another process has it open."""
    database = await Database.open(url)
    yield database
    await database.close()


async def test_each_kind_of_change_is_told_once(feed, heard, elsewhere, clock):
    keys, settings = ApiKeyRepository(elsewhere, clock), SettingsRepository(elsewhere)
    await feed.poll()
    assert heard.take() == []
    key = await keys.create("k", "a" * 64, "t3-12345")
    await feed.poll()
    assert heard.take() == ["keys"]
    await feed.poll()
    assert heard.take() == []
    for change in (settings.save_global({}), settings.save_key(key.id, {}), settings.reset_key(key.id)):
        await change
        await feed.poll()
        assert heard.take() == ["settings"]
    for change in (keys.rename(key.id, "n"), keys.set_expiry(key.id, 1), keys.revoke(key.id)):
        await change
        await feed.poll()
        assert heard.take() == ["keys"]


async def test_what_concerns_nobody_is_not_told(feed, heard, elsewhere, clock):
    key = await ApiKeyRepository(elsewhere, clock).create("k", "c" * 64, "t3-12345")
    await feed.poll()
    heard.take()
    await ApiKeyRepository(elsewhere, clock).revoke(99)
    await SettingsRepository(elsewhere).reset_key(99)
    await KeyUsageRepository(elsewhere).add({(key.id, "2026-11-22"): 1}, 0)
    await AliasRepository(elsewhere).put_many(["imdb/tt1"], TitleId("movie", 1), 1)
    await feed.poll()
    assert heard.take() == []


async def test_a_change_that_was_rolled_back_is_not_told(feed, heard, elsewhere):
    with contextlib.suppress(RuntimeError):
        async with elsewhere.writing() as connection:
            await announce(connection, "keys")
            raise RuntimeError
    await feed.poll()
    assert heard.take() == []


async def test_a_change_before_the_first_poll_is_not_missed(feed, heard, elsewhere, clock):
    await ApiKeyRepository(elsewhere, clock).create("k", "a" * 64, "t3-12345")
    await feed.poll()
    assert heard.take() == ["keys"]


async def test_changes_are_told_within_a_second_and_after_a_fault(clock, url, elsewhere):
    """The watch goes on while the database does not answer, and then tells what it missed."""
    fails = False

    class Faulty(Database):
        def reading(self):
            if fails:
                raise StorageUnavailable("database: away")
            return super().reading()

    database = await Faulty.open(url)
    feed = DatabaseChangeFeed(database, clock)
    heard, told = Heard(feed), asyncio.Event()
    feed.subscribe("keys", told.set)
    watching = asyncio.create_task(feed.watch())
    await asyncio.wait_for(clock.somebody_sleeps(), 5)
    fails = True
    await ApiKeyRepository(elsewhere, clock).create("k", "a" * 64, "t3-12345")
    await advance_until_asleep(clock)
    assert heard.take() == []
    fails = False
    await advance_until_asleep(clock)
    await asyncio.wait_for(told.wait(), 5)
    assert heard.take() == ["keys"]
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
    await database.close()


async def advance_until_asleep(clock) -> None:
    """Let the watch come to its sleep, and that second pass."""
    await asyncio.wait_for(clock.somebody_sleeps(), 5)
    await clock.advance(1)
