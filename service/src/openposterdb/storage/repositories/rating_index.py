"""Which ratings a title has: enough to know the cache key of its images, and to draw them, without asking anybody."""

import json
from typing import Any, Final

import structlog
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select

from openposterdb.domain import TitleId
from openposterdb.storage.database import Database
from openposterdb.storage.rows import RatingIndex
from openposterdb.storage.tables import available_ratings
from openposterdb.storage.upsert import upsert

log = structlog.get_logger(__name__)

_VALUES: Final = TypeAdapter(dict[str, str])


class RatingIndexRepository:
    """The index by title."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, title: TitleId) -> RatingIndex | None:
        """The title's entry, however old."""
        query = select(available_ratings).where(available_ratings.c.id_key == _id_key(title))
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _index_of(title, row) if row else None

    async def put(self, index: RatingIndex) -> None:
        """Keep the entry in place of the title's former one."""
        row = {
            "id_key": _id_key(index.title),
            "sources": index.sources,
            "release_date": index.release_date,
            "updated_at": index.updated_at,
            "badge_values": None if index.values is None else json.dumps(dict(index.values), separators=(",", ":")),
            "badge_values_at": None if index.values is None else index.updated_at,
        }
        async with self._database.writing() as connection:
            await upsert(connection, available_ratings, [row])


def _index_of(title: TitleId, row: Any) -> RatingIndex:
    """The row; without values that an older release has left behind when it renewed the letters, or that are damaged."""
    values: dict[str, str] | None = None
    if row.badge_values is not None and row.badge_values_at == row.updated_at:
        try:
            values = _VALUES.validate_json(row.badge_values)
        except ValidationError:
            log.warning("rating_values_unreadable", title=str(title))
        if values is not None and set(values) != set(row.sources):
            values = None
    return RatingIndex(title, row.sources, row.release_date, row.updated_at, values)


def _id_key(title: TitleId) -> str:
    return f"tmdb/{title}"
