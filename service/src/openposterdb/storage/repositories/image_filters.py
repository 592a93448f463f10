"""Which of the rendered images are meant, as conditions on their metadata."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from sqlalchemy import ColumnElement, and_, case, false, not_, or_, true

from openposterdb.domain import ImageKind, ImageSize, TitleId
from openposterdb.storage.days import is_day, midnight
from openposterdb.storage.repositories.image_purges import of_title
from openposterdb.storage.tables import image_meta

Tier = Literal["tmdb", "textless", "language", "fanart"]

_MARKS: Final = frozenset("@_")
_YEAR_ONE: Final = -62_135_596_800
_TABLE: Final = image_meta.c


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


def conditions_of(chosen: ImageFilter) -> ColumnElement[bool]:
    """What a row has to meet for the filter to let it through."""
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
