"""`/metrics` on an address of its own, so that it is never reachable through the public port."""

from contextlib import AbstractContextManager, nullcontext
from types import TracebackType

import structlog
from prometheus_client import start_http_server

from openposterdb.config import Bind
from openposterdb.telemetry.metrics import Metrics

log = structlog.get_logger(__name__)


class MetricsExporter(AbstractContextManager["MetricsExporter"]):
    """Serves a registry from a thread while the context lasts."""

    def __init__(self, metrics: Metrics, bind: Bind) -> None:
        server, thread = start_http_server(bind.port, bind.host, metrics.registry)
        self._server, self._thread = server, thread

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving and close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def export_metrics(metrics: Metrics, bind: Bind | None) -> AbstractContextManager[object]:
    """The exporter, or nothing when it is switched off or its port is taken (which is logged: posters matter more)."""
    if bind is None:
        return nullcontext()
    try:
        return MetricsExporter(metrics, bind)
    except OSError as error:
        log.warning("metrics_not_exported", address=str(bind), error=error.strerror)
        return nullcontext()
