"""Logs, metrics and traces."""

from openposterdb.telemetry.exporter import export_metrics
from openposterdb.telemetry.logs import configure_logging
from openposterdb.telemetry.metrics import SECONDS, Metrics, durations, level, levels, totals
from openposterdb.telemetry.spans import span, within_span
from openposterdb.telemetry.tracing import RequestSpan, Tracing, open_tracing, trace_id_of
from openposterdb.telemetry.workers import export_workers, share_values

__all__ = [
    "SECONDS",
    "Metrics",
    "RequestSpan",
    "Tracing",
    "configure_logging",
    "durations",
    "export_metrics",
    "export_workers",
    "level",
    "levels",
    "open_tracing",
    "share_values",
    "span",
    "totals",
    "trace_id_of",
    "within_span",
]
