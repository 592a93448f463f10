"""The metrics of one process; their names are the contract of dashboards and alerts. No label carries a key, an id or a URL."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)


class Metrics:
    """Every instrument, on a registry of its own."""

    def __init__(self, *, version: str, renderer: str) -> None:
        self.registry = registry = CollectorRegistry(auto_describe=True)
        self.http_requests = Counter(
            "openposterdb_http_requests_total", "Requests answered", ["method", "route", "status"], registry=registry
        )
        self.http_seconds = Histogram(
            "openposterdb_http_request_duration_seconds",
            "Time to answer, without the hot path's hits",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.renders_in_progress = Gauge("openposterdb_renders_in_progress", "Renders under way", registry=registry)
        self.render_limit = Gauge(
            "openposterdb_render_concurrency_limit", "Most renders at once, in medium posters", registry=registry
        )
        self.render_queue = Gauge("openposterdb_render_queue_length", "Renders waiting", registry=registry)
        self.render_seconds = Histogram(
            "openposterdb_render_duration_seconds",
            "Time of one render, of art (full) or of badges on prepared art (splice)",
            ["kind", "size", "path", "lane"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.render_errors = Counter(
            "openposterdb_render_errors_total", "Renders that failed", ["kind", "reason"], registry=registry
        )
        self.cache_requests = Counter(
            "openposterdb_cache_requests_total", "Look-ups of rendered images", ["layer", "result"], registry=registry
        )
        self.cache_bytes = Gauge("openposterdb_cache_bytes", "Bytes held", ["layer"], registry=registry)
        self.cache_evictions = Counter(
            "openposterdb_cache_evictions_total", "Pictures dropped for room or age", ["layer"], registry=registry
        )
        self.coalesced = Counter(
            "openposterdb_coalesced_requests_total", "Requests that joined another's work", ["scope"], registry=registry
        )
        self.refreshes = Counter(
            "openposterdb_refreshes_total", "Refreshes behind an answer", ["outcome"], registry=registry
        )
        self.degraded = Counter(
            "openposterdb_degraded_responses_total", "Answers made without a provider", ["reason"], registry=registry
        )
        self.upstream_requests = Counter(
            "openposterdb_upstream_requests_total",
            "Calls of upstream services",
            ["service", "outcome"],
            registry=registry,
        )
        self.upstream_seconds = Histogram(
            "openposterdb_upstream_request_duration_seconds",
            "Time of one call of an upstream service",
            ["service"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.lock_wait_seconds = Histogram(
            "openposterdb_lock_wait_seconds",
            "Time spent waiting for another replica's work",
            buckets=_SECONDS,
            registry=registry,
        )
        self.redis_seconds = Histogram(
            "openposterdb_redis_duration_seconds",
            "Time of one command of Redis",
            ["command"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.build_info = Gauge("openposterdb_build_info", "What runs here", ["version", "renderer"], registry=registry)
        self.build_info.labels(version, renderer).set(1)

    def export_redis(self, up: Callable[[], bool]) -> None:
        """Show from now on whether Redis is in use; where there is none, nothing is shown and nobody is alarmed."""
        Gauge("openposterdb_redis_up", "Whether Redis is in use", registry=self.registry).set_function(up)


def totals(metric: Counter | Histogram, *labels: str) -> dict[tuple[str, ...], int]:
    """What a metric has counted so far, summed up by some of its labels."""
    sums: dict[tuple[str, ...], int] = {}
    for family in metric.collect():
        for sample in family.samples:
            if sample.name.endswith(("_total", "_count")):
                key = tuple(sample.labels[label] for label in labels)
                sums[key] = sums.get(key, 0) + int(sample.value)
    return sums
