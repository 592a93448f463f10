"""The layers of a look-up, memory above the image store, and the metadata that vouches for what is stored."""

from collections.abc import Collection, Iterable

from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.interfaces import (
    Compose,
    Composed,
    ImageIndex,
    Layer,
    Lookup,
    LookupObserver,
    SharedImages,
    StoreHealth,
)
from openposterdb.caching.kept import KeptImages
from openposterdb.caching.memory import ImageEntry, ImageMemory
from openposterdb.caching.single_flight import SingleFlight
from openposterdb.caching.verified import VerifiedStore, digest_of, etag_of
from openposterdb.clock import Clock
from openposterdb.domain import ImageKind
from openposterdb.storage.rows import ImageMeta, Purge
from openposterdb.telemetry import span, within_span


class ImageLayers:
    """Rendered images by cache key.

    What memory does not hold is composed of prepared art and known ratings, which are the same for every look of a title:
    that takes hardly longer than to read it, and nothing has to be kept for it but a row of metadata. Redis and the store have
    the bytes of images that are dearer to compose, and of those that a former release has left there.

    A hit in the store is promoted to memory; those who ask for one image at the same time share the reading of it. Writes
    answer from memory at once and reach the store and its metadata behind the answer, as `KeptImages` says. A store or
    database that is away costs a render, never a request. `store` is None where nothing is kept beyond the process,
    `shared` where no other process shares.

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
        self.purges_seen: int | None = None
        self._purged_at = 0.0
        self._kept = KeptImages(store=store, shared=shared, index=index, background=background)
        self._clock = clock
        self._observe = observe
        self._reads: SingleFlight[str, tuple[ImageEntry | None, Lookup]] = SingleFlight()

    @property
    def health(self) -> StoreHealth:
        """How the last write went."""
        return self._kept.health

    async def written(self, key: str) -> None:
        """Wait until the row of an image that was just made is there."""
        await self._kept.written(key)

    async def get(self, kind: ImageKind, key: str, compose: Compose | None = None) -> ImageEntry | None:
        """The image, however old; None when no layer has it whole and it cannot be composed."""
        with span("cache.memory"):
            entry = self.memory.get(key)
        self._observe("memory", key, entry)
        if entry is not None or (self._kept.store is None and self._kept.shared is None and compose is None):
            return entry
        found, layer = await self._reads.run(key, lambda: self._promote(kind, key, compose))
        if compose is not None:
            self._observe("prepared", key, found if layer == "prepared" else None)
        if self._kept.shared is not None and layer != "prepared":
            self._observe("redis", key, found if layer == "redis" else None)
        if self._kept.store is not None and layer not in {"redis", "prepared"}:
            self._observe("store", key, found)
        return found

    async def peek(self, kind: ImageKind, key: str, compose: Compose | None = None) -> ImageEntry | None:
        """The image for somebody who looks on: it is neither promoted nor counted."""
        return self.memory.peek(key) or await self._read(kind, key, compose)

    async def holding(self, kind: ImageKind, key: str, compose: Compose | None = None) -> list[Layer]:
        """The layers that have the image whole, or all that it takes."""
        in_memory = self.memory.peek(key) is not None
        stored = self._kept.store is not None and await self._read(kind, key, compose) is not None
        return [*(["memory"] if in_memory else []), *(["store"] if stored else [])]

    async def put(
        self, kind: ImageKind, key: str, body: bytes, release_date: str | None, *, stored: bool = True
    ) -> ImageEntry:
        """Hold a new image; the entry is what answers. Not `stored`, its row is all that is kept of it."""
        now = self._clock.now()
        entry, digest = await _entry(kind, body, release_date, now)
        self.memory.put(key, entry)
        meta = _meta(kind, key, entry, digest, now, stored=stored)
        if stored:
            self._kept.keep(meta, entry, self.purges_seen)
        else:
            self._kept.note(meta, self.purges_seen)
        return entry

    def adopt(self, key: str, entry: ImageEntry) -> None:
        """Hold in memory what another replica has made and keeps, unless something was purged since."""
        if entry.stored_at > self._purged_at and self.memory.peek(key) is None:
            self.memory.put(key, entry)

    async def renewed(self, kind: ImageKind, key: str, since: float) -> ImageEntry | None:
        """What another replica has made in place of the image of `since` (Unix time); it is in memory from now on."""
        purged_at = self._purged_at
        entry = None if self._kept.shared is None else await self._kept.shared.get(key)
        if (entry is None or entry.stored_at <= since) and self._kept.store is not None:
            entry = await self._read(kind, key, None)
        if entry is None or entry.stored_at <= since:
            return None
        if self._purged_at == purged_at:
            self.memory.put(key, entry)
        return entry

    def forget(self, purge: Purge) -> None:
        """Drop from memory what the purge covers; what is being read now will not come back by it."""
        self._purged_at = self._clock.now()
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
        """See `KeptImages.drop_files`."""
        await self._kept.drop_files(images)

    async def _promote(self, kind: ImageKind, key: str, compose: Compose | None) -> tuple[ImageEntry | None, Lookup]:
        purges_seen = self.purges_seen
        layer: Lookup = "prepared"
        entry, fresh = None, None if compose is None else await within_span("cache.prepared", compose(False))
        if fresh is None:
            layer = "redis"
            entry = None if self._kept.shared is None else await within_span("cache.redis", self._kept.shared.get(key))
        if fresh is None and entry is None:
            entry, fresh = await within_span("cache.store", self._by_row(key, compose))
            layer = "store" if fresh is None else "prepared"
        digest = ""
        if fresh is not None:
            entry, digest = await _entry(kind, fresh.body, fresh.release_date, fresh.made_at)
        made_meanwhile = self.memory.get(key)
        if made_meanwhile is not None:
            return made_meanwhile, layer
        if entry is not None and self._reads.leads(key):
            self.memory.put(key, entry)
            if fresh is not None:
                self._kept.note(_meta(kind, key, entry, digest, self._clock.now(), stored=False), purges_seen)
        return entry, layer if entry is not None else "store"

    async def _by_row(self, key: str, compose: Compose | None) -> tuple[ImageEntry | None, Composed | None]:
        """What the row vouches for: the bytes in the store, or else what its ingredients give."""
        meta = await self._kept.row(key)
        if meta is None:
            return None, None
        if not meta.stored:
            return None, None if compose is None else await compose(True)
        entry = await self._kept.stored(meta)
        if entry is not None:
            self._kept.share(key, entry)
        return entry, None

    async def _read(self, kind: ImageKind, key: str, compose: Compose | None) -> ImageEntry | None:
        meta = await self._kept.row(key)
        if meta is None:
            return None
        if meta.stored:
            return await self._kept.stored(meta)
        made = None if compose is None else await compose(True)
        return None if made is None else (await _entry(kind, made.body, made.release_date, made.made_at))[0]


async def _entry(kind: ImageKind, body: bytes, release_date: str | None, made_at: float) -> tuple[ImageEntry, str]:
    digest = await digest_of(body)
    return ImageEntry(body, kind.content_type_of(body), etag_of(digest), release_date, made_at), digest


def _meta(kind: ImageKind, key: str, entry: ImageEntry, digest: str, now: float, *, stored: bool) -> ImageMeta:
    return ImageMeta(
        cache_key=key,
        kind=kind,
        release_date=entry.release_date,
        created_at=int(now),
        updated_at=int(entry.stored_at),
        length=len(entry.body),
        digest=digest,
        content_type=entry.content_type,
        stored=stored,
    )


def _kind_of(key: str) -> ImageKind:
    """By the mark between title and `@`, which is quicker than to parse thousands of keys."""
    marked = key.partition("@")[0]
    if marked.endswith("_b"):
        return ImageKind.BACKDROP
    return ImageKind.LOGO if "_l_f_" in marked else ImageKind.POSTER
