"""A migrated database of the test's own, on SQLite and on PostgreSQL: what asks for `url` or `database` runs on both."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from openposterdb.storage.database import Database
from openposterdb.storage.migrations import upgrade
from tests.manual_clock import ManualClock
from tests.servers.postgres import PostgresServer


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory) -> Path:
    """A fresh SQLite database, made once."""
    file = tmp_path_factory.mktemp("migrated") / "openposterdb.db"
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    file = tmp_path / "db" / "openposterdb.db"
    file.parent.mkdir()
    shutil.copy(migrated_file, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Without any table."""
    name = postgres_server.create(empty=True)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite_url", "postgres_url"], ids=["sqlite", "postgresql"])
def url(request) -> str:
    return request.getfixturevalue(request.param)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url, busy_secs=0.3 if url.startswith("sqlite") else 2.0)
    yield database
    await database.close()


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    database = await Database.open(sqlite_url, busy_secs=0.3)
    yield database
    await database.close()


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncIterator[Database]:
    database = await Database.open(postgres_url, busy_secs=2.0)
    yield database
    await database.close()
