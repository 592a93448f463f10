"""The operator's process: standby until it leads, then watches and workers until it is told to stop."""

import asyncio
from typing import Any, Final

import aiohttp
import kopf
import structlog
from prometheus_client import CollectorRegistry

from openposterdb_operator import __version__
from openposterdb_operator.acting.endpoints import endpoints
from openposterdb_operator.acting.environment import Environment
from openposterdb_operator.acting.metrics import Metrics
from openposterdb_operator.acting.posterkeys import KeyReconciler
from openposterdb_operator.acting.queue import WorkQueue
from openposterdb_operator.acting.reconcile import Reconciler
from openposterdb_operator.acting.watching import KeyNews, News, register
from openposterdb_operator.acting.workers import Workers
from openposterdb_operator.acting.zones import Zones
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.kinds import OPEN_POSTER_DB, POSTER_KEY
from openposterdb_operator.cluster.lease import Leadership
from openposterdb_operator.outside.asking import session
from openposterdb_operator.outside.cloudflare import Cloudflare
from openposterdb_operator.outside.service import Services

_log = structlog.get_logger(__name__)
WORKERS: Final = 4


async def run(environment: Environment) -> None:
    """Until SIGTERM. LeadershipLost when another replica may act: the process has to end then."""
    measured = CollectorRegistry()
    metrics = Metrics(measured, __version__)
    async with endpoints(environment.host, environment.port, measured), Cluster.connect() as cluster:
        leadership = Leadership(cluster, environment.own_namespace, environment.lease, environment.identity)
        await leadership.acquire()
        metrics.leading.set(1)
        try:
            await _lead(environment, cluster, leadership, metrics)
        finally:
            metrics.leading.set(0)
            await leadership.release()


async def _lead(environment: Environment, cluster: Cluster, leadership: Leadership, metrics: Metrics) -> None:
    async with session() as http:
        await _work(environment, cluster, leadership, metrics, http)


async def _work(
    environment: Environment, cluster: Cluster, leadership: Leadership, metrics: Metrics, http: aiohttp.ClientSession
) -> None:
    queue, key_queue = WorkQueue(), WorkQueue()
    news, key_news = News(queue), KeyNews(key_queue)
    every = environment.outside_seconds
    zones = Zones(cluster, Cloudflare(http, environment.cloudflare_url), environment.namespaces, every=every)
    services = Reconciler(cluster, environment.release, metrics, zones)
    keys = KeyReconciler(cluster, Services(http), address=environment.service_address, every=every)
    workers = Workers(OPEN_POSTER_DB, queue, news, services, metrics)
    key_workers = Workers(POSTER_KEY, key_queue, key_news, keys, metrics)
    registry = kopf.OperatorRegistry()
    register(registry, news, key_news)
    kopf.on.login(registry=registry)(_login)
    stop = asyncio.Event()
    watching = asyncio.create_task(
        kopf.operator(
            registry=registry,
            settings=_settings(),
            standalone=True,
            clusterwide=not environment.namespaces,
            namespaces=environment.namespaces,
            stop_flag=stop,
        )
    )
    others = [asyncio.create_task(leadership.hold())]
    others += [asyncio.create_task(each.work()) for each in (workers, key_workers) for _ in range(WORKERS)]
    try:
        done, _ = await asyncio.wait([watching, *others], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if not task.cancelled():
                task.result()
    finally:
        stop.set()
        for task in others:
            task.cancel()
        await asyncio.gather(watching, *others, return_exceptions=True)
    _log.info("stopped")


def _login(**arguments: Any) -> kopf.ConnectionInfo | None:
    return kopf.login_with_service_account(**arguments) or kopf.login_with_kubeconfig(**arguments)


def _settings() -> kopf.OperatorSettings:
    settings = kopf.OperatorSettings()
    settings.posting.enabled = False  # Events are the operator's own
    settings.watching.server_timeout = 300
    settings.watching.client_timeout = 330  # a connection that died silently is noticed
    settings.networking.request_timeout = 30
    settings.networking.error_backoffs = (0.5, 1, 2, 4)  # then the watch begins anew
    return settings
