"""What fails halfway leaves everything as it was, and works the next time."""

import asyncio
import sqlite3

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from openposterdb.errors import StorageUnavailable
from openposterdb.importing import Plan, read_source
from openposterdb.storage.changes import DatabaseChangeFeed
from openposterdb.storage.tables import metadata
from tests.unit.importing.installation import contents

TABLES = ("admin_users", "api_keys", "api_key_settings", "global_settings", "audit_log", "changes")


@pytest.fixture
def target(url, tmp_path):
    return tmp_path / "db" / "openposterdb.db"


def everything(path):
    return {table: contents(path, table) for table in TABLES}


def execute(path, statement):
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.sqlite
@pytest.mark.parametrize("table", [*TABLES])
async def test_a_write_that_fails_takes_all_the_others_back(table, importer, old, target):
    untouched = everything(target)
    execute(target, f"CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises((IntegrityError, StorageUnavailable)):
        await importer.apply(read_source(old))
    assert everything(target) == untouched
    execute(target, "DROP TRIGGER refuse")
    plan = await importer.apply(read_source(old))
    assert len(plan.keys) == len(contents(target, "api_keys")) == 3


@pytest.mark.sqlite
async def test_a_plan_alone_writes_nothing(importer, old, target, database, clock):
    untouched = everything(target)
    assert not (await importer.plan(read_source(old))).is_empty
    await DatabaseChangeFeed(database, clock).poll()
    assert everything(target) == untouched


@pytest.mark.sqlite
async def test_a_database_that_is_locked_is_an_error_and_not_a_wait_for_ever(importer, old, target):
    with sqlite3.connect(target, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable):
            await importer.apply(read_source(old))
        other.execute("ROLLBACK")
    other.close()
    assert not (await importer.apply(read_source(old))).is_empty


async def rows(database):
    async with database.reading() as connection:
        return {table: (await connection.execute(select(metadata.tables[table]))).all() for table in TABLES}


async def test_when_servers_cannot_be_told_nothing_has_happened(importer, old, database, monkeypatch):
    """On every database: the news of an import is its last step."""
    untouched = await rows(database)

    async def refuse(_connection, topic):
        if topic == "settings":
            raise StorageUnavailable("database: gone")

    with monkeypatch.context() as patched:
        patched.setattr("openposterdb.importing.target.announce", refuse)
        with pytest.raises(StorageUnavailable):
            await importer.apply(read_source(old))
    assert await rows(database) == untouched
    assert len((await importer.apply(read_source(old))).keys) == 3


async def test_two_imports_at_once_add_everything_once(importer, old, database):
    source = read_source(old)
    outcomes = await asyncio.gather(importer.apply(source), importer.apply(source), return_exceptions=True)
    added = [outcome for outcome in outcomes if isinstance(outcome, Plan) and not outcome.is_empty]
    assert len(added) == 1
    (other,) = [outcome for outcome in outcomes if outcome is not added[0]]
    assert isinstance(other, IntegrityError) or other.is_empty
    assert [len(found) for found in (await rows(database)).values()][:4] == [2, 3, 1, 16]
