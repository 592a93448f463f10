"""The connection to the database, and everything that is particular to SQLite or to PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, event, exc, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from openposterdb.errors import StorageUnavailable

BUSY_SECONDS = 5.0
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -8192",  # KiB
    "PRAGMA foreign_keys = ON",
)
_IMMEDIATE = "openposterdb_immediate"


class Database:
    """A pool of connections. `reading` gives one for single statements, `writing` one inside a transaction.

    What the database itself fails at is raised as `StorageUnavailable`; broken constraints stay IntegrityError.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._immediate = engine.execution_options(**{_IMMEDIATE: True})
        # SQLite has one writer at a time: to queue here is cheaper and fairer than to poll its lock.
        self._writer = asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    async def open(cls, url: str, *, busy_secs: float = BUSY_SECONDS) -> Self:
        """Connect to `url` (SQLAlchemy's form; the driver may be left out) and make sure that it answers.

        `busy_secs` is how long a call waits for a lock or for a connection. Raises `StorageUnavailable`, and ValueError
        for a URL that is none of ours.
        """
        database = cls(engine_of(url, busy_secs=busy_secs))
        try:
            await database.ping()
        except BaseException:
            await database.close()
            raise
        return database

    async def close(self) -> None:
        """Give back every connection."""
        await self.engine.dispose()

    async def ping(self) -> None:
        """Raise `StorageUnavailable` unless the database answers."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """A connection for statements that change nothing."""
        with translated():
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """A connection in a transaction that is committed at the end, or rolled back on an error."""
        with translated():
            async with self._writer, self._immediate.begin() as connection:
                yield connection


@contextmanager
def translated() -> Generator[None]:
    """Raise what a database fails at as `StorageUnavailable`, in words that tell no path, host or statement."""
    try:
        yield
    except (exc.IntegrityError, exc.ProgrammingError, exc.DataError):
        raise
    except (exc.DBAPIError, exc.TimeoutError, sqlite3.Error, OSError) as error:
        raise StorageUnavailable(f"database: {_name(error)}") from error


def _name(error: Exception) -> str:
    cause = (error.orig if isinstance(error, exc.DBAPIError) else None) or error
    return type(cause.__cause__ or cause).__name__


@asynccontextmanager
async def immediate(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """A transaction that on SQLite holds the write lock from its start, so that it never fails halfway for the lock."""
    async with engine.execution_options(**{_IMMEDIATE: True}).begin() as connection:
        yield connection


def parse_url(url: str) -> URL:
    """The URL with an asynchronous driver; ValueError, which does not quote it, for what is no SQLite file or PostgreSQL."""
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        raise ValueError("not the URL of a database") from None
    name = parsed.get_backend_name() if parsed.drivername != "postgres" else "postgres"
    if name not in _DRIVERS:
        raise ValueError(f"databases are SQLite or PostgreSQL, not {name}")
    if name == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise ValueError("a SQLite database needs a file: connections would not share it")
    return parsed.set(drivername=_DRIVERS[name])


def engine_of(url: str, *, busy_secs: float = BUSY_SECONDS) -> AsyncEngine:
    """An engine on `url`; a SQLite file's folder is made when it is missing."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, pool_pre_ping=True, pool_size=4, max_overflow=28, pool_timeout=busy_secs)
    with translated():
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        parsed,
        connect_args={"timeout": busy_secs},
        pool_size=8,  # each is a thread, and more of them only get in each other's way
        max_overflow=0,
        pool_timeout=busy_secs,
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


async def lock_schema(connection: AsyncConnection) -> None:
    """Keep other processes from migrating until this transaction ends; on SQLite `immediate` has done it already."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(7345201)"))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin below, not where the driver guesses
    cursor = connection.cursor()
    try:
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin writing transactions with the lock in hand; a reading statement is a transaction of its own."""
    if connection.get_execution_options().get(_IMMEDIATE):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
