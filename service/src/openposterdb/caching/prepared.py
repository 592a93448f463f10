"""Prepared art of titles beyond the process: its bytes in Redis and the store, and the rows that vouch for them.

A name (`storage.rows.art_name_of`) is that of an image without its badges, so that all looks of a title share one picture,
and a store does not grow by the number of settings. A row says which picture it was made of, by which renderer, and what
the bytes are. Rows are held for a minute, to be forgotten with every purge.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Final, Protocol

import structlog

from openposterdb.caching.interfaces import StoreHealth
from openposterdb.caching.loading import LoadingCache
from openposterdb.caching.store import StoreUnavailable
from openposterdb.caching.turns import Turns
from openposterdb.caching.verified import VerifiedStore, digest_of
from openposterdb.clock import Clock
from openposterdb.domain import ImageKind
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.rows import PreparedMeta, Purge

log = structlog.get_logger(__name__)

_ROW_SECONDS: Final = 60
_ROWS: Final = 10_000
_BATCH: Final = 250


class PreparedIndex(Protocol):
    """Rows of prepared art by name; any call may raise `StorageUnavailable`."""

    async def get(self, name: str) -> PreparedMeta | None:
        """The row, whichever renderer made it."""
        ...

    async def present(self, names: Collection[str]) -> frozenset[str]:
        """Those of the names that have a row."""
        ...

    async def put(self, meta: PreparedMeta, *, purges_seen: int | None) -> bool:
        """Keep the row. False when a purge since then forbids it."""
        ...

    async def touch(self, name: str, art: str, chosen_at: int) -> None:
        """Note that `art` was found to be the title's again."""
        ...

    async def delete(self, meta: PreparedMeta) -> None:
        """Forget the row, unless it is another one by now."""
        ...

    async def delete_batch(self, purge: Purge, *, limit: int) -> tuple[tuple[str, ImageKind], ...]:
        """Delete some of what the purge covers; nothing when nothing is left."""
        ...


class SharedBytes(Protocol):
    """What several processes hold in memory together. It never fails: what is away has nothing and keeps nothing."""

    async def get(self, key: str) -> bytes | None:
        """The bytes, unchecked."""
        ...

    async def put(self, key: str, value: bytes) -> bool:
        """Share the bytes; whether they were."""
        ...

    async def delete(self, keys: Collection[str]) -> bool:
        """Forget the keys; whether they were."""
        ...


class PreparedLayers:
    """Prepared art by name, of one renderer's `epoch` and one `quality`; what another one made is not there.

    Store, Redis and database may be away: then nothing is found, and nothing kept. `store` is None where nothing is kept
    beyond the process, `shared` where no other process shares.
    """

    def __init__(
        self,
        *,
        store: VerifiedStore | None,
        shared: SharedBytes | None,
        index: PreparedIndex,
        epoch: int,
        quality: int,
        health: StoreHealth,
        clock: Clock,
    ) -> None:
        self._health = health
        self._store = store
        self._shared = shared
        self._index = index
        self._epoch = epoch
        self._quality = quality
        self._rows: LoadingCache[str, PreparedMeta | None] = LoadingCache(
            max_entries=_ROWS, ttl=_ROW_SECONDS, clock=clock
        )
        self._turns = Turns()

    async def row(self, name: str, *, afresh: bool = False) -> PreparedMeta | None:
        """What is known of the art, if this renderer made it; `afresh` does not believe that lately there was nothing."""
        if afresh and self._rows.peek(name) is None:
            self._rows.discard(name)
        try:
            meta = await self._rows.get(name, lambda: self._index.get(name))
        except StorageUnavailable as error:
            log.warning("prepared_art_unknown", error=str(error))
            return None
        return meta if meta is not None and (meta.epoch, meta.quality) == (self._epoch, self._quality) else None

    async def read(self, meta: PreparedMeta) -> bytes | None:
        """The bytes that the row vouches for, from Redis or else from the store; None when neither has them whole."""
        if self._shared is not None:
            held = await self._shared.get(meta.name)
            if held is not None and len(held) == meta.length and await digest_of(held) == meta.digest:
                return held
        if self._store is None:
            return None
        try:
            found = await self._store.read(_file(meta.kind, meta.name), length=meta.length, digest=meta.digest)
        except StoreUnavailable as error:
            log.warning("prepared_art_not_read", error=str(error))
            return None
        if found is None:
            await self.drop(meta)
        elif self._shared is not None:
            await self._shared.put(meta.name, found)
        return found

    async def keep(
        self, name: str, kind: ImageKind, data: bytes, *, art: str, chosen_at: int, purges_seen: int | None
    ) -> None:
        """Keep what was made of `art`: first the bytes, then the row. A failure is logged and nothing more."""
        meta = PreparedMeta(
            name=name,
            kind=kind,
            epoch=self._epoch,
            quality=self._quality,
            art=art,
            chosen_at=chosen_at,
            length=len(data),
            digest=await digest_of(data),
        )
        try:
            async with self._turns.alone_with([name]):
                if self._store is not None:
                    await self._store.write(_file(kind, name), data)
                if self._shared is not None:
                    await self._shared.put(name, data)
                if await self._index.put(meta, purges_seen=purges_seen):
                    self._rows.put(name, meta)
                else:
                    await self._delete_bytes([(name, kind)])
        except (StoreUnavailable, StorageUnavailable) as error:
            self._health.problem = str(error)
            log.warning("prepared_art_not_kept", error=str(error))
        else:
            self._health.problem = None

    async def confirm(self, meta: PreparedMeta, chosen_at: int) -> None:
        """The title's art was found to be this one still."""
        try:
            await self._index.touch(meta.name, meta.art, chosen_at)
        except StorageUnavailable as error:
            log.warning("prepared_art_not_kept", error=str(error))
            return
        if self._rows.peek(meta.name) == meta:
            self._rows.put(meta.name, replace(meta, chosen_at=chosen_at))

    async def drop(self, meta: PreparedMeta) -> None:
        """The bytes are gone or no picture: forget the row."""
        self._rows.discard(meta.name)
        try:
            await self._index.delete(meta)
        except StorageUnavailable as error:
            log.warning("prepared_art_not_dropped", error=str(error))

    def forget(self) -> None:
        """Something was purged: look at every row again."""
        self._rows.clear()

    async def purge(self, purge: Purge) -> None:
        """Remove what the purge covers, rows before bytes; bytes that cannot be deleted now stay, and answer nobody.

        Raises StorageUnavailable.
        """
        while gone := await self._index.delete_batch(purge, limit=_BATCH):
            self.forget()
            async with self._turns.alone_with(name for name, _ in gone):
                again = await self._index.present([name for name, _ in gone])
                try:
                    await self._delete_bytes([(name, kind) for name, kind in gone if name not in again])
                except StoreUnavailable as error:
                    log.warning("purged_files_left", files=len(gone), error=str(error))

    async def _delete_bytes(self, gone: Collection[tuple[str, ImageKind]]) -> None:
        if self._shared is not None:
            await self._shared.delete([name for name, _ in gone])
        if self._store is not None:
            await self._store.delete(*(_file(kind, name) for name, kind in gone))


def _file(kind: ImageKind, name: str) -> str:
    return f"prepared/{kind.folder}/{name}.{kind.extension}"
