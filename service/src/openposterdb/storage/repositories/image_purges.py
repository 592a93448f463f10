"""Purges of rendered images: rows that go, and the news of it that every process reads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from openposterdb.clock import Clock
from openposterdb.domain import ImageKind, TitleId
from openposterdb.storage.changes import announce
from openposterdb.storage.database import Database
from openposterdb.storage.rows import Purge
from openposterdb.storage.tables import changes, image_meta, image_purges

_KEPT_SECONDS = 86_400
_KINDS = {kind.letter: kind for kind in ImageKind}


@dataclass(frozen=True, slots=True)
class Batch:
    """What was deleted, and the key to go on behind; None when that was all."""

    deleted: tuple[tuple[str, ImageKind], ...]
    last: str | None


class ImagePurgeRepository:
    """Deletes metadata in batches, each in a short transaction of its own, and keeps for a day what was purged."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def tell(self, purge: Purge) -> None:
        """Announce the purge (topic `images`): from now on nothing that was made before is kept any more."""
        now = int(self._clock.now())
        row = {
            "at": now,
            "cache_key": purge.cache_key,
            "title": None if purge.title is None else str(purge.title),
            "image_type": None if purge.kind is None else purge.kind.letter,
            "updated_before": purge.updated_before,
        }
        async with self._database.writing() as connection:
            await announce(connection, "images")
            await connection.execute(delete(image_purges).where(image_purges.c.at < now - _KEPT_SECONDS))
            await connection.execute(insert(image_purges).values(row))

    async def delete_batch(self, purge: Purge, *, after: str, limit: int) -> Batch:
        """Delete up to `limit` rows with keys beyond `after`, in the order of their keys; announce the purge before.

        They are looked for before the transaction begins, which is short therefore.
        """
        table = image_meta.c
        wanted = (_conditions(purge), table.cache_key > after)
        query = select(table.cache_key).where(*wanted).order_by(table.cache_key).limit(limit)
        async with self._database.reading() as connection:
            keys = [str(key) for (key,) in await connection.execute(query)]
        gone = delete(image_meta).where(table.cache_key.in_(keys), _conditions(purge))
        if not keys:
            return Batch((), None)
        async with self._database.writing() as connection:
            rows = await connection.execute(gone.returning(table.cache_key, table.image_type))
            deleted = tuple((str(key), _KINDS[kind]) for key, kind in rows)
        return Batch(deleted, keys[-1] if len(keys) == limit else None)

    async def since(self, seen: int) -> tuple[tuple[int, Purge], ...]:
        """The purges with a number above `seen` that are still kept, oldest first, with their numbers."""
        query = select(image_purges).where(image_purges.c.id > seen).order_by(image_purges.c.id)
        async with self._database.reading() as connection:
            return tuple((int(row.id), _purge(row)) for row in await connection.execute(query))


async def is_purged(connection: AsyncConnection, seen: int, covered: Callable[[Purge], bool]) -> bool:
    """Whether something is `covered` by a purge later than the one of number `seen`. See `purges_since`."""
    return any(covered(purge) for _, purge in await purges_since(connection, seen))


async def purges_since(connection: AsyncConnection, seen: int) -> list[tuple[int, Purge]]:
    """The purges later than the one of number `seen`, with their numbers.

    Within a writing transaction no purge can come between this and what is written: SQLite has one writer, and elsewhere
    the purge waits at its announcement.
    """
    if connection.dialect.name != "sqlite":
        await connection.execute(select(changes.c.topic).where(changes.c.topic == "images").with_for_update(read=True))
    rows = await connection.execute(select(image_purges).where(image_purges.c.id > seen))
    return [(int(row.id), _purge(row)) for row in rows]


def of_title(title: TitleId, key: ColumnElement[Any] = image_meta.c.cache_key) -> ColumnElement[bool]:
    """Rows of this title, by a range of keys: its number is followed by `@` or `_`, and no other key lies between them."""
    return and_(key >= f"tmdb/{title}@", key < f"tmdb/{title}`")


def _conditions(purge: Purge) -> ColumnElement[bool]:
    table = image_meta.c
    conditions: list[ColumnElement[bool]] = []
    if purge.cache_key is not None:
        conditions.append(table.cache_key == purge.cache_key)
    if purge.title is not None:
        conditions.append(of_title(purge.title))
    if purge.kind is not None:
        conditions.append(table.image_type == purge.kind.letter)
    if purge.updated_before is not None:
        conditions.append(table.updated_at < purge.updated_before)
    return and_(true(), *conditions)


def _purge(row: Any) -> Purge:
    return Purge(
        cache_key=row.cache_key,
        title=None if row.title is None else TitleId.parse(row.title),
        kind=None if row.image_type is None else _KINDS[row.image_type],
        updated_before=row.updated_before,
    )
