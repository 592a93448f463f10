"""Lists of the rendered images: filtered, sorted, page by page, quick with a million of them.

Pages are found by the last row of the page before (keyset), which new rows do not shift, or by their number. Every order
ends with the cache key, so that it is total; each has an index that begins with the image's kind. Unknown release dates are
the earliest.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    and_,
    case,
    false,
    func,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from openposterdb.domain import ImageKind, ImageSize, TitleId
from openposterdb.storage.database import Database
from openposterdb.storage.repositories.image_meta import meta_of
from openposterdb.storage.repositories.image_purges import of_title
from openposterdb.storage.rows import ImageMeta
from openposterdb.storage.tables import image_meta

Sort = Literal["created", "updated", "released", "key"]
Tier = Literal["tmdb", "textless", "language", "fanart"]

_MARKS: Final = frozenset("@_")
_YEAR_ONE: Final = -62_135_596_800
_TABLE: Final = image_meta.c
_COLUMNS: Final[dict[Sort, ColumnElement[Any]]] = {
    "created": _TABLE.created_at,
    "updated": _TABLE.updated_at,
    "released": _TABLE.release_date,
    "key": _TABLE.cache_key,
}


@dataclass(frozen=True, slots=True)
class Ages:
    """By which images count as stale: `least` and `most` seconds (`caching.staleness`), at `now`."""

    least: int
    most: int
    now: int


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """Which images of a kind: those to which every member that is not None applies.

    `titles` holds any of which is meant; `prefix` is the start of the cache key; `stale` needs `ages`.
    """

    kind: ImageKind
    titles: Collection[TitleId] | None = None
    prefix: str | None = None
    size: ImageSize | None = None
    tier: Tier | None = None
    stale: bool | None = None
    ages: Ages | None = None


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
        query = select(func.count()).select_from(image_meta).where(_conditions(chosen))
        async with self._database.reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def page(
        self, chosen: ImageFilter, order: Order, *, limit: int, after: Place | None = None, skip: int = 0
    ) -> tuple[ImageMeta, ...]:
        """Up to `limit` images behind `after`, or from the start without the first `skip`."""
        column = _COLUMNS[order.sort]
        sorted_by = [column] if order.sort == "key" else [column, _TABLE.cache_key]
        query = select(image_meta).where(_conditions(chosen)).limit(limit).offset(skip)
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

    async def sums(self) -> dict[ImageKind, tuple[int, int]]:
        """Images and their bytes, by kind."""
        query = select(_TABLE.image_type, func.count(), func.sum(_TABLE.length)).group_by(_TABLE.image_type)
        kinds = {kind.letter: kind for kind in ImageKind}
        async with self._database.reading() as connection:
            return {kinds[letter]: (int(images), int(size)) for letter, images, size in await connection.execute(query)}


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


def _conditions(chosen: ImageFilter) -> ColumnElement[bool]:
    few = chosen.titles is not None or not _MARKS.isdisjoint(chosen.prefix or "")  # beyond a mark it is one title's
    # Few images are found by their keys and sorted then; the index of the order asked for would be gone through row by row.
    kind = _TABLE.image_type.concat("") if few else _TABLE.image_type
    conditions: list[ColumnElement[bool]] = [kind == chosen.kind.letter]
    if chosen.titles is not None:
        conditions.append(or_(false(), *(of_title(title) for title in chosen.titles)))
    if chosen.prefix:
        conditions.append(_begins_with(chosen.prefix))
    if chosen.size is not None:
        size = f".z{chosen.size.code}"
        conditions.append(or_(_TABLE.cache_key.endswith(size), _TABLE.cache_key.contains(f"{size}.")))
    if chosen.tier is not None:
        conditions.append(_of_tier(chosen.kind, chosen.tier))
    if chosen.stale is not None and chosen.ages is not None:
        stale = _is_stale(chosen.ages)
        conditions.append(stale if chosen.stale else not_(stale))
    return and_(*conditions)


def _begins_with(prefix: str) -> ColumnElement[bool]:
    if not (prefix.isascii() and prefix.isprintable()):  # no key is like that
        return false()
    successor = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return and_(_TABLE.cache_key >= prefix, _TABLE.cache_key < successor)


def _of_tier(kind: ImageKind, tier: Tier) -> ColumnElement[bool]:
    """By the mark in the key: of logos and backdrops there is one tier each."""
    if kind is not ImageKind.POSTER:
        return true() if tier == ("language" if kind is ImageKind.LOGO else "fanart") else false()
    textless = _TABLE.cache_key.contains("_f_tl@", autoescape=True)
    fanart = _TABLE.cache_key.contains("_f_any_", autoescape=True)
    marked = _TABLE.cache_key.contains("_", autoescape=True)
    return {
        "tmdb": not_(marked),
        "textless": textless,
        "fanart": fanart,
        "language": and_(marked, not_(textless), not_(fanart)),
    }[tier]


def _is_stale(ages: Ages) -> ColumnElement[bool]:
    """`staleness.stale_after` without its jitter, so right to within a tenth of it.

    Days compare as text; only titles of between now and `most` seconds ago need their age computed.
    """
    day = _TABLE.release_date
    age = ages.now - midnight(day)
    limit = case(
        (or_(day.is_(None), not_(is_day(day)), day > _day(ages.now)), ages.least),
        (day <= _day(ages.now - ages.most), 0),
        else_=ages.least + age * (ages.most - ages.least) // ages.most,
    )
    return and_(limit > 0, ages.now - _TABLE.updated_at > limit)


def _day(unix: int) -> str:
    return datetime.fromtimestamp(max(unix, _YEAR_ONE), UTC).strftime("%Y-%m-%d").rjust(10, "0")


class is_day(FunctionElement[bool]):  # noqa: N801 - a function of SQL
    """Whether a text has the form of a day, `1994-09-23`."""

    name = "is_day"
    type = Boolean()
    inherit_cache = True


class midnight(FunctionElement[int]):  # noqa: N801 - a function of SQL
    """The Unix time at which a day begins."""

    name = "midnight"
    type = BigInteger()
    inherit_cache = True


def _argument(element: Any, compiler: Any, **options: Any) -> str:
    (day,) = (compiler.process(clause, **options) for clause in element.clauses)
    return str(day)


@compiles(is_day, "sqlite")
def _is_day_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"{_argument(element, compiler, **options)} GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'"


@compiles(is_day, "postgresql")
def _is_day_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"{_argument(element, compiler, **options)} ~ '^[0-9]{{4}}-[01][0-9]-[0-3][0-9]$'"


@compiles(midnight, "sqlite")
def _midnight_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {_argument(element, compiler, **options)}) AS INTEGER)"


@compiles(midnight, "postgresql")
def _midnight_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(extract(epoch FROM to_date({_argument(element, compiler, **options)}, 'YYYY-MM-DD')) AS BIGINT)"
