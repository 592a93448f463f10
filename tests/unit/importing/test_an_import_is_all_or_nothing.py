"""What fails halfway leaves everything as it was, and works the next time."""

import sqlite3

import pytest
from sqlalchemy.exc import IntegrityError

from openposterdb.errors import StorageUnavailable
from openposterdb.importing import read_source
from openposterdb.storage.changes import DatabaseChangeFeed
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
