"""The layers of a look-up, memory above the image store, and the metadata that vouches for what is stored."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Literal, Protocol
from weakref import WeakValueDictionary

import structlog

from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.keys import store_name
from openposterdb.caching.memory import ImageEntry, ImageMemory
from openposterdb.caching.single_flight import SingleFlight
from openposterdb.caching.store import StoreUnavailable
from openposterdb.caching.verified import VerifiedStore, digest_of, etag_of
from openposterdb.clock import Clock
from openposterdb.domain import ImageKind
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.rows import ImageMeta, Purge
from openposterdb.telemetry import span, within_span

log = structlog.get_logger(__name__)

Layer = Literal["memory", "redis", "store"]


class ImageIndex(Protocol):
    """Metadata of rendered images by cache key; any call may raise `StorageUnavailable`."""

    async def get(self, cache_key: str) -> ImageMeta | None:
        """The metadata, or None."""
        ...

    async def present(self, cache_keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that have metadata."""
        ...

    async def put(self, meta: ImageMeta, *, purges_seen: int | None = None) -> bool:
        """Keep the metadata; an existing row keeps its creation time. False when a purge since then forbids it."""
        ...

    async def delete(self, cache_key: str) -> None:
        """Forget the metadata."""
        ...


class SharedImages(Protocol):
    """What several processes hold in memory together. It never fails: what is away has nothing and keeps nothing."""

    async def get(self, key: str) -> ImageEntry | None:
        """The image, however old."""
        ...

    async def put(self, key: str, entry: ImageEntry) -> bool:
        """Share the image; whether it was."""
        ...

    async def delete(self, keys: Collection[str]) -> bool:
        """Forget the images; whether they were."""
        ...


class LookupObserver(Protocol):
    """Told the outcome of every look-up in a layer: the image, or None."""

    def __call__(self, layer: Layer, key: str, found: ImageEntry | None) -> None:
        """Count it."""
        ...


@dataclass(slots=True)
class StoreHealth:
    """Why the last write to the store failed, or None; shown by `/readyz`."""

    problem: str | None = None


class ImageLayers:
    """Rendered images by cache key.

    A hit in the store is promoted to memory; those who ask for one image at the same time share the reading of it. Writes
    answer from memory at once and reach the store and its metadata behind the answer: first the bytes, then the row that
    vouches for them. A store or database that is away costs a render, never a request. `store` is None where nothing is
    kept beyond the process, `shared` where no other process shares.

    `purges_seen` is the number of the last purge that this process knows of: what was made before a later one is not kept.
    """

    def __init__(
        self,
        *,
        memory: ImageMemory,
        store: VerifiedStore | None,
        index: ImageIndex,
        background: BackgroundTasks,
        clock: Clock,
        observe: LookupObserver,
        shared: SharedImages | None = None,
    ) -> None:
        self.memory = memory
        self.health = StoreHealth()
        self.purges_seen: int | None = None
        self._store = store
        self._shared = shared
        self._index = index
        self._background = background
        self._clock = clock
        self._observe = observe
        self._reads: SingleFlight[str, tuple[ImageEntry | None, Layer]] = SingleFlight()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def get(self, kind: ImageKind, key: str) -> ImageEntry | None:
        """The image, however old; None when no layer has it whole."""
        with span("cache.memory"):
            entry = self.memory.get(key)
        self._observe("memory", key, entry)
        if entry is not None or (self._store is None and self._shared is None):
            return entry
        found, layer = await self._reads.run(key, lambda: self._promote(kind, key))
        if self._shared is not None:
            self._observe("redis", key, found if layer == "redis" else None)
        if self._store is not None and layer != "redis":
            self._observe("store", key, found)
        return found

    async def peek(self, kind: ImageKind, key: str) -> ImageEntry | None:
        """The image for somebody who looks on: it is neither promoted nor counted."""
        entry = self.memory.peek(key)
        if entry is not None or self._store is None:
            return entry
        return await self._read(self._store, kind, key)

    async def holding(self, kind: ImageKind, key: str) -> list[Layer]:
        """The layers that have the image whole."""
        in_memory = self.memory.peek(key) is not None
        stored = self._store is not None and await self._read(self._store, kind, key) is not None
        return [*(["memory"] if in_memory else []), *(["store"] if stored else [])]

    async def put(self, kind: ImageKind, key: str, body: bytes, release_date: str | None) -> ImageEntry:
        """Hold a new image; the entry is what answers."""
        now = self._clock.now()
        digest = await digest_of(body)
        entry = ImageEntry(
            body=body,
            content_type=kind.content_type,
            etag=etag_of(digest),
            release_date=release_date,
            stored_at=now,
        )
        self.memory.put(key, entry)
        meta = ImageMeta(
            cache_key=key,
            kind=kind,
            release_date=release_date,
            created_at=int(now),
            updated_at=int(now),
            length=len(body),
            digest=digest,
            content_type=entry.content_type,
        )
        self._background.start(self._write(meta, entry, self.purges_seen), name="keep_image")
        return entry

    def forget(self, purge: Purge) -> None:
        """Drop from memory what the purge covers; what is being read now will not come back by it."""
        self._reads.detach_all()
        for key, entry in self.memory.items():
            if purge.covers(key, _kind_of(key), entry.stored_at):
                self.memory.discard(key)

    def discard(self, keys: Iterable[str]) -> None:
        """Drop the images from memory; what is being read now will not come back by it."""
        for key in keys:
            self._reads.detach(key)
            self.memory.discard(key)

    async def drop_files(self, images: Collection[tuple[str, ImageKind]]) -> None:
        """Delete the files of images whose metadata is gone, unless they were made anew meanwhile.

        Raises StoreUnavailable or StorageUnavailable; a file without metadata answers nobody.
        """
        if (self._store is None and self._shared is None) or not images:
            return
        async with self._alone_with(key for key, _ in images):
            present = await self._index.present([key for key, _ in images])
            gone = [(key, kind) for key, kind in images if key not in present]
            if self._shared is not None:
                await self._shared.delete([key for key, _ in gone])
            if self._store is not None:
                await self._store.delete(*(store_name(kind, key) for key, kind in gone))

    async def _promote(self, kind: ImageKind, key: str) -> tuple[ImageEntry | None, Layer]:
        layer: Layer = "redis"
        entry = None if self._shared is None else await within_span("cache.redis", self._shared.get(key))
        if entry is None:
            layer = "store"
            entry = (
                None if self._store is None else await within_span("cache.store", self._read(self._store, kind, key))
            )
            if entry is not None and self._shared is not None:
                self._background.start(self._share(key, entry), name="share_image")
        made_meanwhile = self.memory.get(key)
        if made_meanwhile is not None:
            return made_meanwhile, layer
        if entry is not None and self._reads.leads(key):
            self.memory.put(key, entry)
        return entry, layer

    async def _share(self, key: str, entry: ImageEntry) -> None:
        """Let the other processes have it, unless it is purged at this moment."""
        if self._shared is None or not await self._shared.put(key, entry):
            return
        try:
            purged = key not in await self._index.present([key])
        except StorageUnavailable:  # nobody can purge either
            return
        if purged:
            await self._shared.delete([key])

    async def _read(self, store: VerifiedStore, kind: ImageKind, key: str) -> ImageEntry | None:
        try:
            meta = await self._index.get(key)
            if meta is None:
                return None
            body = await store.read(store_name(kind, key), length=meta.length, digest=meta.digest)
            if body is None:
                await self._index.delete(key)
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

    async def _write(self, meta: ImageMeta, entry: ImageEntry, purges_seen: int | None) -> None:
        name = store_name(meta.kind, meta.cache_key)
        try:
            async with self._alone_with([meta.cache_key]):
                if self._store is not None:
                    await self._store.write(name, entry.body)
                kept = await self._index.put(meta, purges_seen=purges_seen)
                if kept:
                    await self._share(meta.cache_key, entry)
                elif self._store is not None:
                    await self._store.delete(name)
        except (StoreUnavailable, StorageUnavailable) as error:
            self.health.problem = str(error)
            log.warning("image_not_kept", error=str(error))
        else:
            self.health.problem = None

    @asynccontextmanager
    async def _alone_with(self, keys: Iterable[str]) -> AsyncGenerator[None]:
        """Hold back this process's other writes of these images; the order of keys keeps holders from waiting in a ring."""
        async with AsyncExitStack() as held:
            for key in sorted(set(keys)):
                lock = self._locks.get(key)
                if lock is None:
                    lock = self._locks[key] = asyncio.Lock()
                await held.enter_async_context(lock)
            yield


def _kind_of(key: str) -> ImageKind:
    """By the mark between title and `@`, which is quicker than to parse thousands of keys."""
    marked = key.partition("@")[0]
    if marked.endswith("_b"):
        return ImageKind.BACKDROP
    return ImageKind.LOGO if "_l_f_" in marked else ImageKind.POSTER
