"""What Prometheus and Grafana get."""

from pydantic import Field

from openposterdb_operator.model.base import Labels, Model


class Monitor(Model):
    """One kind of monitoring object."""

    enabled: bool = False
    """Create it. Needs the CustomResourceDefinitions of the Prometheus operator where it is theirs."""
    labels: Labels = Field(default_factory=dict)
    """Further labels, for instance those that the Prometheus selects by."""


class Monitoring(Model):
    """What Prometheus and Grafana get."""

    service_monitor: Monitor = Monitor()
    """A ServiceMonitor: Prometheus scrapes every pod."""
    prometheus_rule: Monitor = Monitor()
    """A PrometheusRule with alerts."""
    grafana_dashboards: Monitor = Monitor()
    """ConfigMaps with dashboards, labelled for Grafana's sidecar."""
