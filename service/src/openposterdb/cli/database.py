"""The database for the length of a command, migrated, or a clear message."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import typer

from openposterdb.config import DatabaseEnvironment
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import ForeignSchema, upgrade


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
        typer.echo(f"The database cannot be opened: {error}. Check DB_DIR or DATABASE_URL.", err=True)
        raise typer.Exit(1) from None
    except ForeignSchema as error:
        typer.echo(f"{error}.", err=True)
        raise typer.Exit(1) from None
