import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from openposterdb.errors import StorageUnavailable
from openposterdb.settings.model import RenderSettings
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import ForeignSchema, is_current, upgrade
from openposterdb.storage.tables import api_key_settings, metadata

UPGRADE = (
    "import asyncio, sys\nfrom openposterdb.storage.migrations import upgrade\nasyncio.run(upgrade(sys.argv[1]))\n"
)


def tables_of(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


async def test_the_schema_is_that_of_the_tables(database):
    async with database.reading() as connection:
        differences = await connection.run_sync(
            lambda plain: compare_metadata(MigrationContext.configure(plain, {"compare_type": True}), metadata)
        )
    assert differences == []


def test_every_setting_has_a_column():
    columns = {column.name for column in api_key_settings.columns}
    assert columns == {"api_key_id", *RenderSettings.model_fields}


async def test_the_newest_version_is_recognised(database):
    assert await is_current(database)


async def test_a_database_without_migrations_is_not_current(tmp_path):
    database = await Database.open(f"sqlite:///{tmp_path}/empty.db")
    assert not await is_current(database)
    await database.close()


async def test_a_second_upgrade_changes_nothing(sqlite_url, tmp_path):
    with sqlite3.connect(tmp_path / "db" / "openposterdb.db") as connection:
        connection.execute("INSERT INTO global_settings VALUES ('fanart_lang', 'de')")
    await upgrade(sqlite_url)
    with sqlite3.connect(tmp_path / "db" / "openposterdb.db") as connection:
        assert connection.execute("SELECT * FROM global_settings").fetchall() == [("fanart_lang", "de")]


async def test_upgrades_at_the_same_time_all_succeed(tmp_path):
    url = f"sqlite:///{tmp_path}/new/o.db"
    await asyncio.gather(*(upgrade(url) for _ in range(5)))
    assert "api_keys" in tables_of(tmp_path / "new" / "o.db")


def test_processes_that_start_together_wait_for_each_other(tmp_path):
    url = f"sqlite:///{tmp_path}/new/o.db"
    processes = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, url], stderr=subprocess.PIPE, text=True) for _ in range(3)
    ]
    outcomes = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], outcomes


async def test_a_kill_halfway_leaves_nothing_behind(tmp_path):
    url, path = f"sqlite:///{tmp_path}/o.db", tmp_path / "o.db"
    program = (
        "import os, signal\nfrom alembic.operations import Operations\n"
        "Operations.create_index = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        # the module's own proxy is bound late, through the same class
        "from alembic import op\nop.create_index = Operations.create_index\n" + UPGRADE
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, url)
    assert await process.wait() == -signal.SIGKILL
    assert tables_of(path) == set()
    await upgrade(url)
    assert "changes" in tables_of(path)


async def test_another_programs_database_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE api_keys (id INTEGER PRIMARY KEY)")
    with pytest.raises(ForeignSchema):
        await upgrade(f"sqlite:///{path}")
    assert tables_of(path) == {"api_keys"}


async def test_a_file_that_is_no_database_is_told_as_unavailable(tmp_path):
    path = tmp_path / "broken.db"
    path.write_bytes(os.urandom(10_000))
    with pytest.raises(StorageUnavailable) as raised:
        await upgrade(f"sqlite:///{path}")
    assert str(path) not in str(raised.value)
