"""Stale images made again behind the answers, by one replica of all."""

from collections.abc import Callable

import structlog
from cachetools import TTLCache

from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.layers import ImageLayers
from openposterdb.caching.memory import ImageEntry
from openposterdb.clock import Clock
from openposterdb.domain import TitleId
from openposterdb.errors import OpenPosterDBError
from openposterdb.fleet.locks import Locks
from openposterdb.images.generation import Generated, Generation, Incomplete
from openposterdb.images.knowledge import TitleKnowledge
from openposterdb.images.likely import LikelyKeys
from openposterdb.images.request import ImageRequest
from openposterdb.telemetry import Metrics
from openposterdb.upstreams.budgets import Priority
from openposterdb.upstreams.purpose import priority, working_for

log = structlog.get_logger(__name__)

_REFRESH_LOCK_SECONDS = 60
_SECOND_CHOICE_SECONDS = 86_400
_ENTRIES = 10_000


class Renewal:
    """Refreshes images; what is made is handed to `keep`. `locks` is None where no other process shares the work."""

    def __init__(
        self,
        *,
        knowledge: TitleKnowledge,
        likely: LikelyKeys,
        generation: Generation,
        layers: ImageLayers,
        background: BackgroundTasks,
        keep: Callable[[ImageRequest, Generated], object],
        locks: Locks | None,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._knowledge = knowledge
        self._likely = likely
        self._generation = generation
        self._layers = layers
        self._background = background
        self._keep = keep
        self._locks = locks
        self._metrics = metrics
        self._refreshed: TTLCache[str, bool] = TTLCache(_ENTRIES, _REFRESH_LOCK_SECONDS, clock.monotonic)
        self._resolved: TTLCache[str, bool] = TTLCache(_ENTRIES, _SECOND_CHOICE_SECONDS, clock.monotonic)
        self._failing: TTLCache[str, bool] = TTLCache(_ENTRIES, _REFRESH_LOCK_SECONDS, clock.monotonic)

    def behind(self, request: ImageRequest, key: str, entry: ImageEntry) -> None:
        """Make the image again behind the caller, once a minute at most."""
        if key not in self._refreshed:
            self._refreshed[key] = True
            self._background.start(self._refresh(request, key, entry), name="refresh_image")

    def resolve_behind(self, request: ImageRequest, title: TitleId) -> None:
        """Find out behind the caller, once a day, whether a bare number that has meant `title` means it still."""
        if request.requested.alias not in self._resolved:
            self._resolved[request.requested.alias] = True
            self._background.start(self._resolve_again(request, title), name="resolve_again")

    def is_failing(self, key: str) -> bool:
        """Whether the last attempt of this process, in the last minute, has failed."""
        return key in self._failing

    async def _refresh(self, request: ImageRequest, key: str, entry: ImageEntry) -> None:
        """Make the image again; the old one stays when that fails or a provider is away, and is tried again later.

        Of all replicas one does so: the others look for what it made, now and a minute later.
        """
        if self._locks is not None and (
            await self._is_renewed(request, entry)
            or not await self._locks.try_once(f"refresh:{key}", life=_REFRESH_LOCK_SECONDS)
        ):
            self._metrics.refreshes.labels("elsewhere").inc()
            return
        try:
            with working_for(max(Priority.REFRESH, priority())):
                made = await self._generation.generate(request, refresh=True)
        except Incomplete:
            self._failing[key] = True
            self._metrics.refreshes.labels("degraded").inc()
            return
        except OpenPosterDBError as error:
            self._failing[key] = True
            self._metrics.refreshes.labels("failed").inc()
            log.warning("refresh_failed", kind=request.kind.value, error=str(error))
            return
        self._failing.pop(key, None)
        self._keep(request, made)
        self._metrics.refreshes.labels("renewed").inc()

    async def _is_renewed(self, request: ImageRequest, entry: ImageEntry) -> bool:
        """Whether another replica has made the image again, with the badges that it has now; if so, memory has it too."""
        known = await self._knowledge.look_again(request.requested)
        if known is None:
            return False
        for key in self._likely.predicted(request, known):
            if await self._layers.renewed(request.kind, str(key), entry.stored_at) is not None:
                return True
        return False

    async def _resolve_again(self, request: ImageRequest, title: TitleId) -> None:
        """A bare number that meant a series for want of a movie means the movie as soon as there is one."""
        try:
            if await self._generation.means(request.requested) != title:
                await self._generation.generate(request)
        except OpenPosterDBError as error:
            log.warning("id_not_resolved_again", error=str(error))
