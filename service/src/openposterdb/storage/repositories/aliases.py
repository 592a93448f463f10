"""Id forms that clients asked by, and the titles that they were resolved to."""

from collections.abc import Collection

from sqlalchemy import select

from openposterdb.domain import TitleId
from openposterdb.storage.database import Database
from openposterdb.storage.tables import title_aliases
from openposterdb.storage.upsert import upsert


class AliasRepository:
    """Titles by alias, such as `imdb/tt0111161`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, alias: str) -> TitleId | None:
        """The title that `alias` was resolved to last, however long ago."""
        query = select(title_aliases).where(title_aliases.c.alias == alias)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return TitleId(row.media, row.tmdb) if row else None

    async def of(self, title: TitleId) -> tuple[str, ...]:
        """Every alias that was resolved to the title, in alphabetical order."""
        table = title_aliases.c
        query = select(table.alias).where(table.media == title.media, table.tmdb == title.tmdb).order_by(table.alias)
        async with self._database.reading() as connection:
            return tuple(str(alias) for (alias,) in await connection.execute(query))

    async def put_many(self, aliases: Collection[str], title: TitleId, at: int) -> None:
        """Note that all of `aliases` were found to mean `title` at `at` (Unix seconds)."""
        columns = {"media": title.media, "tmdb": title.tmdb, "updated_at": at}
        rows = [{"alias": alias, **columns} for alias in dict.fromkeys(aliases)]
        if rows:
            async with self._database.writing() as connection:
                await upsert(connection, title_aliases, rows)
