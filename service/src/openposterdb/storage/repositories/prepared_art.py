"""What is known of the prepared art in the store."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, delete, func, select, true, update

from openposterdb.domain import ImageKind
from openposterdb.storage.database import Database
from openposterdb.storage.repositories.image_purges import is_purged, of_title
from openposterdb.storage.rows import PreparedMeta, Purge
from openposterdb.storage.tables import prepared_art
from openposterdb.storage.upsert import upsert

_KINDS = {kind.letter: kind for kind in ImageKind}
_TABLE = prepared_art.c


class PreparedArtRepository:
    """Metadata by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> PreparedMeta | None:
        """The art's metadata, whichever renderer made it."""
        query = select(prepared_art).where(_TABLE.name == name)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _meta_of(row) if row else None

    async def present(self, names: Collection[str]) -> frozenset[str]:
        """Those of the names that are known; a few hundred at a time."""
        query = select(_TABLE.name).where(_TABLE.name.in_(list(names)))
        async with self._database.reading() as connection:
            return frozenset(str(name) for (name,) in await connection.execute(query))

    async def put(self, meta: PreparedMeta, *, purges_seen: int | None) -> bool:
        """Keep the metadata; False, and nothing is kept, when a purge later than `purges_seen` covers it."""
        row = {
            "name": meta.name,
            "image_type": meta.kind.letter,
            "epoch": meta.epoch,
            "quality": meta.quality,
            "art": meta.art,
            "chosen_at": meta.chosen_at,
            "length": meta.length,
            "digest": meta.digest,
        }
        async with self._database.writing() as connection:
            if purges_seen is not None and await is_purged(
                connection, purges_seen, lambda purge: purge.covers_art(meta.name, meta.kind, meta.chosen_at)
            ):
                return False
            await upsert(connection, prepared_art, [row])
        return True

    async def touch(self, name: str, art: str, chosen_at: int) -> None:
        """Note that `art` was found to be the title's at `chosen_at` (Unix seconds)."""
        chosen = update(prepared_art).where(_TABLE.name == name, _TABLE.art == art).values(chosen_at=chosen_at)
        async with self._database.writing() as connection:
            await connection.execute(chosen)

    async def delete(self, meta: PreparedMeta) -> None:
        """Forget the art, unless it was made anew meanwhile."""
        async with self._database.writing() as connection:
            gone = delete(prepared_art).where(_TABLE.name == meta.name, _TABLE.digest == meta.digest)
            await connection.execute(gone)

    async def delete_batch(self, purge: Purge, *, limit: int) -> tuple[tuple[str, ImageKind], ...]:
        """Delete up to `limit` rows that the purge covers; none are left when none were deleted."""
        query = select(_TABLE.name).where(*_conditions(purge)).limit(limit)
        async with self._database.reading() as connection:
            names = [str(name) for (name,) in await connection.execute(query)]
        if not names:
            return ()
        gone = delete(prepared_art).where(_TABLE.name.in_(names), *_conditions(purge))
        async with self._database.writing() as connection:
            rows = await connection.execute(gone.returning(_TABLE.name, _TABLE.image_type))
            return tuple((str(name), _KINDS[letter]) for name, letter in rows)

    async def sums(self) -> dict[ImageKind, int]:
        """Bytes, by kind."""
        query = select(_TABLE.image_type, func.sum(_TABLE.length)).group_by(_TABLE.image_type)
        async with self._database.reading() as connection:
            return {_KINDS[letter]: int(size) for letter, size in await connection.execute(query)}


def _conditions(purge: Purge) -> list[Any]:
    conditions: list[Any] = [true()]
    if purge.art_name is not None:
        conditions.append(_TABLE.name == purge.art_name)
    if purge.title is not None:
        conditions.append(of_title(purge.title, _TABLE.name))
    if purge.kind is not None:
        conditions.append(_TABLE.image_type == purge.kind.letter)
    if purge.updated_before is not None:
        conditions.append(_TABLE.chosen_at < purge.updated_before)
    return [and_(*conditions)]


def _meta_of(row: Any) -> PreparedMeta:
    return PreparedMeta(
        name=row.name,
        kind=_KINDS[row.image_type],
        epoch=row.epoch,
        quality=row.quality,
        art=row.art,
        chosen_at=row.chosen_at,
        length=row.length,
        digest=row.digest,
    )
