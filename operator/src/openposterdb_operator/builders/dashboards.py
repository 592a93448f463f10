"""Grafana dashboards, made from code so that every metric in them can be checked."""

import json
from dataclasses import dataclass
from typing import Any, Final

_PODS: Final = 'namespace="$namespace",job="$job"'


@dataclass(frozen=True)
class Panel:
    """One graph: queries with their legends; `%s` in a query becomes the labels that select the service's pods."""

    title: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"


def _rate(metric: str, by: str, labels: str = "%s") -> str:
    return f"sum by ({by}) (rate({metric}{{{labels}}}[5m]))"


def _quantile(quantile: float, histogram: str, by: str = "le") -> str:
    return f"histogram_quantile({quantile}, {_rate(f'{histogram}_bucket', by)})"


_REQUEST_SECONDS: Final = "openposterdb_http_request_duration_seconds"
_RENDER_SECONDS: Final = "openposterdb_render_duration_seconds"
_UPSTREAM_SECONDS: Final = "openposterdb_upstream_request_duration_seconds"
_LOCK_SECONDS: Final = "openposterdb_lock_wait_seconds"
_LOOKUPS: Final = "openposterdb_cache_requests_total"
_HIT_RATIO: Final = _rate(_LOOKUPS, "layer", '%s,result="hit"') + " / " + _rate(_LOOKUPS, "layer")

POSTERS: Final = (
    Panel("Requests", ((_rate("openposterdb_http_requests_total", "status"), "{{status}}"),), "reqps"),
    Panel(
        "Request time, 50th and 99th percentile",
        ((_quantile(0.5, _REQUEST_SECONDS), "p50"), (_quantile(0.99, _REQUEST_SECONDS), "p99")),
        "s",
    ),
    Panel("Hit ratio by layer", ((_HIT_RATIO, "{{layer}}"),), "percentunit"),
    Panel("Cached bytes", (("sum by (layer) (openposterdb_cache_bytes{%s})", "{{layer}}"),), "bytes"),
    Panel("Evictions", ((_rate("openposterdb_cache_evictions_total", "layer"), "{{layer}}"),), "ops"),
    Panel(
        "Renders and their limit",
        (
            ("sum(openposterdb_renders_in_progress{%s})", "renders"),
            ("sum(openposterdb_render_concurrency_limit{%s})", "limit"),
            ("sum(openposterdb_render_queue_length{%s})", "queue"),
        ),
    ),
    Panel(
        "Render time by kind and size, 95th percentile",
        ((_quantile(0.95, _RENDER_SECONDS, "le, kind, size"), "{{kind}} {{size}}"),),
        "s",
    ),
    Panel(
        "Render errors", ((_rate("openposterdb_render_errors_total", "kind, reason"), "{{kind}} {{reason}}"),), "ops"
    ),
    Panel(
        "Stale images served while they are drawn again",
        ((_rate("openposterdb_cache_requests_total", "layer", '%s,result="stale"'), "{{layer}}"),),
        "ops",
    ),
    Panel("Shared work", ((_rate("openposterdb_coalesced_requests_total", "scope"), "{{scope}}"),), "ops"),
    Panel(
        "Wait for another replica's work, 50th and 99th percentile",
        ((_quantile(0.5, _LOCK_SECONDS), "p50"), (_quantile(0.99, _LOCK_SECONDS), "p99")),
        "s",
    ),
    Panel("Refreshes", ((_rate("openposterdb_refreshes_total", "outcome"), "{{outcome}}"),), "ops"),
    Panel("Degraded answers", ((_rate("openposterdb_degraded_responses_total", "reason"), "{{reason}}"),), "ops"),
    Panel(
        "Upstream calls",
        ((_rate("openposterdb_upstream_requests_total", "service, outcome"), "{{service}} {{outcome}}"),),
        "reqps",
    ),
    Panel("Upstream time, 95th percentile", ((_quantile(0.95, _UPSTREAM_SECONDS, "le, service"), "{{service}}"),), "s"),
    Panel("Calls left today", (("min by (service) (openposterdb_upstream_quota_remaining{%s})", "{{service}}"),)),
    Panel("Redis in use", (("sum(openposterdb_redis_up{%s})", "pods"), ("count(openposterdb_build_info{%s})", "of"))),
    Panel(
        "Redis time by command, 99th percentile",
        ((_quantile(0.99, "openposterdb_redis_duration_seconds", "le, command"), "{{command}}"),),
        "s",
    ),
    Panel("Versions", (("count by (version, renderer) (openposterdb_build_info{%s})", "{{version}} {{renderer}}"),)),
)

OPERATOR: Final = (
    Panel(
        "Reconciles",
        ((_rate("openposterdb_operator_reconciles_total", "kind, outcome"), "{{kind}} {{outcome}}"),),
        "ops",
    ),
    Panel(
        "Reconcile time, 95th percentile",
        ((_quantile(0.95, "openposterdb_operator_reconcile_seconds", "le, kind"), "{{kind}}"),),
        "s",
    ),
    Panel(
        "Objects written",
        ((_rate("openposterdb_operator_writes_total", "kind, action"), "{{kind}} {{action}}"),),
        "ops",
    ),
    Panel("Waiting", (("sum(openposterdb_operator_queue_length{%s})", "resources"),)),
    Panel("Leader", (("sum by (pod) (openposterdb_operator_leading{%s})", "{{pod}}"),)),
)


def posters() -> dict[str, Any]:
    """The dashboard of a poster service."""
    return _dashboard("openposterdb-posters", "OpenPosterDB / Posters", POSTERS, "openposterdb_build_info")


def operator() -> dict[str, Any]:
    """The dashboard of the operator."""
    return _dashboard("openposterdb-operator", "OpenPosterDB / Operator", OPERATOR, "openposterdb_operator_leading")


def as_json(dashboard: dict[str, Any]) -> str:
    """As Grafana's sidecar reads it."""
    return json.dumps(dashboard, indent=2) + "\n"


def _dashboard(uid: str, title: str, panels: tuple[Panel, ...], presence: str) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": "${datasource}"}
    return {
        "uid": uid,
        "title": title,
        "tags": ["openposterdb"],
        "schemaVersion": 41,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {
            "list": [
                {"name": "datasource", "type": "datasource", "query": "prometheus"},
                _variable("namespace", f"label_values({presence}, namespace)", source),
                _variable("job", f'label_values({presence}{{namespace="$namespace"}}, job)', source),
            ]
        },
        "panels": [
            {
                "id": number + 1,
                "type": "timeseries",
                "title": panel.title,
                "datasource": source,
                "gridPos": {"x": 12 * (number % 2), "y": 8 * (number // 2), "w": 12, "h": 8},
                "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
                "targets": [
                    {"refId": chr(ord("A") + place), "expr": query.replace("%s", _PODS), "legendFormat": legend}
                    for place, (query, legend) in enumerate(panel.queries)
                ],
            }
            for number, panel in enumerate(panels)
        ],
    }


def _variable(name: str, query: str, source: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "type": "query", "datasource": source, "query": query, "refresh": 2, "sort": 1}
