"""Workers that take resources from the queue and reconcile them."""

import time
from typing import Protocol

import structlog

from openposterdb_operator.acting.metrics import Metrics
from openposterdb_operator.acting.queue import Key, WorkQueue
from openposterdb_operator.acting.reconcile import Outcome
from openposterdb_operator.cluster.errors import ClusterError
from openposterdb_operator.cluster.kinds import Kind

_log = structlog.get_logger(__name__)


class Reconciles(Protocol):
    """Brings one resource to where its spec wants it."""

    async def reconcile(self, where: Key) -> Outcome:
        """ClusterError when the API server did not let it be finished."""
        ...


class Remembers(Protocol):
    """Remembers which Secrets a resource was seen to read."""

    def reads(self, key: Key, secrets: frozenset[str]) -> None:
        """The Secrets, existing or not."""
        ...


class Workers:
    """`work` runs for ever, as often side by side as wanted, for resources of one kind."""

    def __init__(self, kind: Kind, queue: WorkQueue, news: Remembers, reconciler: Reconciles, metrics: Metrics) -> None:
        self._kind = kind.kind
        self._queue = queue
        self._news = news
        self._reconciler = reconciler
        self._metrics = metrics

    async def work(self) -> None:
        """Reconcile what is due. A passing fault is tried again, later after each; a bug as well, with its traceback."""
        while True:
            key = await self._queue.take()
            self._metrics.queue_length.labels(self._kind).set(len(self._queue))
            started = time.perf_counter()
            outcome = await self._handle(key)
            self._metrics.reconcile_seconds.labels(self._kind).observe(time.perf_counter() - started)
            self._metrics.reconciles.labels(self._kind, outcome).inc()

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
