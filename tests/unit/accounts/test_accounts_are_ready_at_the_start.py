"""Opening the accounts: the signing secret, the first admin, and what is swept away."""

import asyncio
import sqlite3
from contextlib import AsyncExitStack

import pytest

from openposterdb.accounts.housekeeping import Housekeeping
from openposterdb.accounts.opening import open_accounts, signing_secret
from openposterdb.config import Environment, load
from openposterdb.errors import Forbidden, Unauthorized
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import KeyUsageRepository, RefreshTokenRepository, SecretRepository
from openposterdb.storage.rows import day_of

PASSWORD = "correct horse"
DAY = 86_400


@pytest.fixture
def environment(monkeypatch):
    def configure(**variables):
        for name in Environment.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        for name, value in {"TMDB_API_KEY": "x", "OMDB_API_KEY": "x", **variables}.items():
            monkeypatch.setenv(name, value)
        return load(None)

    return configure


@pytest.fixture
async def start(environment, url, background, clock):
    """Opens the accounts as a process of its own does."""
    async with AsyncExitStack() as running:

        async def go(**variables):
            database = await Database.open(url)
            running.push_async_callback(database.close)
            return await running.enter_async_context(
                open_accounts(environment(**variables), database, background, clock)
            )

        yield go


async def test_without_variables_somebody_has_to_set_it_up(start):
    accounts = await start()
    assert await accounts.admins.setup_required()
    session = await accounts.admins.setup("anna", PASSWORD)
    await accounts.admins.authenticate(session.token)


async def test_the_admin_whom_the_environment_names_is_there(start):
    accounts = await start(ADMIN_USERNAME="root", ADMIN_PASSWORD="x")
    await accounts.admins.login("root", "x")
    again = await start(ADMIN_USERNAME="other", ADMIN_PASSWORD=PASSWORD)
    assert [admin.username for admin in await again.admins.list()] == ["root"]


@pytest.mark.parametrize("only", ["ADMIN_USERNAME", "ADMIN_PASSWORD"])
async def test_half_an_admin_is_none_and_the_log_says_so(start, only, capsys):
    accounts = await start(**{only: "half"})
    assert await accounts.admins.setup_required()
    log = capsys.readouterr().out
    assert "admin_not_seeded" in log
    assert "half" not in log


async def test_replicas_that_start_together_agree_on_admin_and_secret(start):
    replicas = await asyncio.gather(*(start(ADMIN_USERNAME="root", ADMIN_PASSWORD="x") for _ in range(4)))
    session = await replicas[0].admins.login("root", "x")
    for replica in replicas:
        await replica.admins.authenticate(session.token)
    assert len(await replicas[0].admins.list()) == 1


async def test_a_configured_secret_is_used_and_not_stored(start, environment, database):
    secret = "0123456789abcdefABCDEF" + "0" * 42
    first = await start(JWT_SECRET=secret, ADMIN_USERNAME="root", ADMIN_PASSWORD="x")
    session = await first.admins.login("root", "x")
    await (await start(JWT_SECRET=secret)).admins.authenticate(session.token)
    with pytest.raises(Unauthorized):
        await (await start()).admins.authenticate(session.token)
    stored = SecretRepository(database)
    assert await signing_secret(environment(JWT_SECRET=secret), stored) == bytes.fromhex(secret)
    made = await signing_secret(environment(), stored)
    assert len(made) == 32
    assert made != bytes.fromhex(secret)


async def test_the_setup_token_is_asked_for(start):
    accounts = await start(SETUP_TOKEN="let me in")
    with pytest.raises(Forbidden):
        await accounts.admins.setup("anna", PASSWORD)
    await accounts.admins.setup("anna", PASSWORD, "let me in")


@pytest.mark.sqlite
async def test_what_has_expired_is_gone_after_a_start(start, database, clock):
    accounts = await start(ADMIN_USERNAME="root", ADMIN_PASSWORD="x")
    await accounts.admins.login("root", "x")
    clock.tick(7 * DAY)
    await start()
    with sqlite3.connect(database.engine.url.database) as connection:
        assert connection.execute("SELECT count(*) FROM refresh_tokens").fetchone() == (0,)


@pytest.fixture
def housekeeping(database, audit, clock):
    return Housekeeping(RefreshTokenRepository(database, clock), audit, KeyUsageRepository(database), clock)


async def test_everything_of_long_ago_is_swept_every_hour(housekeeping, database, audit, keys, clock):
    usage = KeyUsageRepository(database)
    key = await keys.create("k", "a" * 64, "t3-12345")
    day = day_of(clock.now())
    await usage.add({(key.id, day): 1}, clock.now())
    await audit.record("anna", "login")
    clock.tick(401 * DAY)
    running = asyncio.create_task(housekeeping.run())
    await clock.advance(3599)
    assert len(await audit.page()) == 1
    await clock.advance(1)
    await asyncio.wait_for(clock.somebody_sleeps(), 5)
    assert await audit.page() == ()
    assert await usage.by_day(key.id, day) == ()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.sqlite
async def test_a_database_that_is_away_is_swept_the_next_time(housekeeping, database, audit, clock, capsys):
    await audit.record("anna", "login")
    clock.tick(401 * DAY)
    blocker = sqlite3.connect(database.engine.url.database, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    await housekeeping.sweep()
    assert "housekeeping_failed" in capsys.readouterr().out
    blocker.execute("ROLLBACK")
    blocker.close()
    await housekeeping.sweep()
    assert await audit.page() == ()
