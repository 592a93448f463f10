"""Lists of the rendered images: filtered, sorted, page by page, quick with a million of them.

Pages are found by the last row of the page before (keyset), which new rows do not shift, or by their number. Every order
ends with the cache key, so that it is total; each has an index that begins with the image's kind. Unknown release dates are
the earliest.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select, tuple_

from openposterdb.domain import ImageKind, TitleId
from openposterdb.storage.database import Database
from openposterdb.storage.repositories.image_filters import ImageFilter, conditions_of
from openposterdb.storage.repositories.image_meta import meta_of
from openposterdb.storage.repositories.image_purges import of_title
from openposterdb.storage.rows import ImageMeta
from openposterdb.storage.tables import image_meta

Sort = Literal["created", "updated", "released", "key"]

_TABLE: Final = image_meta.c
_COLUMNS: Final[dict[Sort, ColumnElement[Any]]] = {
    "created": _TABLE.created_at,
    "updated": _TABLE.updated_at,
    "released": _TABLE.release_date,
    "key": _TABLE.cache_key,
}


@dataclass(frozen=True, slots=True)
class Sums:
    """Images, their bytes, and the bytes of those that are not composed when they are asked for."""

    images: int = 0
    size: int = 0
    stored: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """By what, and whether backwards."""

    sort: Sort = "created"
    descending: bool = False

    def place_of(self, meta: ImageMeta) -> "Place":
        """Where an image stands in this order."""
        values = {"created": meta.created_at, "updated": meta.updated_at, "released": meta.release_date, "key": None}
        return Place(values[self.sort], meta.cache_key)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an order: the value that is sorted by (None for an unknown date and in the order of keys), and the key."""

    value: int | str | None
    cache_key: str


class ImageListRepository:
    """Reads pages of metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, chosen: ImageFilter) -> int:
        """How many images the filter lets through."""
        query = select(func.count()).select_from(image_meta).where(conditions_of(chosen))
        async with self._database.reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def page(
        self, chosen: ImageFilter, order: Order, *, limit: int, after: Place | None = None, skip: int = 0
    ) -> tuple[ImageMeta, ...]:
        """Up to `limit` images behind `after`, or from the start without the first `skip`."""
        column = _COLUMNS[order.sort]
        sorted_by = [column] if order.sort == "key" else [column, _TABLE.cache_key]
        query = select(image_meta).where(conditions_of(chosen)).limit(limit).offset(skip)
        query = query.order_by(*(part.desc() if order.descending else part.asc() for part in sorted_by))
        if order.sort == "released":
            first, rest = sorted_by
            nulls = first.desc().nulls_last() if order.descending else first.asc().nulls_first()
            query = query.order_by(None).order_by(nulls, rest.desc() if order.descending else rest.asc())
        if after is not None:
            query = query.where(_beyond(order, after))
        async with self._database.reading() as connection:
            return tuple(meta_of(row) for row in await connection.execute(query))

    async def has_any(self, title: TitleId) -> bool:
        """Whether there is any image of the title."""
        query = select(_TABLE.cache_key).where(of_title(title)).limit(1)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).first() is not None

    async def sums(self) -> dict[ImageKind, Sums]:
        """What there is of each kind."""
        kept = case((_TABLE.stored, _TABLE.length), else_=0)
        query = select(_TABLE.image_type, func.count(), func.sum(_TABLE.length), func.sum(kept))
        kinds = {kind.letter: kind for kind in ImageKind}
        async with self._database.reading() as connection:
            rows = await connection.execute(query.group_by(_TABLE.image_type))
            return {kinds[letter]: Sums(*(int(value) for value in values)) for letter, *values in rows}


def _beyond(order: Order, place: Place) -> ColumnElement[bool]:
    """Rows behind a place. A row comparison stays within the index, where an OR of its parts would not."""
    key, column = _TABLE.cache_key, _COLUMNS[order.sort]
    if order.sort == "key":
        return key < place.cache_key if order.descending else key > place.cache_key
    if place.value is None:  # an unknown date, the earliest of all
        unknown = column.is_(None)
        if order.descending:
            return and_(unknown, key < place.cache_key)
        return or_(not_(unknown), key > place.cache_key)
    here, there = tuple_(column, key), tuple_(place.value, place.cache_key)
    if not order.descending:
        return here > there
    return or_(here < there, column.is_(None)) if order.sort == "released" else here < there
