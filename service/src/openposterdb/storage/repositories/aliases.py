"""Id forms that clients asked by, and the titles that they were resolved to."""

from collections.abc import Mapping

from sqlalchemy import select

from openposterdb.domain import TitleId
from openposterdb.storage.database import Database
from openposterdb.storage.rows import Alias
from openposterdb.storage.tables import title_aliases
from openposterdb.storage.upsert import upsert


class AliasRepository:
    """Aliases by their text, such as `imdb/tt0111161`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, alias: str) -> Alias | None:
        """What `alias` was resolved to last."""
        query = select(title_aliases).where(title_aliases.c.alias == alias)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Alias(row.alias, TitleId(row.media, row.tmdb), row.updated_at) if row else None

    async def put_many(self, aliases: Mapping[str, TitleId], at: int) -> None:
        """Note that each alias was resolved at `at` (Unix seconds)."""
        rows = [
            {"alias": alias, "media": title.media, "tmdb": title.tmdb, "updated_at": at}
            for alias, title in aliases.items()
        ]
        if rows:
            async with self._database.writing() as connection:
                await upsert(connection, title_aliases, rows)
