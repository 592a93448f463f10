"""`/api/admin/stats`: how much there is, how it is used, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import structlog
from pydantic import BaseModel, Field

from openposterdb import __version__
from openposterdb.caching.loading import LoadingCache
from openposterdb.composition import Collaborators
from openposterdb.domain import ImageKind
from openposterdb.errors import StorageUnavailable
from openposterdb.http.api.calls import AdminCall
from openposterdb.http.api.endpoints import Api
from openposterdb.http.health import DatabaseJudge, store_verdict
from openposterdb.images import RENDERER_EPOCH
from openposterdb.storage.repositories.image_lists import ImageListRepository
from openposterdb.telemetry import totals

log = structlog.get_logger(__name__)

TAG: Final = "Statistics"
_MEBIBYTE: Final = 1024 * 1024
_COUNTS_SECONDS: Final = 5.0


class Stored(BaseModel):
    """Images in the store."""

    images: int
    bytes: int


class Memory(BaseModel):
    """Pictures in memory; `max_bytes` is the bound."""

    entries: int
    bytes: int
    max_bytes: int


class Lookups(BaseModel):
    """Look-ups of images in one layer."""

    hits: int
    misses: int


class Renders(BaseModel):
    """Pictures drawn, images and previews; `coalesced` requests joined another's work."""

    images: int
    previews: int
    coalesced: int


class Upstream(BaseModel):
    """Calls of one service by outcome; an open circuit means that it fails and is left alone for a moment."""

    circuit: Literal["closed", "open"] | None
    calls: dict[str, int]


class Health(BaseModel):
    """`ok`, or what is wrong."""

    database: str
    image_store: str


class Stats(BaseModel):
    """What this process knows. Totals are those of the database, everything else is of this process since its start."""

    total_images: int
    total_api_keys: int
    mem_cache_entries: int
    id_cache_entries: int
    ratings_cache_entries: int
    image_mem_cache_mb: int
    images: Annotated[dict[ImageKind, Stored], Field(description="What is stored, by kind.")]
    memory: Annotated[Memory, Field(description="Rendered images.")]
    prepared: Annotated[Memory, Field(description="Art that is prepared for badges.")]
    lookups: Annotated[
        dict[str, Lookups],
        Field(description="By layer; `hot` answers before a request is looked at, so it has no misses."),
    ]
    renders: Renders
    degraded: Annotated[dict[str, int], Field(description="Answers made without a service, by service.")]
    refreshes: Annotated[dict[str, int], Field(description="Refreshes behind answers, by outcome.")]
    upstreams: Annotated[dict[str, Upstream], Field(description="By service; pictures have circuits of their own.")]
    preview_bytes: int
    health: Health
    uptime_seconds: int
    version: str
    renderer: Annotated[int, Field(description="The renderer's epoch: pictures of another are made again.")]


@dataclass(frozen=True, slots=True)
class _Counts:
    stored: Mapping[ImageKind, tuple[int, int]]
    keys: int


class StatsRoutes:
    """Statistics; what the database counts is a few seconds old at most, or older while it is away."""

    def __init__(self, collaborators: Collaborators) -> None:
        self._parts = collaborators
        self._lists = ImageListRepository(collaborators.database)
        self._judge = DatabaseJudge(collaborators.database)
        self._counts: LoadingCache[None, _Counts] = LoadingCache(
            max_entries=1, ttl=_COUNTS_SECONDS, clock=collaborators.clock
        )
        self._last: _Counts | None = None
        self._began = collaborators.clock.monotonic()

    def add_to(self, api: Api) -> None:
        """Add the operation."""
        api.get("/api/admin/stats", tag=TAG)(self.statistics)

    async def statistics(self, _call: AdminCall) -> Stats:
        """Tell how much there is, how it is used, and what is wrong."""
        parts, memory, prepared = self._parts, self._parts.memory, self._parts.prepared
        counts = await self._counted()
        return Stats(
            total_images=sum(images for images, _ in counts.stored.values()),
            total_api_keys=counts.keys,
            mem_cache_entries=len(memory),
            id_cache_entries=parts.knowledge.held + parts.titles.held,
            ratings_cache_entries=parts.ratings.held,
            image_mem_cache_mb=memory.bytes // _MEBIBYTE,
            images={kind: _stored(counts.stored.get(kind, (0, 0))) for kind in ImageKind},
            memory=Memory(entries=len(memory), bytes=memory.bytes, max_bytes=memory.max_bytes),
            prepared=Memory(entries=len(prepared), bytes=prepared.bytes, max_bytes=prepared.max_bytes),
            lookups=self._lookups(),
            renders=self._renders(),
            degraded=_by_label(totals(parts.metrics.degraded, "reason")),
            refreshes=_by_label(totals(parts.metrics.refreshes, "outcome")),
            upstreams=self._upstreams(),
            preview_bytes=parts.previews.held_bytes,
            health=Health(database=await self._judge.verdict(), image_store=store_verdict(parts)),
            uptime_seconds=int(parts.clock.monotonic() - self._began),
            version=__version__,
            renderer=RENDERER_EPOCH,
        )

    async def _counted(self) -> _Counts:
        try:
            self._last = await self._counts.get(None, self._count)
        except StorageUnavailable as error:
            if self._last is None:
                raise
            log.warning("statistics_not_counted", error=str(error))
        return self._last

    async def _count(self) -> _Counts:
        return _Counts(await self._lists.sums(), await self._parts.key_repository.count())

    def _lookups(self) -> dict[str, Lookups]:
        metrics = self._parts.metrics
        counted = totals(metrics.cache_requests, "layer", "result")
        hot = totals(metrics.http_requests, "route").get(("hot",), 0)
        layers = {
            layer: Lookups(
                hits=counted.get((layer, "hit"), 0) + counted.get((layer, "stale"), 0),
                misses=counted.get((layer, "miss"), 0),
            )
            for layer in ("memory", "prepared", "store")
        }
        return {"hot": Lookups(hits=hot, misses=0), **layers}

    def _renders(self) -> Renders:
        metrics = self._parts.metrics
        return Renders(
            images=sum(totals(metrics.render_seconds).values()),
            previews=sum(totals(metrics.preview_seconds).values()),
            coalesced=sum(totals(metrics.coalesced).values()),
        )

    def _upstreams(self) -> dict[str, Upstream]:
        calls: dict[str, dict[str, int]] = {}
        for (service, outcome), count in totals(self._parts.metrics.upstream_requests, "service", "outcome").items():
            calls.setdefault(service, {})[outcome] = count
        circuits = self._parts.circuits
        return {
            name: Upstream(
                circuit=("open" if circuits[name].is_open else "closed") if name in circuits else None,
                calls=calls.get(name, {}),
            )
            for name in sorted({*circuits, *calls})
        }


def _stored(sums: tuple[int, int]) -> Stored:
    return Stored(images=sums[0], bytes=sums[1])


def _by_label(counted: Mapping[tuple[str, ...], int]) -> dict[str, int]:
    return {label: count for (label,), count in counted.items()}
