"""The metrics of the service; their names are the contract of dashboards and alerts. No label carries a key, an id or a URL."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric

from openposterdb.clock import Clock

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
"""Upper bounds of the buckets of every histogram."""
_SAMPLE_SECONDS: Final = 1.0


class Metrics:
    """Every instrument, on a registry of its own.

    With `shared` the values are in files that another process adds up over all workers (see `workers`), which has to be
    prepared before. A gauge then says in its mode how the values of several workers become one.
    """

    def __init__(self, *, version: str, renderer: str, shared: bool = False) -> None:
        self.registry = registry = _SettledRegistry(self.settle)
        self._shared = shared
        self._tallies: list[_Tally] = []
        self._settling = Lock()
        self._sampled: list[tuple[Gauge, Callable[[], float]]] = []
        self.http_requests = Counter(
            "openposterdb_http_requests_total",
            "Requests answered, by the template of their route; `hot` are images answered from memory before that",
            ["method", "route", "status"],
            registry=registry,
        )
        self.http_seconds = Histogram(
            "openposterdb_http_request_duration_seconds",
            "Time to answer, without the hot path's hits, by the template of the route",
            ["route"],
            buckets=SECONDS,
            registry=registry,
        )
        self.renders_in_progress = Gauge(
            "openposterdb_renders_in_progress", "Renders under way", registry=registry, multiprocess_mode="livesum"
        )
        self.render_limit = Gauge(
            "openposterdb_render_concurrency_limit",
            "Most renders at once, in medium posters",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.render_queue = Gauge(
            "openposterdb_render_queue_length", "Renders waiting", registry=registry, multiprocess_mode="livesum"
        )
        self.render_seconds = Histogram(
            "openposterdb_render_duration_seconds",
            "Time of one render, of art (path is full) or of badges on prepared art (splice)",
            ["kind", "size", "path"],
            buckets=SECONDS,
            registry=registry,
        )
        self.preview_seconds = Histogram(
            "openposterdb_preview_duration_seconds",
            "Time of one render for the settings' previews, of art (path is full) or of badges on prepared art (splice)",
            ["kind", "size", "path"],
            buckets=SECONDS,
            registry=registry,
        )
        self.render_errors = Counter(
            "openposterdb_render_errors_total", "Renders that failed", ["kind", "reason"], registry=registry
        )
        self.cache_requests = Counter(
            "openposterdb_cache_requests_total",
            "Look-ups of rendered images in memory, redis and store; result is hit, miss or stale (answered and refreshed)",
            ["layer", "result"],
            registry=registry,
        )
        self.cache_bytes = Gauge(
            "openposterdb_cache_bytes",
            "Bytes held: rendered images in memory, prepared art, files in a bounded store",
            ["layer"],
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.cache_evictions = Counter(
            "openposterdb_cache_evictions_total", "Pictures dropped for room or age", ["layer"], registry=registry
        )
        self.coalesced = Counter(
            "openposterdb_coalesced_requests_total",
            "Requests that joined another's work, in the same process or in the fleet",
            ["scope"],
            registry=registry,
        )
        self.refreshes = Counter(
            "openposterdb_refreshes_total", "Refreshes behind an answer", ["outcome"], registry=registry
        )
        self.degraded = Counter(
            "openposterdb_degraded_responses_total",
            "Answers made without a provider, which is the reason",
            ["reason"],
            registry=registry,
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
            buckets=SECONDS,
            registry=registry,
        )
        self.quota_remaining = Gauge(
            "openposterdb_upstream_quota_remaining",
            "Calls of today that an upstream service still allows, where its budget has a bound per day",
            ["service"],
            registry=registry,
            multiprocess_mode="livemostrecent",
        )
        self.lock_wait_seconds = Histogram(
            "openposterdb_lock_wait_seconds",
            "Time spent waiting for another replica's work",
            buckets=SECONDS,
            registry=registry,
        )
        self.redis_seconds = Histogram(
            "openposterdb_redis_duration_seconds",
            "Time of one command of Redis; `failed` are those without an answer",
            ["command"],
            buckets=SECONDS,
            registry=registry,
        )
        self.build_info = Gauge(
            "openposterdb_build_info",
            "What runs here",
            ["version", "renderer"],
            registry=registry,
            multiprocess_mode="livemax",
        )
        self.build_info.labels(version, renderer).set(1)
        self.redis_up: Gauge | None = None

    def export_redis(self, up: Callable[[], bool]) -> None:
        """Show from now on whether Redis is in use; where there is none, nothing is shown and nobody is alarmed."""
        self.redis_up = Gauge(
            "openposterdb_redis_up",
            "Whether Redis is in use; absent where none is configured",
            registry=self.registry,
            multiprocess_mode="livemin",
        )
        self.sample(self.redis_up, up)

    def sample(self, gauge: Gauge, read: Callable[[], float]) -> None:
        """Show what `read` gives: at every scrape, or every second where values are shared."""
        if not self._shared:
            gauge.set_function(read)
            return
        self._sampled.append((gauge, read))
        gauge.set(read())

    def tally(self, counter: Counter, read: Callable[[], int]) -> None:
        """Let `counter` follow a plain number that only grows, for what happens too often for a counter's own lock.

        Only where values are not shared: another process would see the number of some time ago.
        """
        self._tallies.append(_Tally(counter, read))

    def settle(self) -> None:
        """Bring the counters that follow a tally up to date, as every scrape does."""
        with self._settling:  # a scrape comes in a thread of its own
            for tally in self._tallies:
                now = tally.read()
                tally.counter.inc(now - tally.settled)
                tally.settled = now

    async def watch(self, clock: Clock) -> None:
        """Keep the sampled gauges up to date until cancelled; where values are not shared there is nothing to do."""
        while self._shared:
            for gauge, read in self._sampled:
                gauge.set(read())
            await clock.sleep(_SAMPLE_SECONDS)


@dataclass(slots=True)
class _Tally:
    """A number, and how much of it the counter has."""

    counter: Counter
    read: Callable[[], int]
    settled: int = 0


class _SettledRegistry(CollectorRegistry):
    """Settles the tallies before it is read."""

    def __init__(self, settle: Callable[[], None]) -> None:
        super().__init__(auto_describe=True)
        self._settle = settle

    def collect(self) -> Iterable[Metric]:
        """Every metric, as it is now."""
        self._settle()
        return super().collect()


def totals(metric: Counter | Histogram, *labels: str) -> dict[tuple[str, ...], int]:
    """What a metric has counted so far in this process, summed up by some of its labels."""
    sums: dict[tuple[str, ...], int] = {}
    for family in metric.collect():
        for sample in family.samples:
            if sample.name.endswith(("_total", "_count")):
                key = tuple(sample.labels[label] for label in labels)
                sums[key] = sums.get(key, 0) + int(sample.value)
    return sums


def durations(metric: Histogram, label: str | None = None) -> dict[str, list[int]]:
    """How many observations fell into each bucket of `SECONDS`, and how many beyond the last.

    By the value of a label, or all of them under the empty one.
    """
    up_to: dict[str, dict[float, float]] = {}
    for family in metric.collect():
        for sample in family.samples:
            if sample.name.endswith("_bucket"):
                sums = up_to.setdefault("" if label is None else sample.labels[label], {})
                bound = float(sample.labels["le"])
                sums[bound] = sums.get(bound, 0.0) + sample.value
    return {
        value: [int(above - below) for below, above in pairwise([0.0, *(count for _, count in sorted(sums.items()))])]
        for value, sums in up_to.items()
    }


def level(metric: Gauge) -> float:
    """What a gauge without labels shows now."""
    return next((sample.value for family in metric.collect() for sample in family.samples), 0.0)


def levels(metric: Gauge, label: str) -> dict[str, int]:
    """What a gauge shows now, by the value of its label."""
    return {sample.labels[label]: int(sample.value) for family in metric.collect() for sample in family.samples}
