"""What Prometheus, Grafana and a collector of traces get."""

from pydantic import Field

from openposterdb_operator.model.base import Labels, Model, Url


class Monitor(Model):
    """One kind of monitoring object."""

    enabled: bool = False
    """Create it. Needs the CustomResourceDefinitions of the Prometheus operator where it is theirs."""
    labels: Labels = Field(default_factory=dict)
    """Further labels, for instance those that the Prometheus selects by."""


class Traces(Model):
    """OpenTelemetry."""

    endpoint: Url | None = None
    """A collector that takes OTLP over HTTP, for instance http://collector.observability:4318; nothing is traced when unset."""


class Monitoring(Model):
    """What Prometheus, Grafana and a collector of traces get."""

    service_monitor: Monitor = Monitor()
    """A ServiceMonitor: Prometheus scrapes every pod."""
    prometheus_rule: Monitor = Monitor()
    """A PrometheusRule with alerts."""
    grafana_dashboards: Monitor = Monitor()
    """ConfigMaps with dashboards, labelled for Grafana's sidecar."""
    traces: Traces = Traces()
    """OpenTelemetry."""
