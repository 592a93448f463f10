"""What the parts tell of themselves, as metrics."""

from typing import Final

from openposterdb.caching.eviction import FolderBound
from openposterdb.caching.layers import Layer
from openposterdb.caching.memory import ImageMemory
from openposterdb.images.prepared import PreparedPictures
from openposterdb.telemetry import Metrics

_UNASKED: Final = frozenset({"circuit_open", "overloaded"})
"""Outcomes of calls that were never made, so that they took no time."""


class LookupCounter:
    """Counts look-ups by layer and result."""

    def __init__(self, metrics: Metrics) -> None:
        self._counters = {
            (layer, hit): metrics.cache_requests.labels(layer, "hit" if hit else "miss")
            for layer in ("memory", "redis", "store")
            for hit in (True, False)
        }

    def __call__(self, layer: Layer, *, hit: bool) -> None:
        """Count one."""
        self._counters[layer, hit].inc()


class UpstreamObserver:
    """Counts and times the calls of upstream services."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, service: str, outcome: str, seconds: float) -> None:
        """Note one call."""
        self._metrics.upstream_requests.labels(service, outcome).inc()
        if outcome not in _UNASKED:
            self._metrics.upstream_seconds.labels(service).observe(seconds)


def export_memory(metrics: Metrics, memory: ImageMemory, prepared: PreparedPictures) -> None:
    """Show how much memory images take, and what had to go."""
    metrics.cache_bytes.labels("memory").set_function(lambda: memory.bytes)
    memory.subscribe_evictions(metrics.cache_evictions.labels("memory").inc)
    metrics.cache_bytes.labels("prepared").set_function(lambda: prepared.bytes)
    prepared.subscribe_evictions(metrics.cache_evictions.labels("prepared").inc)


def export_folder(metrics: Metrics, bound: FolderBound) -> None:
    """Show how much room a bounded folder takes, and what had to go."""
    metrics.cache_bytes.labels("store").set_function(lambda: bound.held)
    evictions = metrics.cache_evictions.labels("store")
    bound.subscribe(lambda sweep: evictions.inc(sweep.deleted))
