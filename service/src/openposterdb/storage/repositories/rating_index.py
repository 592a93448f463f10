"""Which ratings a title has: enough to know the cache key of its images without asking anybody."""

from sqlalchemy import select

from openposterdb.domain import TitleId
from openposterdb.storage.database import Database
from openposterdb.storage.rows import RatingIndex
from openposterdb.storage.tables import available_ratings
from openposterdb.storage.upsert import upsert


class RatingIndexRepository:
    """The index by title."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, title: TitleId) -> RatingIndex | None:
        """The title's entry, however old."""
        query = select(available_ratings).where(available_ratings.c.id_key == _id_key(title))
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return RatingIndex(title, row.sources, row.release_date, row.updated_at) if row else None

    async def put(self, index: RatingIndex) -> None:
        """Keep the entry in place of the title's former one."""
        row = {
            "id_key": _id_key(index.title),
            "sources": index.sources,
            "release_date": index.release_date,
            "updated_at": index.updated_at,
        }
        async with self._database.writing() as connection:
            await upsert(connection, available_ratings, [row])


def _id_key(title: TitleId) -> str:
    return f"tmdb/{title}"
