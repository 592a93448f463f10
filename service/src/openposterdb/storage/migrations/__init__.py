"""The schema's history, and the way to its newest version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from openposterdb.storage.database import Database, engine_of, immediate, lock_schema, translated

_WAIT_SECONDS = 60.0  # for another process's migration


class ForeignSchema(RuntimeError):
    """The database holds tables of another program's making; nothing in it was changed."""


async def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest version, in one transaction.

    Processes that start together wait for each other: one migrates, the others find it done. Raises `ForeignSchema` and `StorageUnavailable`.
    """
    engine = engine_of(url, busy_secs=_WAIT_SECONDS)
    try:
        with translated():
            async with immediate(engine) as connection:
                await lock_schema(connection)
                await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


async def is_current(database: Database) -> bool:
    """Whether the newest migration that this release knows of has been applied."""
    async with database.reading() as connection:
        return await connection.run_sync(_is_current)


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return configuration


def _is_current(connection: Connection) -> bool:
    newest = ScriptDirectory.from_config(_configuration()).get_current_head()
    found = MigrationContext.configure(connection).get_current_revision()
    return found == newest or _is_newer(found)


def _is_newer(revision: str | None) -> bool:
    """Whether a newer release has migrated the database. Migrations expand, so that older releases go on working."""
    known = {script.revision for script in ScriptDirectory.from_config(_configuration()).walk_revisions()}
    return revision is not None and revision not in known and revision > max(known)


def _upgrade(connection: Connection) -> None:
    tables = set(inspect(connection).get_table_names())
    if "api_keys" in tables and "alembic_version" not in tables:
        raise ForeignSchema("this database was made by another program; start with a fresh one and import it")
    if _is_newer(MigrationContext.configure(connection).get_current_revision()):
        return
    configuration = _configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")
