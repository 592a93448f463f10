"""Images beyond memory: bytes in the store and in Redis, and the rows of metadata that vouch for them."""

import asyncio
from collections.abc import Collection
from dataclasses import replace

import structlog

from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.interfaces import ImageIndex, SharedImages, StoreHealth
from openposterdb.caching.keys import store_name
from openposterdb.caching.memory import ImageEntry
from openposterdb.caching.store import StoreUnavailable
from openposterdb.caching.turns import Turns
from openposterdb.caching.verified import VerifiedStore, etag_of
from openposterdb.domain import ImageKind
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.rows import ImageMeta

log = structlog.get_logger(__name__)

GATHERING_SECONDS = 0.25
_MOST_AT_ONCE = 100


class KeptImages:
    """Reads what is kept of images, and writes it behind the answers: first the bytes, then the row.

    Rows of images whose bytes are not kept wait for a quarter of a second and share a transaction, which costs far more than
    a row of it: a change of settings brings thousands of them. `store` is None where nothing is kept beyond the process,
    `shared` where no other process shares. What cannot be kept is told by `health`, and by a line of the log.
    """

    def __init__(
        self,
        *,
        store: VerifiedStore | None,
        shared: SharedImages | None,
        index: ImageIndex,
        background: BackgroundTasks,
    ) -> None:
        self.store = store
        self.shared = shared
        self.health = StoreHealth()
        self._index = index
        self._background = background
        self._turns = Turns()
        self._noted: dict[str, tuple[ImageMeta, int | None]] = {}

    async def row(self, key: str) -> ImageMeta | None:
        """The image's row; None also when the database is away."""
        try:
            return await self._index.get(key)
        except StorageUnavailable as error:
            log.warning("image_not_read", error=str(error))
            return None

    async def stored(self, meta: ImageMeta) -> ImageEntry | None:
        """The bytes that the row vouches for; without them it is deleted."""
        if self.store is None:
            return None
        try:
            name = store_name(meta.kind, meta.cache_key)
            body = await self.store.read(name, length=meta.length, digest=meta.digest)
            if body is None:
                await self._index.delete(meta.cache_key)
                return None
        except (StoreUnavailable, StorageUnavailable) as error:
            log.warning("image_not_read", error=str(error))
            return None
        return ImageEntry(
            body=body,
            content_type=meta.content_type,
            etag=etag_of(meta.digest),
            release_date=meta.release_date,
            stored_at=meta.updated_at,
        )

    def keep(self, meta: ImageMeta, entry: ImageEntry, purges_seen: int | None) -> None:
        """Keep the image, bytes and row, behind the caller, unless a purge later than `purges_seen` covers it."""
        self._noted.pop(meta.cache_key, None)
        self._background.start(self._write(meta, entry, purges_seen), name="keep_image")

    def note(self, meta: ImageMeta, purges_seen: int | None) -> None:
        """Keep the row alone, soon, unless a purge later than `purges_seen` covers the image."""
        waiting = bool(self._noted)
        self._noted[meta.cache_key] = (meta, purges_seen)
        if not waiting:
            self._background.start(self._write_noted(), name="note_images")

    async def written(self, key: str) -> None:
        """Wait until the image's row is there, if it is being written: for those who look at lists right afterwards."""
        noted = self._noted.pop(key, None)
        if noted is None:
            await asyncio.sleep(0)  # a write that was begun just now takes its turn
            async with self._turns.alone_with([key]):
                return
        try:
            await self._write_rows([noted])
        except (StoreUnavailable, StorageUnavailable) as error:
            self._failed(error)

    def share(self, key: str, entry: ImageEntry) -> None:
        """Let the other processes have it, behind the caller."""
        if self.shared is not None:
            self._background.start(self._share(key, entry), name="share_image")

    async def drop_files(self, images: Collection[tuple[str, ImageKind]]) -> None:
        """Delete the files of images whose metadata is gone, unless they were made anew meanwhile.

        Raises StoreUnavailable or StorageUnavailable; a file without metadata answers nobody.
        """
        if (self.store is None and self.shared is None) or not images:
            return
        async with self._turns.alone_with(key for key, _ in images):
            present = await self._index.present([key for key, _ in images])
            await self._drop_bytes([(key, kind) for key, kind in images if key not in present])

    async def _write(self, meta: ImageMeta, entry: ImageEntry, purges_seen: int | None) -> None:
        name = store_name(meta.kind, meta.cache_key)
        try:
            async with self._turns.alone_with([meta.cache_key]):
                if self.store is not None:
                    await self.store.write(name, entry.body)
                if await self._index.put(meta, purges_seen=purges_seen):
                    await self._share(meta.cache_key, entry)
                elif self.store is not None:
                    await self.store.delete(name)
        except (StoreUnavailable, StorageUnavailable) as error:
            self._failed(error)
        else:
            self.health.problem = None

    async def _write_noted(self) -> None:
        await self._background.pause(GATHERING_SECONDS)
        noted, self._noted = list(self._noted.values()), {}
        for start in range(0, len(noted), _MOST_AT_ONCE):
            try:
                await self._write_rows(noted[start : start + _MOST_AT_ONCE])
            except (StoreUnavailable, StorageUnavailable) as error:
                self._failed(error)

    async def _write_rows(self, noted: list[tuple[ImageMeta, int | None]]) -> None:
        """Keep the rows that are not there already in the same words."""
        keys = [meta.cache_key for meta, _ in noted]
        async with self._turns.alone_with(keys):
            before = {row.cache_key: row for row in await self._index.all_of(keys)}

            def is_news(meta: ImageMeta) -> bool:
                row = before.get(meta.cache_key)
                return row is None or replace(meta, created_at=row.created_at) != row

            await self._index.put_all([(meta, seen) for meta, seen in noted if is_news(meta)])
            # what a former release kept of images that are composed from now on
            await self._drop_bytes([(row.cache_key, row.kind) for row in before.values() if row.stored])

    async def _drop_bytes(self, images: Collection[tuple[str, ImageKind]]) -> None:
        if not images:
            return
        if self.shared is not None:
            await self.shared.delete([key for key, _ in images])
        if self.store is not None:
            await self.store.delete(*(store_name(kind, key) for key, kind in images))

    async def _share(self, key: str, entry: ImageEntry) -> None:
        """Unless the image is purged at this moment."""
        if self.shared is None or not await self.shared.put(key, entry):
            return
        try:
            purged = key not in await self._index.present([key])
        except StorageUnavailable:  # nobody can purge either
            return
        if purged:
            await self.shared.delete([key])

    def _failed(self, error: Exception) -> None:
        self.health.problem = str(error)
        log.warning("image_not_kept", error=str(error))
