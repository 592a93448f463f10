import asyncio
import sqlite3

import pytest

from openposterdb.accounts.last_used import LastUsed
from openposterdb.accounts.registry import KeyOwner
from openposterdb.storage.repositories import ApiKeyRepository, KeyUsageRepository
from openposterdb.storage.rows import timestamp


class Counting(KeyUsageRepository):
    writes = 0

    async def add(self, uses, at):
        self.writes += 1
        await super().add(uses, at)


@pytest.fixture
def usage(database):
    return Counting(database)


@pytest.fixture
def last_used(usage, clock):
    return LastUsed(usage, clock)


async def new_owner(keys: ApiKeyRepository, number: int = 0) -> KeyOwner:
    return KeyOwner((await keys.create("k", f"{number:064}", "t3-12345")).id)


async def used_at(keys: ApiKeyRepository, owner: KeyOwner) -> str | None:
    assert owner.id is not None
    key = await keys.get(owner.id)
    assert key is not None
    return key.last_used_at


async def test_a_use_is_written_with_the_time_of_the_write(last_used, keys, clock):
    owner = await new_owner(keys)
    last_used.note(owner)
    assert await used_at(keys, owner) is None
    clock.tick(30)
    await last_used.flush()
    assert await used_at(keys, owner) == timestamp(clock.now())


async def test_many_uses_are_one_write(last_used, keys, usage):
    owner = await new_owner(keys)
    for _ in range(1000):
        last_used.note(owner)
    await last_used.flush()
    await last_used.flush()
    assert usage.writes == 1


async def test_the_free_keys_use_is_not_tracked(last_used, usage):
    last_used.note(KeyOwner(None))
    await last_used.flush()
    assert usage.writes == 0


async def test_uses_are_written_every_minute(last_used, keys, usage, clock):
    owner = await new_owner(keys)
    running = asyncio.create_task(last_used.run())
    last_used.note(owner)
    await clock.advance(59)
    assert usage.writes == 0
    await clock.advance(1)
    await asyncio.wait_for(clock.somebody_sleeps(), 5)
    assert await used_at(keys, owner) is not None
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.sqlite
async def test_uses_that_cannot_be_written_are_kept_for_the_next_time(last_used, keys, database):
    first, second = await new_owner(keys, 1), await new_owner(keys, 2)
    blocker = sqlite3.connect(database.engine.url.database, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    last_used.note(first)
    await last_used.flush()
    last_used.note(second)
    blocker.execute("ROLLBACK")
    blocker.close()
    await last_used.flush()
    assert await used_at(keys, first) is not None
    assert await used_at(keys, second) is not None


async def test_a_write_that_is_cancelled_loses_no_use(last_used, keys):
    owner = await new_owner(keys)
    last_used.note(owner)
    writing = asyncio.create_task(last_used.flush())
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await last_used.flush()
    assert await used_at(keys, owner) is not None


async def test_a_key_revoked_meanwhile_is_no_obstacle(last_used, keys):
    gone, stays = await new_owner(keys, 1), await new_owner(keys, 2)
    last_used.note(gone)
    last_used.note(stays)
    assert gone.id is not None
    await keys.revoke(gone.id)
    await last_used.flush()
    assert await used_at(keys, stays) is not None
