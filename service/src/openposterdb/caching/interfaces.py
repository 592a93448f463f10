"""What the layers of images need from others, and what they say to them."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Literal, Protocol

from openposterdb.caching.memory import ImageEntry
from openposterdb.storage.rows import ImageMeta

Layer = Literal["memory", "redis", "store"]

Lookup = Literal["memory", "redis", "store", "prepared"]
"""Where an image was looked for; `prepared` means that it was laid together out of its ingredients."""


class ImageIndex(Protocol):
    """Metadata of rendered images by cache key; any call may raise `StorageUnavailable`."""

    async def get(self, cache_key: str) -> ImageMeta | None:
        """The metadata, or None."""
        ...

    async def present(self, cache_keys: Collection[str]) -> frozenset[str]:
        """Those of the keys that have metadata."""
        ...

    async def all_of(self, cache_keys: Collection[str]) -> Collection[ImageMeta]:
        """The metadata of those of the keys that have some."""
        ...

    async def put_all(self, metas: Collection[tuple[ImageMeta, int | None]]) -> int:
        """Keep several of distinct keys at once, each with its `purges_seen`, but for those that a purge forbids. How many were."""
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

    def __call__(self, layer: Lookup, key: str, found: ImageEntry | None) -> None:
        """Count it."""
        ...


@dataclass(frozen=True, slots=True)
class Composed:
    """An image that was laid together; it is as old as the older of its ingredients, by `made_at` (Unix time)."""

    body: bytes
    release_date: str | None
    made_at: float


Compose = Callable[[bool], Awaitable[Composed | None]]
"""Lays an image together without asking an upstream, or says that it cannot be. Its argument is whether there is such an image
already, whose ingredients may therefore be of any age; otherwise they have to be fresh."""


@dataclass(slots=True)
class StoreHealth:
    """Why the last write to the store failed, or None; shown by `/readyz`."""

    problem: str | None = None
