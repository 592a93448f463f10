"""RSGI on one side, a finished Robyn application on the other: the object that Granian's worker calls."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog
from robyn import Robyn
from robyn.events import Events

from openposterdb.clock import Clock, SystemClock
from openposterdb.http.access_log import AccessLog
from openposterdb.http.addresses import ClientAddresses
from openposterdb.http.compiled import CompiledApp, run_event
from openposterdb.http.dispatch import Dispatcher
from openposterdb.http.drain import Drain
from openposterdb.http.exchange import Exchange, Observe
from openposterdb.http.hot import HotPath
from openposterdb.http.limits import Limits
from openposterdb.http.lost import Lost
from openposterdb.http.rsgi import HTTPProtocol, Scope
from openposterdb.http.security import HeaderPolicy
from openposterdb.http.unread import bound_unread
from openposterdb.telemetry import Tracing

MAX_BODY = 2 * 1024 * 1024
_WEBSOCKET_REFUSED = 403

_log = structlog.get_logger(__name__)


class RobynRSGI:
    """An RSGI application made of a Robyn one.

    `max_body` is in bytes, `body_timeout` in seconds, `threads` is the number of threads for handlers that are not
    `async`, `trusted_proxies` are CIDRs. `observe` is called with route pattern (empty for unknown paths), method
    (`OTHER` for unusual ones), status and seconds of every request that the hot path did not answer.
    """

    def __init__(
        self,
        app: Robyn,
        *,
        hot: HotPath | None = None,
        max_body: int = MAX_BODY,
        body_timeout: float = 10.0,
        threads: int = 4,
        trusted_proxies: Iterable[str] = (),
        limits: Limits | None = None,
        lost: Lost | None = None,
        policy: HeaderPolicy | None = None,
        access_log: AccessLog | None = None,
        drain: Drain | None = None,
        observe: Observe | None = None,
        clock: Clock | None = None,
        tracing: Tracing | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self.drain = drain or Drain(clock)
        self.hot = hot
        self._app = app
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="handler")
        self._addresses = ClientAddresses(trusted_proxies)
        self._make_exchange: Callable[[Dispatcher], Exchange] = partial(
            Exchange,
            hot=hot,
            addresses=self._addresses,
            limits=limits or Limits(),
            lost=lost or Lost(),
            policy=policy,
            access_log=access_log or AccessLog(),
            drain=self.drain,
            observe=observe,
            threads=self._threads,
            max_body=max_body,
            body_timeout=body_timeout,
            clock=clock,
            tracing=tracing,
        )
        self._answer_hot = None if hot is None else hot.answer if tracing is None else partial(_traced, hot, tracing)
        self._exchange: Exchange | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start in a worker whose loop does not run yet; an exception ends the worker, and with it the server."""
        self.drain.watch(loop)
        loop.run_until_complete(self.startup())
        loop.call_soon(bound_unread)  # the worker has its listener when the loop runs again
        gc.collect()
        gc.freeze()  # modules and tables live as long as the worker: full collections need not walk them

    async def __rsgi__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """Answer one request."""
        answer_hot = self._answer_hot
        if answer_hot is not None and answer_hot(scope, proto):
            return
        if scope.proto != "http":
            # Robyn's WebSocket channels exist inside its own server only
            proto.close(_WEBSOCKET_REFUSED)  # type: ignore[attr-defined] # pyright: ignore
            return
        exchange = self._exchange
        if exchange is None:
            raise RuntimeError("startup() has not run")
        await exchange.serve(scope, proto)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the worker; nothing is served any more."""
        loop.run_until_complete(self.shutdown())

    async def startup(self) -> None:
        """Run the application's startup handler, then read its routes: a handler may still add some."""
        await run_event(self._app, Events.STARTUP)
        dispatcher = Dispatcher(CompiledApp(self._app), self._threads)
        await dispatcher.prepare()
        self._exchange = self._make_exchange(dispatcher)

    async def shutdown(self) -> None:
        """Finish registered work, run the shutdown handler, then cancel and await every task that is left."""
        await self.drain.finish()
        try:
            await run_event(self._app, Events.SHUTDOWN)
        finally:
            await _cancel_the_rest()
            self._threads.shutdown(wait=False, cancel_futures=True)


def _traced(hot: HotPath, tracing: Tracing, scope: Scope, proto: HTTPProtocol) -> bool:
    started = time.time_ns()
    answered = hot.answer(scope, proto)
    if answered:
        tracing.hot(scope.method, scope.headers, started)
    return answered


async def _cancel_the_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    for outcome in await asyncio.gather(*rest, return_exceptions=True):
        if isinstance(outcome, Exception):
            _log.warning("task_failed_at_the_end", exc_info=outcome)
