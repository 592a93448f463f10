"""Alerts about one service and about the operator, each with what to do first; docs/runbooks.md has the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from openposterdb_operator.builders.context import Context

RUNBOOKS: Final = "docs/runbooks.md"


@dataclass(frozen=True)
class Alert:
    """One alerting rule; `%s` in `expression` becomes the labels that select the pods, `{instance}` whose they are."""

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
    Alert(
        "OpenPosterDBQuotaLow",
        "min by (service) (openposterdb_upstream_quota_remaining{%s}) < 100",
        "5m",
        "warning",
        "{instance} may soon not ask an upstream any more today",
        "Add another key, comma-separated, to the upstreams' Secret, or raise ratings.staleSeconds.",
    ),
    Alert(
        "OpenPosterDBRedisDown",
        "min(openposterdb_redis_up{%s}) == 0",
        "5m",
        "warning",
        "A pod of {instance} does without Redis",
        "Look at the condition RedisReady and at the pod of Redis. Images go on being served; replicas do each other's work.",
    ),
)


OPERATOR_ALERTS: Final = (
    Alert(
        "OpenPosterDBOperatorLeaderless",
        "absent(openposterdb_operator_leading{%s} == 1)",
        "5m",
        "critical",
        "No replica of the OpenPosterDB operator acts",
        "Look at the operator's Lease and at its pods' logs; running services go on.",
    ),
    Alert(
        "OpenPosterDBReconcileFailing",
        'sum(increase(openposterdb_operator_reconciles_total{%s,outcome=~"failed|broken"}[15m])) > 5',
        "15m",
        "warning",
        "The OpenPosterDB operator cannot finish its work",
        "Its log has the API server's message (reconcile_failed) or a traceback (reconcile_broken).",
    ),
    Alert(
        "OpenPosterDBOperatorBehind",
        "min_over_time(openposterdb_operator_queue_length{%s}[10m]) > 0",
        "10m",
        "warning",
        "Resources have been waiting for the OpenPosterDB operator for ten minutes",
        "Compare the time of a reconcile with the API server's latency; the operator's CPU limit may be too low.",
    ),
)


def build_groups(context: Context) -> list[dict[str, Any]]:
    """The rule groups of one service."""
    labels = f'namespace="{context.namespace}",job="{context.name}"'
    return [
        {
            "name": f"openposterdb.{context.namespace}.{context.name}",
            "rules": _rules(ALERTS, labels, f"{context.namespace}/{context.name}", {"instance": context.name}),
        }
    ]


def operator_groups(namespace: str) -> list[dict[str, Any]]:
    """The rule groups of the operator in its namespace."""
    rules = _rules(OPERATOR_ALERTS, f'namespace="{namespace}"', namespace, {})
    return [{"name": "openposterdb-operator", "rules": rules}]


def _rules(alerts: Sequence[Alert], labels: str, instance: str, extra: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "alert": alert.name,
            "expr": alert.expression.replace("%s", labels),
            "for": alert.lasting,
            "labels": {"severity": alert.severity, **extra},
            "annotations": {
                "summary": alert.summary.replace("{instance}", instance),
                "description": alert.what_to_do,
                "runbook": f"{RUNBOOKS}#{alert.name.lower()}",
            },
        }
        for alert in alerts
    ]
