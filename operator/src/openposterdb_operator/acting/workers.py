"""Workers that take resources from the queue and reconcile them."""

import time

import structlog

from openposterdb_operator.acting.metrics import Metrics
from openposterdb_operator.acting.queue import Key, WorkQueue
from openposterdb_operator.acting.reconcile import Reconciler
from openposterdb_operator.acting.watching import News
from openposterdb_operator.cluster.errors import ClusterError

_log = structlog.get_logger(__name__)
_KIND = "OpenPosterDB"


class Workers:
    """`work` runs for ever, as often side by side as wanted."""

    def __init__(self, queue: WorkQueue, news: News, reconciler: Reconciler, metrics: Metrics) -> None:
        self._queue = queue
        self._news = news
        self._reconciler = reconciler
        self._metrics = metrics

    async def work(self) -> None:
        """Reconcile what is due. A passing fault is tried again, later after each; a bug as well, with its traceback."""
        while True:
            key = await self._queue.take()
            self._metrics.queue_length.set(len(self._queue))
            started = time.perf_counter()
            outcome = await self._handle(key)
            self._metrics.reconcile_seconds.labels(_KIND).observe(time.perf_counter() - started)
            self._metrics.reconciles.labels(_KIND, outcome).inc()

    async def _handle(self, key: Key) -> str:
        try:
            outcome = await self._reconciler.reconcile(key)
        except ClusterError as error:
            delay = self._queue.failed(key)
            _log.warning("reconcile_failed", namespace=key.namespace, name=key.name, error=str(error), again_in=delay)
            return "failed"
        except Exception:  # noqa: BLE001 - one resource that hits a bug must not stop the others
            delay = self._queue.failed(key)
            _log.exception("reconcile_broken", namespace=key.namespace, name=key.name, again_in=delay)
            return "broken"
        self._news.reads(key, outcome.secrets)
        self._queue.done(key, again_in=outcome.again_in)
        return outcome.word
