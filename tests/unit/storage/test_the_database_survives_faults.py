import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from openposterdb.errors import StorageUnavailable
from openposterdb.storage.database import Database, parse_url
from openposterdb.storage.migrations import upgrade
from openposterdb.storage.tables import global_settings

PRELUDE = """
import asyncio, os, resource, signal, sys
from openposterdb.domain import *
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import *
from openposterdb.storage.rows import *
url = sys.argv[1]
def row(number, key="k"):
    return ImageMeta(f"{key}{number}", ImageKind.POSTER, None, number, number, 1, "d" * 64, "image/jpeg")
"""


def file_of(database: Database) -> Path:
    assert database.engine.url.database
    return Path(database.engine.url.database)


def run_apart(program: str, url: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PRELUDE + textwrap.dedent(program), url]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


async def put(database: Database, key: str) -> None:
    async with database.writing() as connection:
        await connection.execute(insert(global_settings).values(key=key, value="x"))


async def count(database: Database) -> int:
    async with database.reading() as connection:
        return len((await connection.execute(select(global_settings))).all())


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1), ("cache_size", -8192), ("busy_timeout", 300)],
)
async def test_every_connection_is_prepared(sqlite, pragma, value):
    async with sqlite.reading() as one, sqlite.reading() as other:
        for connection in (one, other):
            assert (await connection.execute(text(f"PRAGMA {pragma}"))).scalar_one() == value


async def test_the_usual_wait_for_a_lock_is_five_seconds(sqlite_url):
    database = await Database.open(sqlite_url)
    async with database.reading() as connection:
        assert (await connection.execute(text("PRAGMA busy_timeout"))).scalar_one() == 5000
    await database.close()


async def test_an_error_undoes_the_whole_transaction(database):
    async def write_and_fail() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(global_settings).values(key="a", value="x"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await write_and_fail()
    assert await count(database) == 0
    await put(database, "b")


async def test_a_writer_that_is_cancelled_frees_the_lock(database):
    entered = asyncio.Event()

    async def write_and_hang() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(global_settings).values(key="a", value="x"))
            entered.set()
            await asyncio.Event().wait()

    writer = asyncio.create_task(write_and_hang())
    await entered.wait()
    writer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writer
    await put(database, "b")
    assert await count(database) == 1


async def test_writers_cancelled_at_any_moment_free_the_lock(database):
    for steps in range(40):
        writer = asyncio.create_task(put(database, f"n{steps}"))
        for _ in range(steps):
            await asyncio.sleep(0)
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
    await put(database, "last")
    assert await count(database) >= 1


async def test_writers_wait_for_each_other(database, url):
    """Two pools stand for two processes; with one lock between all of them nobody is turned away."""
    other = await Database.open(url)
    await asyncio.gather(*(put(each, f"{n}-{id(each)}") for n in range(50) for each in (database, other)))
    assert await count(database) == 100
    await other.close()


async def test_a_crowd_of_readers_is_served(url):
    database = await Database.open(url)  # as patient as in production: a busy machine serves a crowd slowly
    await put(database, "a")
    assert set(await asyncio.gather(*(count(database) for _ in range(300)))) == {1}
    await database.close()


async def test_a_locked_database_is_told_as_unavailable_and_still_read(sqlite):
    await put(sqlite, "a")
    blocker = sqlite3.connect(file_of(sqlite), isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailable, match="database: "):
        await put(sqlite, "b")
    assert await count(sqlite) == 1
    blocker.execute("ROLLBACK")
    blocker.close()
    await put(sqlite, "b")


async def test_writers_that_queue_are_all_told_in_time_that_the_database_is_locked(sqlite):
    blocker = sqlite3.connect(file_of(sqlite), isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    async with asyncio.timeout(2):  # each of them may wait 0.3 s for its turn and 0.3 s for the lock
        outcomes = await asyncio.gather(*(put(sqlite, f"n{n}") for n in range(20)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {StorageUnavailable}
    assert {str(outcome) for outcome in outcomes} == {"database: OperationalError", "database: TimeoutError"}
    blocker.execute("ROLLBACK")
    blocker.close()
    await put(sqlite, "after")


async def test_a_file_that_is_no_database_is_told_as_unavailable(tmp_path):
    path = tmp_path / "broken.db"
    path.write_bytes(os.urandom(10_000))
    with pytest.raises(StorageUnavailable) as raised:
        await Database.open(f"sqlite:///{path}")
    assert str(tmp_path) not in str(raised.value)


async def test_a_folder_that_cannot_be_made_is_told_as_unavailable(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageUnavailable):
        await Database.open(f"sqlite:///{tmp_path}/file/o.db")


async def test_a_closed_database_is_no_obstacle_to_another(database, url):
    await database.close()
    other = await Database.open(url)
    await put(other, "a")
    await other.close()


def kill_a_writer(url: str) -> int:
    """The number of the last row that a writer said to have committed when it was killed."""
    program = """
    async def write_on():
        meta = ImageMetaRepository(await Database.open(url))
        for number in range(1, 100_000):
            await meta.put(row(number))
            print(number, flush=True)
    asyncio.run(write_on())
    """
    command = [sys.executable, "-c", PRELUDE + textwrap.dedent(program), url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(30):
            assert process.stdout.readline()
        process.kill()
        return 30 + len(process.stdout.readlines())


async def test_what_was_committed_outlives_a_kill(sqlite, sqlite_url):
    last = kill_a_writer(sqlite_url)
    async with sqlite.reading() as connection:
        assert (await connection.execute(text("PRAGMA integrity_check"))).scalar_one() == "ok"
        found = (await connection.execute(text("SELECT count(*) FROM image_meta"))).scalar_one()
    assert found in {last, last + 1}  # the last commit may not have been said
    await put(sqlite, "still writable")


async def test_a_full_disk_is_told_as_unavailable_and_breaks_nothing(sqlite, sqlite_url):
    await put(sqlite, "before")
    program = """
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
    async def fill():
        database = await Database.open(url)
        meta = ImageMetaRepository(database)
        for number in range(10_000):
            try:
                await meta.put(row(number, "k" * 2000))
            except StorageUnavailable as error:
                print(error)
                break
        print(await meta.get("k" * 2000 + "0") is not None)
        await database.close()
    asyncio.run(fill())
    """
    outcome = run_apart(program, sqlite_url)
    assert outcome.stdout.splitlines() == ["database: OperationalError", "True"], outcome.stderr
    async with sqlite.reading() as connection:
        assert (await connection.execute(text("PRAGMA integrity_check"))).scalar_one() == "ok"
    await put(sqlite, "after")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_a_read_only_database_is_told_as_unavailable():
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        url = f"sqlite:///{folder}/o.db"
        asyncio.run(upgrade(url))
        Path(folder).chmod(0o755)
        program = """
        from sqlalchemy.dialects import sqlite
        import aiosqlite, sqlite3, sqlalchemy.dialects.sqlite.aiosqlite
        os.setgid(65534); os.setuid(65534)
        async def try_it():
            try:
                database = await Database.open(url)
                await ImageMetaRepository(database).put(row(1))
            except StorageUnavailable as error:
                print(error)
        asyncio.run(try_it())
        """
        outcome = run_apart(program, url)
    assert outcome.stdout == "database: OperationalError\n", outcome.stderr


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:////data/o.db", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:////data/o.db", "sqlite+aiosqlite"),
        ("postgres://u:p@host/db", "postgresql+asyncpg"),
        ("postgresql://u:p@host/db", "postgresql+asyncpg"),
        ("postgresql+psycopg://u:p@host/db", "postgresql+asyncpg"),
    ],
)
def test_urls_get_the_asynchronous_driver(given, driver):
    assert parse_url(given).drivername == driver


def test_encryption_is_asked_for_in_libpqs_words():
    assert parse_url("postgres://u:p@host/db?sslmode=verify-full").query == {"ssl": "verify-full"}


@pytest.mark.parametrize("url", ["mysql://u:secret@host/db", "nonsense secret", ""])
def test_other_urls_are_refused_without_being_quoted(url):
    with pytest.raises(ValueError) as raised:
        parse_url(url)
    assert "secret" not in str(raised.value)


async def test_a_database_without_a_file_is_refused():
    with pytest.raises(ValueError):
        await Database.open("sqlite://")
