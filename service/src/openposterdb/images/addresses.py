"""The addresses of CDN mode: a hash that stands for a request's settings, good in every process and after every restart."""

import re
from typing import Final, Protocol

import structlog
from cachetools import TTLCache

from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.loading import LoadingCache
from openposterdb.clock import Clock
from openposterdb.errors import NotFound, StorageUnavailable
from openposterdb.settings.canonical import CanonicalForm
from openposterdb.storage.repositories.cdn_settings import CdnRequest

log = structlog.get_logger(__name__)

REDIRECT_SECONDS: Final = 3900
"""How long a redirect may be kept by whoever got it, and has to lead somewhere."""

_HASH: Final = re.compile(r"[0-9a-f]{32}")
_RENEWED_SECONDS: Final = 86_400
_BELIEVED_SECONDS: Final = 43_200
_UNUSED_SECONDS: Final = 400 * 86_400
_MOST_ROWS: Final = 200_000
_MOST_TAKEN: Final = 2 * _MOST_ROWS
"""Where no more are handed out: rows that redirects may lead to cannot be deleted, so many more are somebody's mischief."""
_MOST_HELD: Final = 10_000
_UNKNOWN_SECONDS: Final = 2
_FAILED_SECONDS: Final = 5
_PRUNE_SECONDS: Final = 3600


class StoredRequests(Protocol):
    """Requests by hash, kept for good; any call may raise `StorageUnavailable`."""

    async def get(self, digest: str) -> CdnRequest | None:
        """The request behind a hash."""
        ...

    async def put(self, digest: str, request: str, at: int) -> None:
        """Keep a request, used now."""
        ...

    async def prune(self, *, unused_since: int, most: int, used_before: int) -> int:
        """Delete what nobody uses, and the oldest of too many."""
        ...

    async def count(self) -> int:
        """How many are kept."""
        ...


class CdnAddresses:
    """Hashes of requests, and the requests behind hashes.

    What this process has seen costs no call: a row's existence is believed for half a day, and its time of use renewed at
    most once a day, by whoever hands the address out or answers it. The time in a row is as far behind at most, and that
    is allowed for where rows are deleted: none goes to which a redirect may still lead.
    """

    def __init__(
        self,
        stored: StoredRequests,
        background: BackgroundTasks,
        clock: Clock,
        *,
        renderer_epoch: int,
        most_taken: int = _MOST_TAKEN,
    ) -> None:
        self._stored = stored
        self._background = background
        self._clock = clock
        self._epoch = renderer_epoch
        self._most_taken = most_taken
        self._known: LoadingCache[str, None] = LoadingCache(max_entries=_MOST_HELD, ttl=_BELIEVED_SECONDS, clock=clock)
        self._forms: LoadingCache[str, CanonicalForm] = LoadingCache(
            max_entries=_MOST_HELD, ttl=_BELIEVED_SECONDS, clock=clock
        )
        self._unknown: TTLCache[str, bool] = TTLCache(_MOST_HELD, _UNKNOWN_SECONDS, clock.monotonic)
        self._failed_until = 0.0
        self._full = False

    async def hash_of(self, form: CanonicalForm) -> str:
        """The hash of a request, known to every process from now on. StorageUnavailable when it cannot be made known."""
        digest = form.hash(renderer_epoch=self._epoch)
        await self._known.get(digest, lambda: self._make_known(digest, form))
        return digest

    async def request_of(self, digest: str) -> CanonicalForm:
        """The request behind a hash. NotFound for one that nobody has handed out, StorageUnavailable."""
        if digest in self._unknown or not _HASH.fullmatch(digest):
            raise NotFound("not found")
        return await self._forms.get(digest, lambda: self._read(digest))

    async def prune(self) -> None:
        """Delete what nobody has used for a year, and of very many requests those used longest ago."""
        now = int(self._clock.now())
        handed_out_before = now - _RENEWED_SECONDS - _BELIEVED_SECONDS - REDIRECT_SECONDS
        try:
            gone = await self._stored.prune(
                unused_since=now - _UNUSED_SECONDS, most=_MOST_ROWS, used_before=handed_out_before
            )
            self._full = await self._stored.count() >= self._most_taken
        except StorageUnavailable as error:
            log.warning("cdn_addresses_not_pruned", error=str(error))
            return
        if gone:
            log.info("cdn_addresses_pruned", addresses=gone)

    async def run(self) -> None:
        """Prune every hour until cancelled."""
        while True:
            await self._clock.sleep(_PRUNE_SECONDS)
            await self.prune()

    async def _make_known(self, digest: str, form: CanonicalForm) -> None:
        """Write the request unless it is written; after a failure nobody waits for the database for a few seconds."""
        if self._clock.monotonic() < self._failed_until:
            raise StorageUnavailable("the database could not be written a moment ago")
        try:
            known = await self._stored.get(digest)
            taken = known is not None or not self._full
            if taken and (known is None or self._is_worn(known)):
                await self._stored.put(digest, str(form), int(self._clock.now()))
        except StorageUnavailable:
            self._failed_until = self._clock.monotonic() + _FAILED_SECONDS
            raise
        if not taken:
            raise StorageUnavailable("there are too many addresses already")
        self._forms.put(digest, form)
        self._unknown.pop(digest, None)

    async def _read(self, digest: str) -> CanonicalForm:
        known = await self._stored.get(digest)
        try:
            form = CanonicalForm.parse(known.request) if known is not None else None
        except ValueError as error:
            log.warning("cdn_address_unreadable", hash=digest, error=str(error))
            form = None
        if known is None or form is None:
            self._unknown[digest] = True
            raise NotFound("not found")
        if self._is_worn(known):
            self._background.start(self._renew(digest, known), name="renew_cdn_address")
        return form

    async def _renew(self, digest: str, known: CdnRequest) -> None:
        try:
            await self._stored.put(digest, known.request, int(self._clock.now()))
        except StorageUnavailable as error:
            log.warning("cdn_address_not_renewed", error=str(error))

    def _is_worn(self, known: CdnRequest) -> bool:
        """Whether the time of use has to be renewed."""
        return known.used_at + _RENEWED_SECONDS <= self._clock.now()
