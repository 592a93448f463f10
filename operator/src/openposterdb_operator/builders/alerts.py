"""Alerts about one service, each with what to do."""

from dataclasses import dataclass
from typing import Any, Final

from openposterdb_operator.builders.context import Context

RUNBOOKS: Final = "docs/runbooks.md"


@dataclass(frozen=True)
class Alert:
    """One alerting rule; `%s` in `expression` becomes the labels that select the service's pods."""

    name: str
    expression: str
    lasting: str
    severity: str
    summary: str
    what_to_do: str


ALERTS: Final = (
    Alert(
        "OpenPosterDBDown",
        "absent(openposterdb_build_info{%s})",
        "5m",
        "critical",
        "No pod of {instance} is scraped",
        "Look at the conditions and Events of the OpenPosterDB, then at its pods' logs.",
    ),
    Alert(
        "OpenPosterDBErrors",
        'sum(rate(openposterdb_http_requests_total{%s,status=~"5.."}[5m])) '
        "/ sum(rate(openposterdb_http_requests_total{%s}[5m])) > 0.05",
        "10m",
        "critical",
        "More than 5 % of requests to {instance} fail",
        "The status tells whose fault: 500 ours (logs), 502 and 504 an upstream's, 503 overload (renders, queue).",
    ),
    Alert(
        "OpenPosterDBHitRatioFalls",
        'sum(rate(openposterdb_cache_requests_total{%s,layer="memory",result="hit"}[30m])) '
        '/ sum(rate(openposterdb_cache_requests_total{%s,layer="memory"}[30m])) < 0.3',
        "1h",
        "warning",
        "Fewer than 30 % of lookups of {instance} are answered from memory",
        "Compare the cache's bytes with its evictions: raise resources.limits.memory or render.memoryCacheMB.",
    ),
    Alert(
        "OpenPosterDBRendersSaturated",
        "min_over_time(openposterdb_render_queue_length{%s}[10m]) > 0",
        "10m",
        "warning",
        "Renders of {instance} have been queueing for ten minutes",
        "Raise replicas, switch autoscaling on, or give the pods more CPU; a sudden burst of new titles passes by itself.",
    ),
    Alert(
        "OpenPosterDBUpstreamFailing",
        'sum by (service) (rate(openposterdb_upstream_requests_total{%s,outcome!="ok"}[15m])) '
        "/ sum by (service) (rate(openposterdb_upstream_requests_total{%s}[15m])) > 0.25",
        "15m",
        "warning",
        "More than a quarter of calls of {instance} to an upstream fail",
        "Check the key in the upstreams' Secret and its quota; the last good ratings and art are served meanwhile.",
    ),
    Alert(
        "OpenPosterDBDegraded",
        "sum(rate(openposterdb_degraded_responses_total{%s}[15m])) > 0.1",
        "30m",
        "warning",
        "{instance} serves images without some of their ratings",
        "An upstream that is configured does not answer: see OpenPosterDBUpstreamFailing.",
    ),
)


def build_groups(context: Context) -> list[dict[str, Any]]:
    """The rule groups of one service."""
    labels = f'namespace="{context.namespace}",job="{context.name}"'
    rules = [
        {
            "alert": alert.name,
            "expr": alert.expression.replace("%s", labels),
            "for": alert.lasting,
            "labels": {"severity": alert.severity, "instance": context.name},
            "annotations": {
                "summary": alert.summary.replace("{instance}", f"{context.namespace}/{context.name}"),
                "description": alert.what_to_do,
                "runbook": f"{RUNBOOKS}#{alert.name.lower()}",
            },
        }
        for alert in ALERTS
    ]
    return [{"name": f"openposterdb.{context.namespace}.{context.name}", "rules": rules}]
