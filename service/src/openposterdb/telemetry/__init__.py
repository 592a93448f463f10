"""Logs, metrics and health."""

from openposterdb.telemetry.exporter import export_metrics
from openposterdb.telemetry.logs import configure_logging
from openposterdb.telemetry.metrics import Metrics, totals

__all__ = ["Metrics", "configure_logging", "export_metrics", "totals"]
