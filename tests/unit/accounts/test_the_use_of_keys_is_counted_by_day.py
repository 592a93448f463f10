import asyncio
import sqlite3

import pytest

from openposterdb.accounts.last_used import LastUsed
from openposterdb.accounts.registry import KeyOwner
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.repositories import KeyUsageRepository
from openposterdb.storage.rows import DayUse, UseTotals

# the clock starts on 2023-11-14 at 22:13:20
UNTIL_MIDNIGHT = 6400
TODAY, TOMORROW = "2023-11-14", "2023-11-15"


@pytest.fixture
def usage(database):
    return KeyUsageRepository(database)


@pytest.fixture
def last_used(usage, clock):
    return LastUsed(usage, clock)


@pytest.fixture
async def owner(keys):
    return KeyOwner((await keys.create("k", "a" * 64, "t3-12345")).id)


def note(last_used, owner, times):
    for _ in range(times):
        last_used.note(owner)


async def test_every_request_counts(last_used, usage, owner):
    note(last_used, owner, 300)
    await last_used.flush()
    note(last_used, owner, 41)
    await last_used.flush()
    assert await usage.by_day(owner.id, TODAY) == (DayUse(TODAY, 341),)


async def test_a_day_ends_at_midnight(last_used, usage, owner, clock):
    running = asyncio.create_task(last_used.run())
    await clock.advance(UNTIL_MIDNIGHT - 10)
    await asyncio.wait_for(clock.somebody_sleeps(), 5)
    note(last_used, owner, 3)
    await clock.advance(10)
    await asyncio.wait_for(clock.somebody_sleeps(), 5)
    note(last_used, owner, 4)
    await last_used.flush()
    assert await usage.by_day(owner.id, TODAY) == (DayUse(TODAY, 3), DayUse(TOMORROW, 4))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.sqlite
async def test_nothing_is_lost_or_counted_twice_while_the_database_is_away(last_used, usage, owner, database, clock):
    blocker = sqlite3.connect(database.engine.url.database, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    for _ in range(2):
        note(last_used, owner, 5)
        await last_used.flush()
    clock.tick(UNTIL_MIDNIGHT)
    note(last_used, owner, 2)  # of a batch that began before midnight
    await last_used.flush()
    note(last_used, owner, 7)
    blocker.execute("ROLLBACK")
    blocker.close()
    await last_used.flush()
    assert await usage.by_day(owner.id, TODAY) == (DayUse(TODAY, 12), DayUse(TOMORROW, 7))


async def test_a_write_that_is_broken_off_is_neither_lost_nor_repeated(last_used, usage, owner):
    for _ in range(20):
        note(last_used, owner, 1)
        writing = asyncio.create_task(last_used.flush())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    await last_used.flush()
    assert await usage.by_day(owner.id, TODAY) == (DayUse(TODAY, 20),)


async def test_what_goes_wrong_does_not_end_the_writing(last_used, usage, owner, monkeypatch, clock):
    async def failing(uses, at):
        raise StorageUnavailable("database: away")

    running = asyncio.create_task(last_used.run())
    note(last_used, owner, 1)
    with monkeypatch.context() as patched:
        patched.setattr(usage, "add", failing)
        await clock.advance(60)
        await asyncio.wait_for(clock.somebody_sleeps(), 5)
    await clock.advance(60)
    await asyncio.wait_for(clock.somebody_sleeps(), 5)
    assert await usage.by_day(owner.id, TODAY) == (DayUse(TODAY, 1),)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_two_processes_count_together(usage, owner, clock):
    replicas = [LastUsed(usage, clock) for _ in range(2)]
    for _ in range(10):
        for replica in replicas:
            replica.note(owner)
        await asyncio.gather(*(replica.flush() for replica in replicas))
    assert await usage.by_day(owner.id, TODAY) == (DayUse(TODAY, 20),)


async def test_a_key_that_is_gone_takes_its_days_along(usage, owner, keys):
    await usage.add({(owner.id, TODAY): 5, (99, TODAY): 1}, 0)
    assert await usage.by_day(owner.id, TODAY) == (DayUse(TODAY, 5),)
    await keys.revoke(owner.id)
    assert await usage.by_day_of(TODAY) == {}
    await usage.add({(owner.id, TODAY): 5}, 0)
    assert await usage.by_day_of(TODAY) == {}


async def test_many_keys_are_written_and_read_at_once(usage, keys, clock):
    ids = [(await keys.create("k", f"{number:064}", "t3-12345")).id for number in range(105)]
    await usage.add({(key_id, day): key_id for key_id in ids for day in (TODAY, TOMORROW)}, clock.now())
    everything = await usage.by_day_of(TODAY)
    assert everything == {key_id: (DayUse(TODAY, key_id), DayUse(TOMORROW, key_id)) for key_id in ids}
    assert await usage.by_day_of(TODAY, ids) == everything
    assert await usage.by_day_of(TOMORROW, [ids[3], 999]) == {ids[3]: (DayUse(TOMORROW, ids[3]),)}
    assert all(key.last_used_at == "2023-11-14 22:13:20" for key in await keys.list())
    await usage.add({}, clock.now())


async def test_totals_are_of_today_and_of_this_month(usage, owner, clock):
    days = {"2023-10-31": 1, "2023-11-01": 10, "2023-11-13": 100, TODAY: 1000}
    await usage.add({(owner.id, day): requests for day, requests in days.items()}, clock.now())
    assert await usage.totals(clock.now()) == {owner.id: UseTotals(today=1000, month=1110)}
    assert await usage.totals(clock.now(), [owner.id]) == {owner.id: UseTotals(1000, 1110)}
    assert await usage.totals(clock.now(), [99]) == {}
    clock.tick(86_400)
    assert await usage.totals(clock.now()) == {owner.id: UseTotals(today=0, month=1110)}


async def test_days_of_long_ago_are_pruned(usage, owner):
    await usage.add({(owner.id, "2022-10-10"): 1, (owner.id, "2022-10-11"): 2}, 0)
    assert await usage.prune("2022-10-11") == 1
    assert await usage.by_day(owner.id, "2000-01-01") == (DayUse("2022-10-11", 2),)
