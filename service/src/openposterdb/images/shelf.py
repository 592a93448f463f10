"""Prepared art by title: in memory, and beyond the process where that keeps it, found without a look at the art itself."""

from dataclasses import dataclass
from typing import Final

import structlog

import openposterdb_render as native
from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.keys import ImageKey
from openposterdb.caching.prepared import PreparedLayers
from openposterdb.caching.single_flight import SingleFlight
from openposterdb.clock import Clock
from openposterdb.images.prepared import PreparedName, PreparedPictures
from openposterdb.storage.rows import PreparedMeta, Purge, art_name_of

log = structlog.get_logger(__name__)

_CONFIRM_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Shelved:
    """Prepared art under its name in memory; `chosen_at` (Unix time) is when it was last found to be the title's."""

    name: PreparedName
    picture: native.Prepared
    chosen_at: int


class Shelf:
    """Prepared art of titles. What is read from Redis or the store is held in memory; those who want it share the reading.

    `purges_seen` of a caller is the last purge that it knew of when it began: what was purged meanwhile is not kept.
    """

    def __init__(
        self, layers: PreparedLayers, pictures: PreparedPictures, background: BackgroundTasks, clock: Clock
    ) -> None:
        self._layers = layers
        self._pictures = pictures
        self._background = background
        self._clock = clock
        self._reads: SingleFlight[PreparedName, native.Prepared | None] = SingleFlight()

    async def find(self, key: ImageKey, options: native.RenderSettings) -> Shelved | None:
        """The art under this image, whichever picture it is made of."""
        row = await self._layers.row(art_name_of(str(key)))
        if row is None:
            return None
        name = PreparedName.of(key.kind, row.art, options)
        picture = self._pictures.get(name) or await self._reads.run(name, lambda: self._read(row, name, options))
        return None if picture is None else Shelved(name, picture, row.chosen_at)

    async def bring(self, key: ImageKey, options: native.RenderSettings, art: str) -> None:
        """Have in memory what was made of `art` (its digest), if it is kept anywhere.

        Who comes here is about to decode: another replica may have done so since this one looked last.
        """
        name = PreparedName.of(key.kind, art, options)
        if self._pictures.get(name) is not None:
            return
        row = await self._layers.row(art_name_of(str(key)), afresh=True)
        if row is not None and row.art == art:
            await self._reads.run(name, lambda: self._read(row, name, options))

    def keep(self, key: ImageKey, options: native.RenderSettings, art: str, purges_seen: int | None) -> bool:
        """Keep what is in memory, behind the caller; False when memory does not have it, since it is too small."""
        picture = self._pictures.get(PreparedName.of(key.kind, art, options))
        if picture is not None:
            self._background.start(self._keep(key, picture, art, purges_seen), name="keep_prepared_art")
        return picture is not None

    async def reject(self, key: ImageKey, shelved: Shelved) -> None:
        """It cannot be drawn on: the next one starts from the art."""
        self._pictures.discard(shelved.name)
        row = await self._layers.row(art_name_of(str(key)))
        if row is not None and row.art == shelved.name.digest:
            await self._layers.drop(row)

    def forget(self) -> None:
        """Something was purged: what is being read is for those who wait for it."""
        self._reads.detach_all()
        self._pictures.clear()
        self._layers.forget()

    async def purge(self, purge: Purge) -> None:
        """Remove what the purge covers. Raises StorageUnavailable."""
        await self._layers.purge(purge)

    async def _read(
        self, row: PreparedMeta, name: PreparedName, options: native.RenderSettings
    ) -> native.Prepared | None:
        data = await self._layers.read(row)
        if data is None:
            return None
        try:
            picture = native.Prepared.from_bytes(name.kind.value, data)
        except native.RenderError as error:
            log.warning("prepared_art_corrupt", code=error.code)
            picture = None
        if picture is None or not picture.fits(options):
            await self._layers.drop(row)
            return None
        if self._reads.leads(name):
            self._pictures.put(name, picture)
        return picture

    async def _keep(self, key: ImageKey, picture: native.Prepared, art: str, purges_seen: int | None) -> None:
        name, now = art_name_of(str(key)), int(self._clock.now())
        row = await self._layers.row(name)
        if row is None or row.art != art:
            await self._layers.keep(name, key.kind, picture.to_bytes(), art=art, chosen_at=now, purges_seen=purges_seen)
        elif now - row.chosen_at >= _CONFIRM_SECONDS:
            await self._layers.confirm(row, now)
