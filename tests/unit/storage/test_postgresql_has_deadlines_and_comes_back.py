"""What only PostgreSQL can do to us: end connections, hang, refuse, and be migrated by many at once."""

import asyncio
import signal
import sys
import time

import pytest
from sqlalchemy import insert, make_url, select, text

from openposterdb.errors import StorageUnavailable
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import ForeignSchema, is_current, upgrade
from openposterdb.storage.repositories import AliasRepository
from openposterdb.storage.tables import global_settings
from tests.servers.valve import valve_before

UPGRADE = (
    "import asyncio, sys\nfrom openposterdb.storage.migrations import upgrade\nasyncio.run(upgrade(sys.argv[1]))\n"
)
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


async def put(database: Database, key: str) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(global_settings).values(key=key, value="x"))


async def keys(database: Database) -> set[str]:
    async with database.reading() as connection:
        return {key for (key,) in await connection.execute(select(global_settings.c.key))}


async def run(database: Database, statement: str) -> None:
    async with database.reading() as connection:
        await connection.execute(text(statement))


async def tables(database: Database) -> set[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    async with database.reading() as connection:
        return {name for (name,) in await connection.execute(text(query))}


@pytest.fixture
async def elsewhere(postgres_url):
    database = await Database.open(postgres_url)
    yield database
    await database.close()


async def test_a_statement_that_takes_too_long_is_ended_and_the_next_is_answered(postgres_url):
    database = await Database.open(postgres_url, busy_secs=0.3)
    began = time.monotonic()
    with pytest.raises(StorageUnavailable):
        await run(database, "SELECT pg_sleep(60)")
    assert time.monotonic() - began < 10
    await put(database, "a")
    await database.close()


async def test_a_row_that_another_holds_is_told_as_unavailable_and_still_read(postgres_url, elsewhere):
    database = await Database.open(postgres_url, busy_secs=0.3)
    await put(database, "a")
    async with elsewhere.writing() as connection:
        await connection.execute(text("SELECT * FROM global_settings FOR UPDATE"))
        with pytest.raises(StorageUnavailable):
            async with database.writing() as other:
                await other.execute(text("UPDATE global_settings SET value = 'y'"))
        assert await keys(database) == {"a"}
    await put(database, "b")
    await database.close()


async def test_connections_that_the_server_ended_are_replaced_unseen(postgres, elsewhere):
    await asyncio.gather(*(keys(postgres) for _ in range(8)))
    await run(elsewhere, OTHERS)
    assert await asyncio.gather(*(keys(postgres) for _ in range(8))) == [set()] * 8


async def test_a_connection_lost_halfway_undoes_the_transaction(postgres, elsewhere):
    async def write_twice() -> None:
        async with postgres.writing() as connection:
            await connection.execute(insert(global_settings).values(key="a", value="x"))
            await run(elsewhere, OTHERS)
            await connection.execute(insert(global_settings).values(key="b", value="x"))

    with pytest.raises(StorageUnavailable):
        await write_twice()
    assert await keys(postgres) == set()


async def test_a_network_that_swallows_everything_costs_its_time_and_no_more(postgres_url):
    url = make_url(postgres_url)
    assert url.port is not None
    async with valve_before(url.port) as valve:
        database = await Database.open(str(url.set(port=valve.port)), busy_secs=0.3)
        valve.shut()
        began = time.monotonic()
        for attempt in (keys(database), put(database, "a"), database.ping()):
            with pytest.raises(StorageUnavailable):
                await attempt
        assert time.monotonic() - began < 12
        valve.open()
        await put(database, "b")
        assert "b" in await keys(database)
        valve.open()
        await database.close()


async def test_a_crowd_shares_few_connections(postgres, elsewhere):
    async def count_connections() -> int:
        async with elsewhere.reading() as connection:
            query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            return (await connection.execute(text(query))).scalar_one()

    crowd = [asyncio.create_task(run(postgres, "SELECT pg_sleep(0.002)")) for _ in range(200)]
    most = 0
    while not all(task.done() for task in crowd):
        most = max(most, await count_connections())
    await asyncio.gather(*crowd)
    assert 1 < most <= 16 + 4


@pytest.mark.parametrize(
    "change", [{"database": "nowhere"}, {"username": "nobody"}, {"port": 1}, {"host": "no.such.invalid"}]
)
async def test_a_server_that_does_not_let_us_in_is_told_without_its_name(postgres_url, change):
    with pytest.raises(StorageUnavailable) as raised:
        await Database.open(str(make_url(postgres_url).set(**change)))
    assert str(next(iter(change.values()))) not in str(raised.value)


async def test_a_database_without_tables_is_unavailable_and_not_current(empty_postgres_url):
    database = await Database.open(empty_postgres_url)
    assert not await is_current(database)
    with pytest.raises(StorageUnavailable):
        await AliasRepository(database).get("imdb/tt1")
    await database.close()


async def test_processes_that_migrate_at_the_same_time_wait_for_each_other(empty_postgres_url):
    await asyncio.gather(*(upgrade(empty_postgres_url) for _ in range(4)))
    database = await Database.open(empty_postgres_url)
    assert await is_current(database)
    await database.close()


async def test_a_kill_halfway_through_a_migration_leaves_nothing_behind(empty_postgres_url):
    program = (
        "import os, signal\nfrom alembic.operations import Operations\n"
        "Operations.create_index = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from alembic import op\nop.create_index = Operations.create_index\n" + UPGRADE
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, empty_postgres_url)
    assert await process.wait() == -signal.SIGKILL
    await upgrade(empty_postgres_url)
    database = await Database.open(empty_postgres_url)
    assert await is_current(database)
    await database.close()


async def test_another_programs_database_is_left_alone(empty_postgres_url):
    database = await Database.open(empty_postgres_url)
    await run(database, "CREATE TABLE api_keys (id INTEGER PRIMARY KEY)")
    with pytest.raises(ForeignSchema):
        await upgrade(empty_postgres_url)
    assert await tables(database) == {"api_keys"}
    await database.close()


async def test_keys_are_in_the_order_of_their_bytes(postgres):
    """Ranges of cache keys are read by it; the database itself sorts by the rules of a language."""
    query = "SELECT key FROM (VALUES ('a_b'), ('a@b'), ('A'), ('b')) AS rows (key) ORDER BY key"
    own = "SELECT collation_name FROM information_schema.columns WHERE column_name = 'cache_key' AND table_name = 'image_meta'"
    async with postgres.reading() as connection:
        language = [key for (key,) in await connection.execute(text(query))]
        assert language != sorted(language)  # or this test could not fail
        assert (await connection.execute(text(own))).scalar_one() == "C"
