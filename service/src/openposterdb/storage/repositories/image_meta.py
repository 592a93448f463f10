"""What is known of the rendered images in the store."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, func, select

from openposterdb.domain import ImageKind
from openposterdb.storage.database import Database
from openposterdb.storage.repositories.image_purges import purges_since
from openposterdb.storage.rows import ImageMeta
from openposterdb.storage.tables import image_meta
from openposterdb.storage.upsert import upsert

_KINDS = {kind.letter: kind for kind in ImageKind}


class ImageMetaRepository:
    """Metadata by cache key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, cache_key: str) -> ImageMeta | None:
        """The image's metadata."""
        query = select(image_meta).where(image_meta.c.cache_key == cache_key)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return meta_of(row) if row else None

    async def present(self, cache_keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that are known; a few hundred at a time."""
        query = select(image_meta.c.cache_key).where(image_meta.c.cache_key.in_(list(cache_keys)))
        async with self._database.reading() as connection:
            return frozenset(str(key) for (key,) in await connection.execute(query))

    async def put(self, meta: ImageMeta, *, purges_seen: int | None = None) -> bool:
        """Keep the metadata; an image that was known already keeps its `created_at` and its kind.

        False, and nothing is kept, when the image was purged meanwhile: by a purge later than `purges_seen`, the last one
        that was known of when the image was made.
        """
        return await self.put_all([(meta, purges_seen)]) == 1

    async def all_of(self, cache_keys: Collection[str]) -> tuple[ImageMeta, ...]:
        """The metadata of those of the keys that are known; a few hundred at a time."""
        query = select(image_meta).where(image_meta.c.cache_key.in_(list(cache_keys)))
        async with self._database.reading() as connection:
            return tuple(meta_of(row) for row in await connection.execute(query))

    async def put_all(self, metas: Collection[tuple[ImageMeta, int | None]]) -> int:
        """Keep several, of distinct keys, in one transaction: what `put` does with each and its `purges_seen`. How many were."""
        if not metas:
            return 0
        seen = [number for _, number in metas if number is not None]
        async with self._database.writing() as connection:
            purges = await purges_since(connection, min(seen)) if seen else []

            def is_purged_since(meta: ImageMeta, seen: int | None) -> bool:
                later = [purge for number, purge in purges if seen is not None and number > seen]
                return any(purge.covers(meta.cache_key, meta.kind, meta.updated_at) for purge in later)

            rows = [_row_of(meta) for meta, seen in metas if not is_purged_since(meta, seen)]
            await upsert(connection, image_meta, rows, keep=("created_at", "image_type"))
        return len(rows)

    async def delete(self, cache_key: str) -> None:
        """Forget the image."""
        async with self._database.writing() as connection:
            await connection.execute(delete(image_meta).where(image_meta.c.cache_key == cache_key))

    async def count(self, kind: ImageKind | None = None) -> int:
        """Images known, of one kind or of all."""
        query = select(func.count()).select_from(image_meta)
        if kind is not None:
            query = query.where(image_meta.c.image_type == kind.letter)
        async with self._database.reading() as connection:
            return int((await connection.execute(query)).scalar_one())


def _row_of(meta: ImageMeta) -> dict[str, Any]:
    return {
        "cache_key": meta.cache_key,
        "release_date": meta.release_date,
        "image_type": meta.kind.letter,
        "created_at": meta.created_at,
        "updated_at": meta.updated_at,
        "length": meta.length,
        "digest": meta.digest,
        "content_type": meta.content_type,
        "stored": meta.stored,
    }


def meta_of(row: Any) -> ImageMeta:
    """A row of the table."""
    return ImageMeta(
        cache_key=row.cache_key,
        kind=_KINDS[row.image_type],
        release_date=row.release_date,
        created_at=row.created_at,
        updated_at=row.updated_at,
        length=row.length,
        digest=row.digest,
        content_type=row.content_type,
        stored=bool(row.stored),
    )
