"""What the parts tell of themselves, as metrics."""

from collections.abc import Callable
from typing import Final

from openposterdb.caching.eviction import FolderBound
from openposterdb.caching.interfaces import Lookup
from openposterdb.caching.memory import ImageEntry, ImageMemory
from openposterdb.caching.staleness import is_stale, jittered, stale_after
from openposterdb.clock import Clock
from openposterdb.config import Environment
from openposterdb.images.prepared import PreparedPictures
from openposterdb.telemetry import Metrics

_UNASKED: Final = frozenset({"circuit_open", "overloaded", "over_budget"})
"""Outcomes of calls that were never made, so that they took no time."""


class LookupCounter:
    """Counts look-ups by layer and result; how old an image may be is for the environment to say."""

    def __init__(self, metrics: Metrics, environment: Environment, clock: Clock) -> None:
        self._min_stale = environment.ratings_stale_secs
        self._max_age = environment.ratings_max_age_secs
        self._clock = clock
        self._counters = {
            (layer, result): metrics.cache_requests.labels(layer, result)
            for layer in ("memory", "redis", "store", "prepared")
            for result in ("hit", "miss", "stale")
        }

    def __call__(self, layer: Lookup, key: str, found: ImageEntry | None) -> None:
        """Count one."""
        result = "miss" if found is None else "stale" if self._is_stale(key, found) else "hit"
        self._counters[layer, result].inc()

    def _is_stale(self, key: str, entry: ImageEntry) -> bool:
        now = self._clock.now()
        limit = stale_after(entry.release_date, self._min_stale, self._max_age, now)
        return is_stale(entry.stored_at, jittered(limit, key), now)


class UpstreamObserver:
    """Counts and times the calls of upstream services."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, service: str, outcome: str, seconds: float) -> None:
        """Note one call."""
        self._metrics.upstream_requests.labels(service, outcome).inc()
        if outcome not in _UNASKED:
            self._metrics.upstream_seconds.labels(service).observe(seconds)


def export_quotas(metrics: Metrics) -> Callable[[str, int], None]:
    """Show how many calls a service allows for the rest of the day with the key that was used last."""

    def left(service: str, calls: int) -> None:
        metrics.quota_remaining.labels(service).set(calls)

    return left


def export_memory(metrics: Metrics, memory: ImageMemory, prepared: PreparedPictures) -> None:
    """Show how much memory images take, and what had to go."""
    metrics.sample(metrics.cache_bytes.labels("memory"), lambda: memory.bytes)
    memory.subscribe_evictions(metrics.cache_evictions.labels("memory").inc)
    metrics.sample(metrics.cache_bytes.labels("prepared"), lambda: prepared.bytes)
    prepared.subscribe_evictions(metrics.cache_evictions.labels("prepared").inc)


def export_folder(metrics: Metrics, bound: FolderBound, *, workers: int) -> None:
    """Show how much room a bounded folder takes, and what had to go. Each of several workers shows its share of it."""
    metrics.sample(metrics.cache_bytes.labels("store"), lambda: bound.held / workers)
    evictions = metrics.cache_evictions.labels("store")
    bound.subscribe(lambda sweep: evictions.inc(sweep.deleted))
