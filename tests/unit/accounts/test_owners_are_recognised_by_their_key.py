import asyncio

import pytest

from openposterdb.accounts.keys import FREE_KEY, hash_key, mint, prefix_of
from openposterdb.accounts.registry import KeyOwner, KeyRegistry
from openposterdb.errors import StorageUnavailable, Unauthorized
from openposterdb.storage.changes import DatabaseChangeFeed
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import ApiKeyRepository, SettingsRepository


class CountingKeys(ApiKeyRepository):
    """The real repository, which counts what it is asked and can be told to fail."""

    lookups = 0
    fails = False

    async def find_by_hash(self, key_hash: str):
        self.lookups += 1
        if self.fails:
            raise StorageUnavailable("database: away")
        return await super().find_by_hash(key_hash)


@pytest.fixture
def keys(database, clock):
    return CountingKeys(database, clock)


@pytest.fixture
def registry(keys, settings, clock):
    return KeyRegistry(keys, settings, clock)


async def new_key(keys: ApiKeyRepository) -> tuple[str, int]:
    raw = mint()
    return raw, (await keys.create("k", hash_key(raw), prefix_of(raw))).id


async def refused(registry: KeyRegistry, raw: str) -> bool:
    try:
        await registry.authenticate(raw)
    except Unauthorized:
        return True
    return False


async def test_a_key_is_its_owners(registry, keys):
    raw, key_id = await new_key(keys)
    assert await registry.authenticate(raw) == KeyOwner(key_id)


@pytest.mark.parametrize("around", [" {} ", "{}\n", "\t{}", "\u00a0{}"])
async def test_spaces_around_a_pasted_key_are_forgiven(registry, keys, around):
    raw, key_id = await new_key(keys)
    assert await registry.authenticate(around.format(raw)) == KeyOwner(key_id)


async def test_keys_of_other_forms_stay_valid_once_stored(registry, keys):
    await keys.create("imported", hash_key("ab" * 32), "abababab")
    await registry.authenticate("ab" * 32)


@pytest.mark.parametrize("raw", ["", "   ", "unknown", "default", "\ud800", "x" * 100_000, "' OR 1=1 --"])
async def test_everything_else_is_refused(registry, raw):
    assert await refused(registry, raw)


async def test_absurdly_long_keys_are_not_even_looked_up(registry, keys):
    await refused(registry, "x" * 257)
    assert keys.lookups == 0


async def test_a_refusal_does_not_repeat_the_key(registry):
    with pytest.raises(Unauthorized) as raised:
        await registry.authenticate("t3-secret")
    assert str(raised.value) == "Unauthorized"


async def test_known_and_unknown_keys_are_looked_up_once_in_five_minutes(registry, keys, clock):
    raw, _ = await new_key(keys)
    for _ in range(3):
        await registry.authenticate(raw)
        assert await refused(registry, "unknown")
    assert keys.lookups == 2
    clock.tick(300)
    await registry.authenticate(raw)
    assert keys.lookups == 3


async def test_requests_at_the_same_time_share_one_look_up(registry, keys):
    raw, key_id = await new_key(keys)
    owners = await asyncio.gather(*(registry.authenticate(raw) for _ in range(50)))
    assert set(owners) == {KeyOwner(key_id)}
    assert keys.lookups == 1


async def test_a_fault_of_the_database_refuses_nobody_for_longer_than_it_lasts(registry, keys):
    raw, _ = await new_key(keys)
    keys.fails = True
    with pytest.raises(StorageUnavailable):
        await registry.authenticate(raw)
    keys.fails = False
    await registry.authenticate(raw)


async def test_what_is_forgotten_is_looked_up_again(registry, keys):
    raw, key_id = await new_key(keys)
    await registry.authenticate(raw)
    await keys.revoke(key_id)
    registry.forget()
    assert await refused(registry, raw)


async def test_a_key_made_while_it_is_looked_up_is_not_remembered_as_unknown(registry, keys, monkeypatch):
    raw, read, made = mint(), asyncio.Event(), asyncio.Event()
    find = keys.find_by_hash

    async def slow_find(key_hash):
        found = await find(key_hash)
        read.set()
        await made.wait()
        return found

    monkeypatch.setattr(keys, "find_by_hash", slow_find)
    early = asyncio.create_task(refused(registry, raw))
    await read.wait()
    await keys.create("k", hash_key(raw), prefix_of(raw))
    registry.forget()
    made.set()
    assert await early
    await registry.authenticate(raw)


async def test_keys_made_and_revoked_by_another_process_are_noticed_at_its_next_poll(registry, database, clock, url):
    feed = DatabaseChangeFeed(database, clock)
    feed.subscribe("keys", registry.forget)
    elsewhere = await Database.open(url)
    other_keys, raw = ApiKeyRepository(elsewhere, clock), mint()
    await feed.poll()
    assert await refused(registry, raw)

    made = await other_keys.create("k", hash_key(raw), prefix_of(raw))
    await feed.poll()
    await registry.authenticate(raw)

    await other_keys.revoke(made.id)
    await feed.poll()
    assert await refused(registry, raw)
    await elsewhere.close()


async def test_the_free_key_is_off_until_it_is_switched_on(registry, settings, clock):
    assert await refused(registry, FREE_KEY)
    await settings.save_global({}, free_key=True)
    clock.tick(60)
    owner = await registry.authenticate(f" {FREE_KEY}")
    assert owner == KeyOwner(None)


async def test_the_switch_is_noticed_at_once_when_it_is_told(registry, settings):
    assert await refused(registry, FREE_KEY)
    await settings.save_global({}, free_key=True)
    registry.forget()
    assert not await refused(registry, FREE_KEY)


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("forced", [True, False])
async def test_the_environments_switch_wins(keys, settings, clock, stored, forced):
    await settings.save_global({}, free_key=stored)
    registry = KeyRegistry(keys, settings, clock, free_key_enabled=forced)
    assert await registry.free_key_enabled() is forced
    assert await refused(registry, FREE_KEY) is not forced


async def test_the_free_key_is_never_a_stored_one(registry, keys):
    await keys.create("sly", hash_key(FREE_KEY), prefix_of(FREE_KEY))
    assert await refused(registry, FREE_KEY)


async def test_the_switch_is_asked_of_the_database_once_a_minute(keys, database, clock):
    class CountingSettings(SettingsRepository):
        asked = 0

        async def free_key_enabled(self) -> bool:
            self.asked += 1
            return await super().free_key_enabled()

    settings = CountingSettings(database)
    registry = KeyRegistry(keys, settings, clock)
    for _ in range(5):
        await refused(registry, FREE_KEY)
    assert settings.asked == 1


async def test_a_key_is_refused_from_the_moment_that_it_expires_also_when_it_is_known(registry, keys, clock):
    raw = mint()
    made = await keys.create("k", hash_key(raw), prefix_of(raw), expires_at=clock.now() + 60)
    owner = await registry.authenticate(raw)
    assert owner == KeyOwner(made.id, expires_at=clock.now() + 60)
    clock.tick(59.9)
    await registry.authenticate(raw)
    clock.tick(0.1)
    assert await refused(registry, raw)
    assert keys.lookups == 1


async def test_a_key_may_be_given_more_time(registry, keys, clock):
    raw = mint()
    made = await keys.create("k", hash_key(raw), prefix_of(raw), expires_at=clock.now() - 1)
    assert await refused(registry, raw)
    for until in (clock.now() + 10, None):
        await keys.set_expiry(made.id, until)
        registry.forget()
        assert await registry.authenticate(raw) == KeyOwner(made.id, until)
