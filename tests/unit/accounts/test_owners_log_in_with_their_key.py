import asyncio

import pytest

from openposterdb.accounts.keys import FREE_KEY, hash_key, mint, prefix_of
from openposterdb.accounts.owners import KeySessions
from openposterdb.errors import StorageUnavailable, Unauthorized
from openposterdb.storage.changes import DatabaseChangeFeed
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import ApiKeyRepository


class CountingKeys(ApiKeyRepository):
    lookups = 0
    fails = False

    async def get(self, key_id):
        self.lookups += 1
        if self.fails:
            raise StorageUnavailable("database: away")
        return await super().get(key_id)


@pytest.fixture
def keys(database, clock):
    return CountingKeys(database, clock)


@pytest.fixture
def sessions(keys, tokens, clock):
    return KeySessions(keys, tokens, clock)


@pytest.fixture
async def raw(keys):
    raw = mint()
    await keys.create("living room", hash_key(raw), prefix_of(raw))
    return raw


async def refused(awaitable):
    try:
        await awaitable
    except Unauthorized:
        return True
    return False


@pytest.mark.parametrize("around", ["{}", " {}", "{}\n", "\t{} "])
async def test_a_key_opens_a_session_of_its_own(sessions, raw, around):
    session = await sessions.login(around.format(raw))
    assert session.key.name == "living room"
    assert await sessions.authenticate(session.token) == session.key
    assert session.token not in repr(session)


@pytest.mark.parametrize("text", ["", " ", "t3-unknown", FREE_KEY, f" {FREE_KEY} ", "x" * 100_000, "\ud800", "0" * 64])
async def test_everything_else_opens_none(sessions, raw, text):
    assert await refused(sessions.login(text))


async def test_the_free_key_opens_none_even_when_it_is_stored(sessions, keys):
    await keys.create("sly", hash_key(FREE_KEY), prefix_of(FREE_KEY))
    assert await refused(sessions.login(FREE_KEY))


async def test_a_raw_key_and_an_admins_token_are_no_tokens_of_a_key(sessions, raw, tokens, clock):
    assert await refused(sessions.authenticate(raw))
    assert await refused(sessions.authenticate(tokens.admin_token("living room", int(clock.now()))))


async def test_a_session_lasts_a_day(sessions, raw, clock):
    session = await sessions.login(raw)
    clock.tick(86_400 + 60)
    assert not await refused(sessions.authenticate(session.token))
    clock.tick(1)
    assert await refused(sessions.authenticate(session.token))


async def test_a_deleted_key_ends_its_sessions_as_soon_as_that_is_heard_of(sessions, raw, keys, database, clock, url):
    session = await sessions.login(raw)
    await sessions.authenticate(session.token)
    feed = DatabaseChangeFeed(database, clock)
    feed.subscribe("keys", sessions.forget)
    await feed.poll()
    elsewhere = await Database.open(url)
    await ApiKeyRepository(elsewhere, clock).revoke(session.key.id)
    await feed.poll()
    assert await refused(sessions.authenticate(session.token))
    await elsewhere.close()


async def test_a_key_that_expires_ends_its_sessions_at_that_moment(sessions, raw, keys, clock):
    session = await sessions.login(raw)
    await keys.set_expiry(session.key.id, clock.now() + 100)
    sessions.forget()
    clock.tick(99)
    await sessions.authenticate(session.token)
    clock.tick(1)
    assert await refused(sessions.authenticate(session.token))
    assert await refused(sessions.login(raw))


async def test_another_name_is_seen(sessions, raw, keys):
    session = await sessions.login(raw)
    await sessions.authenticate(session.token)
    await keys.rename(session.key.id, "kitchen")
    sessions.forget()
    assert (await sessions.authenticate(session.token)).name == "kitchen"


async def test_a_key_is_looked_up_once_in_five_minutes(sessions, raw, keys, clock):
    session = await sessions.login(raw)
    await asyncio.gather(*(sessions.authenticate(session.token) for _ in range(20)))
    assert keys.lookups == 1
    keys.fails = True
    await sessions.authenticate(session.token)
    clock.tick(300)
    with pytest.raises(StorageUnavailable):
        await sessions.authenticate(session.token)
