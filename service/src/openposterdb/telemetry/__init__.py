"""Logs, metrics and health."""

from openposterdb.telemetry.exporter import export_metrics
from openposterdb.telemetry.logs import configure_logging
from openposterdb.telemetry.metrics import Metrics, totals
from openposterdb.telemetry.workers import export_workers, share_values

__all__ = ["Metrics", "configure_logging", "export_metrics", "export_workers", "share_values", "totals"]
