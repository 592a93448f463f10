"""What Prometheus and Grafana find of one service."""

from openposterdb_operator.builders import dashboards
from openposterdb_operator.builders.alerts import build_groups
from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.builders.metadata import child, selector
from openposterdb_operator.model import OpenPosterDBSpec

_API = "monitoring.coreos.com/v1"


def build_service_monitor(spec: OpenPosterDBSpec, context: Context) -> Manifest | None:
    """The ServiceMonitor, if it is asked for and the cluster knows the kind."""
    monitor = spec.monitoring.service_monitor
    if not monitor.enabled or "ServiceMonitor" not in context.offered:
        return None
    return child(
        context,
        _API,
        "ServiceMonitor",
        context.name,
        "server",
        extra_labels=monitor.labels,
        spec={
            "selector": {"matchLabels": selector(context, "server")},
            "namespaceSelector": {"matchNames": [context.namespace]},
            "endpoints": [
                {
                    "port": "metrics",
                    "path": "/metrics",
                    "interval": "30s",
                    # The metrics' own label `service` names an upstream; `job` says whose they are.
                    "relabelings": [{"action": "labeldrop", "regex": "service"}],
                }
            ],
        },
    )


def build_prometheus_rule(spec: OpenPosterDBSpec, context: Context) -> Manifest | None:
    """The PrometheusRule, if it is asked for and the cluster knows the kind."""
    monitor = spec.monitoring.prometheus_rule
    if not monitor.enabled or "PrometheusRule" not in context.offered:
        return None
    return child(
        context,
        _API,
        "PrometheusRule",
        context.name,
        "server",
        extra_labels=monitor.labels,
        spec={"groups": build_groups(context)},
    )


def build_dashboard(spec: OpenPosterDBSpec, context: Context) -> Manifest | None:
    """The ConfigMap that Grafana's sidecar picks up, if it is asked for."""
    monitor = spec.monitoring.grafana_dashboards
    if not monitor.enabled:
        return None
    return child(
        context,
        "v1",
        "ConfigMap",
        f"{context.name}-dashboard",
        "monitoring",
        extra_labels={"grafana_dashboard": "1", **monitor.labels},
        data={"openposterdb-posters.json": dashboards.as_json(dashboards.posters())},
    )
