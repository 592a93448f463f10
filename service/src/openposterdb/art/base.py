"""Base pictures: out of the store while they are fresh, else downloaded, and kept once they have proved good."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Final, Protocol
from weakref import WeakValueDictionary

import structlog

from openposterdb.art.choice import Picture
from openposterdb.caching.single_flight import SingleFlight
from openposterdb.caching.store import StoreUnavailable
from openposterdb.caching.verified import VerifiedStore, digest_of
from openposterdb.clock import Clock
from openposterdb.errors import BadArt, NotFound, StorageUnavailable, UpstreamError
from openposterdb.storage.rows import BaseArtMeta
from openposterdb.upstreams.pictures import Download, Validators

log = structlog.get_logger(__name__)

_UNKNOWN: Final = Validators()


class BaseArtIndex(Protocol):
    """What is noted of every stored picture."""

    async def get(self, name: str) -> BaseArtMeta | None:
        """The note, or None."""
        ...

    async def put(self, meta: BaseArtMeta) -> None:
        """Note, in place of what was noted before."""
        ...

    async def touch(self, name: str, checked_at: int) -> None:
        """Note that the upstream has confirmed the picture at `checked_at` (Unix seconds)."""
        ...

    async def delete(self, name: str) -> None:
        """Forget; nothing happens when there is none."""
        ...


class Downloads(Protocol):
    """Where the pictures of one service come from."""

    async def download(self, url: str, held: Validators | None = None) -> Download | None:
        """The picture, or None when the held copy is still good."""
        ...


@dataclass(frozen=True, slots=True, weakref_slot=True)
class BaseArt:
    """A picture's bytes and their SHA-256; `stored` is true when they came out of the store and so were decoded before."""

    data: bytes
    digest: str
    stored: bool
    validators: Validators = _UNKNOWN


class BaseArtReader:
    """Reads base pictures; downloads of one picture are shared, also with those who come while it is still being drawn on.

    `image_stale_secs` is when a picture of TMDB is asked for again, 0 for never; Fanart's never change. `downloads` has
    one source per service. Store and index may be away: then everything is downloaded and nothing kept.
    """

    def __init__(
        self,
        store: VerifiedStore,
        index: BaseArtIndex,
        downloads: Mapping[str, Downloads],
        *,
        image_stale_secs: int,
        clock: Clock,
    ) -> None:
        self._store = store
        self._index = index
        self._downloads = downloads
        self._stale_secs = image_stale_secs
        self._clock = clock
        self._fetches: SingleFlight[str, BaseArt] = SingleFlight()
        # what is downloaded and neither kept nor rejected, for as long as somebody works with it
        self._unproved: WeakValueDictionary[str, BaseArt] = WeakValueDictionary()

    async def fetch(self, picture: Picture) -> BaseArt:
        """The picture's bytes. Raises NotFound, BadArt or an UpstreamError when there is no copy to fall back on."""
        name = picture.store_name

        async def fetch() -> BaseArt:
            art = await self._fetch(picture)
            if not art.stored:
                self._unproved[name] = art
            return art

        return self._unproved.get(name) or await self._fetches.run(name, fetch)

    async def keep(self, picture: Picture, art: BaseArt) -> None:
        """Store bytes that the renderer has decoded; a failure to do so is logged and nothing more."""
        if art.stored:
            return
        now = int(self._clock.now())
        meta = BaseArtMeta(
            name=picture.store_name,
            length=len(art.data),
            digest=art.digest,
            fetched_at=now,
            checked_at=now,
            last_modified=art.validators.last_modified,
            etag=art.validators.etag,
        )
        try:
            await self._store.write(picture.store_name, art.data)
            await self._index.put(meta)
        except (StoreUnavailable, StorageUnavailable) as error:
            log.warning("base_art_write_failed", name=picture.store_name, error=str(error))
        self._unproved.pop(picture.store_name, None)

    async def reject(self, picture: Picture, art: BaseArt | None = None) -> None:
        """Take note that the renderer cannot decode `art`.

        A stored picture is dropped. One that was just downloaded in its place is not: the copy at hand stays, and counts
        as checked, so that it is served until it is stale again.
        """
        self._unproved.pop(picture.store_name, None)
        try:
            if art is not None and not art.stored:
                await self._index.touch(picture.store_name, int(self._clock.now()))
                return
            await self._index.delete(picture.store_name)
            await self._store.delete(picture.store_name)
        except (StoreUnavailable, StorageUnavailable) as error:
            log.warning("base_art_not_dropped", name=picture.store_name, error=str(error))

    async def _fetch(self, picture: Picture) -> BaseArt:
        meta, held = await self._read(picture)
        if meta is None or held is None:
            return await self._download(picture, None)
        if self._is_fresh(picture, meta):
            return held
        try:
            return await self._revalidate(picture, meta, held)
        except (UpstreamError, NotFound, BadArt) as error:  # better an old poster than none
            log.warning("base_art_refetch_failed", name=picture.store_name, error=str(error))
            return held

    async def _read(self, picture: Picture) -> tuple[BaseArtMeta | None, BaseArt | None]:
        try:
            meta = await self._index.get(picture.store_name)
            if meta is None:
                return None, None
            data = await self._store.read(picture.store_name, length=meta.length, digest=meta.digest)
        except (StoreUnavailable, StorageUnavailable) as error:
            log.warning("base_art_read_failed", name=picture.store_name, error=str(error))
            return None, None
        return meta, None if data is None else BaseArt(data, meta.digest, stored=True)

    def _is_fresh(self, picture: Picture, meta: BaseArtMeta) -> bool:
        if picture.service != "tmdb" or self._stale_secs <= 0:
            return True
        return self._clock.now() - meta.checked_at <= self._stale_secs

    async def _revalidate(self, picture: Picture, meta: BaseArtMeta, held: BaseArt) -> BaseArt:
        since = meta.last_modified or formatdate(meta.fetched_at, usegmt=True)
        downloaded = await self._downloads[picture.service].download(picture.url, Validators(since, meta.etag))
        if downloaded is not None:
            return await _new(downloaded)
        try:
            await self._index.touch(meta.name, int(self._clock.now()))
        except (StoreUnavailable, StorageUnavailable) as error:
            log.warning("base_art_write_failed", name=picture.store_name, error=str(error))
        return held

    async def _download(self, picture: Picture, held: Validators | None) -> BaseArt:
        downloaded = await self._downloads[picture.service].download(picture.url, held)
        if downloaded is None:  # without a condition there is no 304
            raise BadArt(f"{picture.service}: no picture in the answer")
        return await _new(downloaded)


async def _new(downloaded: Download) -> BaseArt:
    return BaseArt(downloaded.data, await digest_of(downloaded.data), stored=False, validators=downloaded.validators)
