"""The connection to the database, and everything that is particular to SQLite or to PostgreSQL."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Self

import asyncpg  # pyright: ignore[reportMissingTypeStubs]
from sqlalchemy import URL, event, exc, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from openposterdb.errors import StorageUnavailable

BUSY_SECONDS = 5.0
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
_PRAGMAS = (
    "PRAGMA synchronous = NORMAL",
    "PRAGMA cache_size = -8192",  # KiB
    "PRAGMA foreign_keys = ON",
)
_WAL_ATTEMPTS = 100
_WAL_PAUSE_SECONDS = 0.05
_IMMEDIATE = "openposterdb_immediate"
ANNOUNCED = "openposterdb_announced"
"""Set in a connection's `info` by a transaction of which other processes have to know."""
_CONNECTIONS = 16  # of one process to PostgreSQL, which usually allows a hundred for everybody
_NOT_READY = {"42P01", "42703", "42501"}
"""No such table or column, or no right to it: the database is not as the migrations leave it."""
_SCHEMA_LOCK = 7345201
_TABLE_LOCK_SECONDS = 5


class Database:
    """A pool of connections. `reading` gives one for single statements, `writing` one inside a transaction.

    What the database itself fails at is raised as `StorageUnavailable`; broken constraints stay IntegrityError. On
    PostgreSQL neither may take longer than twice `busy_secs`, whatever the network does; on SQLite nobody waits for longer.
    """

    def __init__(self, engine: AsyncEngine, *, busy_secs: float = BUSY_SECONDS) -> None:
        self.engine = engine
        self._immediate = engine.execution_options(**{_IMMEDIATE: True})
        self._on_postgres = engine.dialect.name == "postgresql"
        # a statement of its own is its own transaction, which saves two round trips
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT") if self._on_postgres else engine
        # SQLite has one writer at a time: to queue here is cheaper and fairer than to poll its lock.
        self._writer = nullcontext() if self._on_postgres else _Turns(busy_secs)
        self._seconds = 2 * busy_secs if self._on_postgres else None
        self._announced: list[Callable[[], None]] = []

    @classmethod
    async def open(cls, url: str, *, busy_secs: float = BUSY_SECONDS) -> Self:
        """Connect to `url` (SQLAlchemy's form; the driver may be left out) and make sure that it answers.

        `busy_secs` is how long a call waits for a lock or for a connection. Raises `StorageUnavailable`, and ValueError
        for a URL that is none of ours.
        """
        database = cls(engine_of(url, busy_secs=busy_secs), busy_secs=busy_secs)
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
            async with asyncio.timeout(self._seconds), self._reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncConnection]:
        """A connection in a transaction that is committed at the end, or rolled back on an error."""
        with translated():
            async with asyncio.timeout(self._seconds), self._writer, self._immediate.begin() as connection:
                connection.info.pop(ANNOUNCED, None)
                yield connection
                announced = connection.info.pop(ANNOUNCED, False)
        if announced:
            for listener in self._announced:
                listener()

    def subscribe_announcements(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit here of something that other processes have to know of."""
        self._announced.append(listener)


class _Turns:
    """One at a time; TimeoutError after `seconds` in the queue, which others may hold up one after another."""

    def __init__(self, seconds: float) -> None:
        self._lock = asyncio.Lock()
        self._seconds = seconds

    async def __aenter__(self) -> None:
        async with asyncio.timeout(self._seconds):
            await self._lock.acquire()

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


@contextmanager
def translated() -> Generator[None]:
    """Raise what a database fails at as `StorageUnavailable`, in words that tell no path, host or statement."""
    try:
        yield
    except (exc.IntegrityError, exc.DataError):
        raise
    except exc.ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) not in _NOT_READY:
            raise
        raise StorageUnavailable(f"database: {_name(error)}") from error
    except _FAILURES as error:
        raise StorageUnavailable(f"database: {_name(error)}") from error


# what asyncpg fails at while it connects reaches us as it is; `OSError` is every refused, broken or late connection
_FAILURES = (exc.DBAPIError, exc.TimeoutError, sqlite3.Error, OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


def _name(error: Exception) -> str:
    cause = (error.orig if isinstance(error, exc.DBAPIError) else None) or error
    inner = cause.__cause__  # of a deadline it is the cancellation that it worked by, which tells nobody anything
    return type(inner if isinstance(inner, Exception) else cause).__name__


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
    query = {"ssl" if key == "sslmode" else key: value for key, value in parsed.query.items()}  # as libpq names it
    return parsed.set(drivername=_DRIVERS[name], query=query)


def engine_of(url: str, *, busy_secs: float = BUSY_SECONDS) -> AsyncEngine:
    """An engine on `url`; a SQLite file's folder is made when it is missing."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _postgres_engine(parsed, busy_secs)
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


def _postgres_engine(url: URL, busy_secs: float) -> AsyncEngine:
    """Connections that the server or the network dropped are replaced before they are used."""
    return create_async_engine(
        url,
        connect_args={
            "timeout": busy_secs,
            "command_timeout": busy_secs,
            "server_settings": {"application_name": "openposterdb"},
        },
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=_CONNECTIONS - 4,
        pool_timeout=busy_secs,
        pool_recycle=1800,  # firewalls forget what is idle for long
    )


async def lock_schema(connection: AsyncConnection) -> None:
    """Keep other processes from migrating until this transaction ends; on SQLite `immediate` has done it already.

    On PostgreSQL no step waits long for a table afterwards: whoever waits for one keeps all its other users waiting.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})"))
        await connection.execute(text(f"SET LOCAL lock_timeout = '{_TABLE_LOCK_SECONDS}s'"))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin below, not where the driver guesses
    cursor = connection.cursor()
    try:
        _switch_to_wal(cursor)
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
    finally:
        cursor.close()


def _switch_to_wal(cursor: Any) -> None:
    """Of several who open a new file at once, SQLite turns all but one away without waiting: then try again."""
    for attempt in range(1, _WAL_ATTEMPTS + 1):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or attempt == _WAL_ATTEMPTS:
                raise
            await_only(asyncio.sleep(_WAL_PAUSE_SECONDS))
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """Begin writing transactions with the lock in hand; a reading statement is a transaction of its own."""
    if connection.get_execution_options().get(_IMMEDIATE):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
