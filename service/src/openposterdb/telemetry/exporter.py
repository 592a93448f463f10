"""`/metrics` on an address of its own, so that it is never reachable through the public port."""

import os
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType

import structlog
from prometheus_client import CollectorRegistry, start_http_server

from openposterdb.config import Bind
from openposterdb.telemetry.metrics import Metrics

log = structlog.get_logger(__name__)


class MetricsExporter(AbstractContextManager["MetricsExporter"]):
    """Serves a registry from a thread while the context lasts; OSError when the address is taken.

    With `keep_from_children` processes forked meanwhile do not keep the port open beyond this one's end.
    """

    def __init__(self, registry: CollectorRegistry, bind: Bind, *, keep_from_children: bool = False) -> None:
        self._server, self._thread = start_http_server(bind.port, bind.host, registry)
        if keep_from_children:
            os.register_at_fork(after_in_child=self._server.socket.close)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving and close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def export_metrics(metrics: Metrics, bind: Bind | None) -> AbstractContextManager[object]:
    """The exporter of one process."""
    return export_registry(metrics.registry, bind)


def export_registry(
    registry: CollectorRegistry, bind: Bind | None, *, keep_from_children: bool = False
) -> AbstractContextManager[object]:
    """The exporter, or nothing when it is switched off or its port is taken (which is logged: posters matter more)."""
    if bind is None:
        return nullcontext()
    try:
        return MetricsExporter(registry, bind, keep_from_children=keep_from_children)
    except OSError as error:
        log.warning("metrics_not_exported", address=str(bind), error=error.strerror)
        return nullcontext()
