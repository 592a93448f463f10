"""Rendered images that have to go: from memory at once, from store and database in batches, in every process."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import structlog

from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.layers import ImageLayers
from openposterdb.caching.store import StoreUnavailable
from openposterdb.clock import Clock
from openposterdb.errors import StorageUnavailable
from openposterdb.images.shelf import Shelf
from openposterdb.storage.repositories.image_purges import Batch, ImagePurgeRepository
from openposterdb.storage.rows import Purge

log = structlog.get_logger(__name__)

_BATCH: Final = 250
_PATIENCE_SECONDS: Final = 10.0
_READ_AGAIN_SECONDS: Final = 1.0
_READS: Final = 30


@dataclass(slots=True)
class Purging:
    """How far a purge is. `removed` counts images; not `finished`, it goes on behind the answer."""

    removed: int = 0
    finished: bool = False


class ImagePurges:
    """Removes images and the prepared art under them, and drops from this process's memory what any process removed.

    A purge is announced before it begins: what is being written then is not kept. Rows go before files, in batches of short
    transactions: an image without a row answers nobody. It is announced again at its end. What the store cannot delete now stays as a file that answers nobody, and is
    overwritten when the image is made again.
    """

    def __init__(
        self,
        repository: ImagePurgeRepository,
        layers: ImageLayers,
        shelf: Shelf,
        background: BackgroundTasks,
        clock: Clock,
    ) -> None:
        self._repository = repository
        self._layers = layers
        self._shelf = shelf
        self._background = background
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []
        self._one_at_a_time = asyncio.Lock()
        self._hearing = asyncio.Lock()
        self._under_way: set[asyncio.Task[None]] = set()

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever images were dropped from memory by a purge of any process."""
        self._listeners.append(listener)

    async def purge(self, purge: Purge, *, patience: float = _PATIENCE_SECONDS) -> Purging:
        """Remove what it covers; after `patience` seconds the rest goes on behind the caller. Raises StorageUnavailable."""
        purging = Purging()
        task = asyncio.create_task(self._remove(purge, purging))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        done, _ = await asyncio.wait({task}, timeout=patience)
        if done:
            task.result()
        else:
            task.add_done_callback(_note_failure)
        return purging

    def changed(self) -> None:
        """Some process has announced a purge: find out which, behind the caller."""
        self._background.start(self._hear_in_the_end(), name="hear_of_purges")

    async def hear(self) -> None:
        """Drop from memory what was purged since the last look. Raises StorageUnavailable."""
        async with self._hearing:
            seen = self._layers.purges_seen
            news = await self._repository.since(seen or 0)
            if not news:
                self._layers.purges_seen = seen or 0
                return
            first, last = news[0][0], news[-1][0]
            missed = seen is not None and first > seen + 1  # this process was away while news were thrown away
            for purge in (Purge(),) if missed else tuple(dict.fromkeys(purge for _, purge in news)):
                self._layers.forget(purge)
            self._shelf.forget()
            self._layers.purges_seen = last
        self._tell()

    async def drain(self) -> None:
        """Wait for the purges under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _remove(self, purge: Purge, purging: Purging) -> None:
        async with self._one_at_a_time:
            began = int(self._clock.now())
            await self._announce(purge)
            await self._shelf.purge(purge)  # first, so that no image is laid together again out of what has to go
            after: str | None = ""
            while after is not None:
                batch = await self._repository.delete_batch(purge, after=after, limit=_BATCH)
                await self._drop(batch, purging)
                after = batch.last
            if purging.removed:  # somebody may have read a row before it was deleted; what was made since may stay
                before = began + 1 if purge.updated_before is None else min(began + 1, purge.updated_before)
                await self._announce(replace(purge, updated_before=before))
            purging.finished = True
        log.info("images_purged", removed=purging.removed)

    async def _drop(self, batch: Batch, purging: Purging) -> None:
        self._layers.discard(key for key, _ in batch.deleted)
        try:
            await self._layers.drop_files(batch.deleted)
        except (StoreUnavailable, StorageUnavailable) as error:
            log.warning("purged_files_left", files=len(batch.deleted), error=str(error))
        purging.removed += len(batch.deleted)

    async def _announce(self, purge: Purge) -> None:
        """Tell every process, this one at once."""
        await self._repository.tell(purge)
        try:
            await self.hear()
        except StorageUnavailable as error:  # the watch on changes tells of it again
            log.warning("purges_not_heard", error=str(error))
            self._layers.forget(purge)
            self._shelf.forget()
            self._tell()

    async def _hear_in_the_end(self) -> None:
        for _ in range(_READS):
            try:
                return await self.hear()
            except StorageUnavailable as error:
                log.warning("purges_not_heard", error=str(error))
                await self._clock.sleep(_READ_AGAIN_SECONDS)
        return None

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


def _note_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("purge_failed", exc_info=error)
