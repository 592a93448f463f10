"""What is measured of the operator itself."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """Names are the contract of the dashboard and the alerts."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        self.reconciles = Counter(
            "openposterdb_operator_reconciles", "Reconciles by their outcome", ["kind", "outcome"], registry=registry
        )
        self.reconcile_seconds = Histogram(
            "openposterdb_operator_reconcile_seconds",
            "How long a reconcile takes",
            ["kind"],
            buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
            registry=registry,
        )
        self.writes = Counter(
            "openposterdb_operator_writes", "Objects written, by kind", ["kind", "action"], registry=registry
        )
        self.queue_length = Gauge(
            "openposterdb_operator_queue_length", "Resources that wait", ["kind"], registry=registry
        )
        for kind in ("OpenPosterDB", "PosterKey"):
            self.queue_length.labels(kind)
        self.leading = Gauge("openposterdb_operator_leading", "1 on the replica that acts", registry=registry)
        self.build_info = Gauge("openposterdb_operator_build_info", "What runs here", ["version"], registry=registry)
        self.build_info.labels(version).set(1)
