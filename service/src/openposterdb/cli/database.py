"""The database for the length of a command, migrated, or a clear message."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import typer
from sqlalchemy.exc import DBAPIError

from openposterdb.config import DatabaseEnvironment
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import ForeignSchema, upgrade

_LAST_WORDS_SECONDS = 0.1
"""The driver's thread tells the loop that it ends, and would complain with a traceback if the loop had gone before."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@asynccontextmanager
async def open_database(environment: DatabaseEnvironment) -> AsyncGenerator[Database]:
    """The database at its newest schema; exits with status 1 when it cannot be opened."""
    await migrate(environment)
    database = await Database.open(environment.database)
    try:
        yield database
    finally:
        await database.close()


async def migrate(environment: DatabaseEnvironment) -> None:
    """Bring the schema up to date; exits with status 1 when the database cannot be opened."""
    try:
        await upgrade(environment.database)
    except (StorageUnavailable, OSError) as error:
        typer.echo(f"The database {verdict(error)}.", err=True)
        await asyncio.sleep(_LAST_WORDS_SECONDS)
        raise typer.Exit(1) from None
    except ForeignSchema as error:
        typer.echo(f"{error}.", err=True)
        raise typer.Exit(1) from None


def verdict(error: StorageUnavailable | OSError) -> str:
    """What is wrong with the database and what to do, as the rest of a sentence."""
    cause = error.__cause__
    origin = cause.orig if isinstance(cause, DBAPIError) else cause
    if isinstance(origin, sqlite3.Error) and getattr(origin, "sqlite_errorcode", None) in _DAMAGED:
        return (
            "is damaged: put a copy back into DB_DIR, or move the file away and a new one is made, "
            "without its keys and settings"
        )
    return f"cannot be opened ({_reason(error, origin)}): check DB_DIR or DATABASE_URL"


def _reason(error: Exception, origin: BaseException | None) -> str:
    if isinstance(origin, OSError) and origin.strerror:
        return origin.strerror.lower()
    if isinstance(origin, sqlite3.Error):
        return str(origin)  # SQLite's own texts name no path and no statement
    return str(error).removeprefix("database: ")
