"""What is known of the downloaded pictures in the store."""

from dataclasses import asdict

from sqlalchemy import delete, select, update

from openposterdb.storage.database import Database
from openposterdb.storage.rows import BaseArtMeta
from openposterdb.storage.tables import base_art
from openposterdb.storage.upsert import upsert


class BaseArtRepository:
    """Metadata by the picture's name in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> BaseArtMeta | None:
        """The picture's metadata."""
        query = select(base_art).where(base_art.c.name == name)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return BaseArtMeta(**row) if row else None

    async def put(self, meta: BaseArtMeta) -> None:
        """Keep the metadata in place of the picture's former one."""
        async with self._database.writing() as connection:
            await upsert(connection, base_art, [asdict(meta)])

    async def touch(self, name: str, checked_at: int) -> None:
        """Note that the upstream has confirmed the picture at `checked_at` (Unix seconds)."""
        async with self._database.writing() as connection:
            await connection.execute(update(base_art).where(base_art.c.name == name).values(checked_at=checked_at))

    async def delete(self, name: str) -> None:
        """Forget the picture."""
        async with self._database.writing() as connection:
            await connection.execute(delete(base_art).where(base_art.c.name == name))
