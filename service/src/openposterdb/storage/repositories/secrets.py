"""Secrets that an instance made for itself, shared by its replicas."""

from sqlalchemy import select

from openposterdb.storage.database import Database
from openposterdb.storage.tables import instance_secrets
from openposterdb.storage.upsert import dialect_of


class SecretRepository:
    """Secrets by name; one that is there is never replaced."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """The secret of this name."""
        async with self._database.reading() as connection:
            return await connection.scalar(select(instance_secrets.c.value).where(instance_secrets.c.name == name))

    async def settle(self, name: str, proposed: str) -> str:
        """The secret of this name from now on: `proposed`, unless another process was first."""
        async with self._database.writing() as connection:
            first = dialect_of(connection).insert(instance_secrets).values(name=name, value=proposed)
            await connection.execute(first.on_conflict_do_nothing(index_elements=["name"]))
            settled = await connection.execute(select(instance_secrets.c.value).where(instance_secrets.c.name == name))
            return settled.scalar_one()
