"""`/api/admin/stats`: how much there is, how it is used, and what is wrong."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from openposterdb import __version__
from openposterdb.caching.loading import LoadingCache
from openposterdb.composition import Collaborators
from openposterdb.domain import ImageKind
from openposterdb.errors import StorageUnavailable
from openposterdb.http.api.calls import AdminCall
from openposterdb.http.api.endpoints import Api
from openposterdb.http.api.stats_shapes import (
    Database,
    Disk,
    Health,
    Lookups,
    Memory,
    Process,
    Queue,
    Renders,
    Requests,
    Stats,
    Stored,
    Upstream,
)
from openposterdb.http.health import DatabaseJudge, store_verdict
from openposterdb.http.image_query import IMAGE_ROUTES
from openposterdb.images import RENDERER_EPOCH
from openposterdb.storage.repositories import PreparedArtRepository
from openposterdb.storage.repositories.image_lists import ImageListRepository, Sums
from openposterdb.telemetry import SECONDS, durations, level, levels, totals
from openposterdb.telemetry.machine import process_use, room_of

log = structlog.get_logger(__name__)

TAG: Final = "Statistics"
_MEBIBYTE: Final = 1024 * 1024
_COUNTS_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Counts:
    images: Mapping[ImageKind, Sums]
    prepared: Mapping[ImageKind, int]
    keys: int


class StatsRoutes:
    """Statistics; what the database counts is a few seconds old at most, or older while it is away."""

    def __init__(self, collaborators: Collaborators) -> None:
        self._parts = collaborators
        self._lists = ImageListRepository(collaborators.database)
        self._prepared = PreparedArtRepository(collaborators.database)
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
        health, database = await self._health()
        parts.metrics.settle()
        return Stats(
            total_images=sum(sums.images for sums in counts.images.values()),
            total_api_keys=counts.keys,
            mem_cache_entries=len(memory),
            id_cache_entries=parts.knowledge.held + parts.titles.held,
            ratings_cache_entries=parts.ratings.held,
            image_mem_cache_mb=memory.bytes // _MEBIBYTE,
            images={kind: _stored(counts.images.get(kind, Sums()), counts.prepared.get(kind, 0)) for kind in ImageKind},
            memory=Memory(entries=len(memory), bytes=memory.bytes, max_bytes=memory.max_bytes),
            prepared=Memory(entries=len(prepared), bytes=prepared.bytes, max_bytes=prepared.max_bytes),
            lookups=self._lookups(),
            duration_bounds=list(SECONDS),
            requests=self._requests(),
            renders=self._renders(),
            queue=self._queue(),
            degraded=_by_label(totals(parts.metrics.degraded, "reason")),
            refreshes=_by_label(totals(parts.metrics.refreshes, "outcome")),
            upstreams=self._upstreams(),
            preview_bytes=parts.previews.held_bytes,
            health=health,
            database=database,
            process=_process(),
            disk=await self._disk(),
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
        return _Counts(await self._lists.sums(), await self._prepared.sums(), await self._parts.key_repository.count())

    async def _health(self) -> tuple[Health, Database]:
        parts = self._parts
        began = parts.clock.monotonic()
        verdict = await self._judge.verdict()
        taken = (parts.clock.monotonic() - began) * 1000
        return (
            Health(
                database=verdict,
                image_store=store_verdict(parts),
                redis=None if parts.fleet is None else parts.fleet.state(),
            ),
            Database(
                kind="postgresql" if parts.database.engine.dialect.name == "postgresql" else "sqlite",
                milliseconds=round(taken, 2) if verdict == "ok" else None,
            ),
        )

    async def _disk(self) -> Disk | None:
        environment = self._parts.environment
        if environment.external_cache_only or environment.image_store_url is not None:
            return None
        room = await asyncio.to_thread(room_of, environment.cache_dir)
        if room is None:
            return None
        most = environment.cache_max_mb
        return Disk(total_bytes=room.total, free_bytes=room.free, max_bytes=None if most is None else most * _MEBIBYTE)

    def _lookups(self) -> dict[str, Lookups]:
        metrics = self._parts.metrics
        counted = totals(metrics.cache_requests, "layer", "result")
        hot = totals(metrics.http_requests, "route").get(("hot",), 0)
        shared = () if self._parts.fleet is None else ("redis",)
        layers = ("memory", *shared, "prepared", "store")
        return {
            "hot": Lookups(hits=hot, misses=0),
            **{
                layer: Lookups(
                    hits=counted.get((layer, "hit"), 0) + counted.get((layer, "stale"), 0),
                    misses=counted.get((layer, "miss"), 0),
                )
                for layer in layers
            },
        }

    def _requests(self) -> Requests:
        metrics = self._parts.metrics
        answered: dict[str, int] = {}
        for (route, status), count in totals(metrics.http_requests, "route", "status").items():
            if route == "hot" or route in IMAGE_ROUTES:
                answered[status[:1]] = answered.get(status[:1], 0) + count
        timed = durations(metrics.http_seconds, "route")
        return Requests(answered=answered, durations=_sum(timed[route] for route in timed if route in IMAGE_ROUTES))

    def _renders(self) -> Renders:
        metrics = self._parts.metrics
        return Renders(
            images=sum(totals(metrics.render_seconds).values()),
            previews=sum(totals(metrics.preview_seconds).values()),
            coalesced=sum(totals(metrics.coalesced).values()),
            durations=durations(metrics.render_seconds).get("", _sum(())),
        )

    def _queue(self) -> Queue:
        metrics = self._parts.metrics
        return Queue(
            waiting=int(level(metrics.render_queue)),
            drawing=int(level(metrics.renders_in_progress)),
            limit=int(level(metrics.render_limit)),
        )

    def _upstreams(self) -> dict[str, Upstream]:
        metrics, circuits = self._parts.metrics, self._parts.circuits
        calls: dict[str, dict[str, int]] = {}
        for (service, outcome), count in totals(metrics.upstream_requests, "service", "outcome").items():
            calls.setdefault(service, {})[outcome] = count
        timed = durations(metrics.upstream_seconds, "service")
        left = levels(metrics.quota_remaining, "service")
        return {
            name: Upstream(
                circuit=("open" if circuits[name].is_open else "closed") if name in circuits else None,
                calls=calls.get(name, {}),
                durations=timed.get(name, _sum(())),
                left_today=left.get(name),
            )
            for name in sorted({*circuits, *calls})
        }


def _process() -> Process:
    use = process_use()
    return Process(
        resident_bytes=use.resident, bound_bytes=use.bound, processor_seconds=round(use.processor_seconds, 2)
    )


def _sum(counts: Iterable[Sequence[int]]) -> list[int]:
    """By bucket; of nothing, as many zeros as there are buckets."""
    none = [0] * (len(SECONDS) + 1)
    return [sum(column) for column in zip(none, *counts, strict=True)]


def _stored(sums: Sums, prepared: int) -> Stored:
    return Stored(images=sums.images, bytes=sums.size, stored_bytes=sums.stored + prepared)


def _by_label(counted: Mapping[tuple[str, ...], int]) -> dict[str, int]:
    return {label: count for (label,), count in counted.items()}
