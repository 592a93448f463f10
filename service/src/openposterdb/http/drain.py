"""The end of a worker: what is in flight, whether it is leaving, and what has to be finished before it may go."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

import structlog

from openposterdb.clock import Clock

_log = structlog.get_logger(__name__)


class Drain:
    """One worker's way out.

    `linger` is the seconds for which a worker that was told to stop goes on accepting connections while `draining` is true
    already: whoever polls readiness hears of it before the listener closes. `budget` is in seconds, from then on:
    everything registered shares it, and both together have to end before the supervisor's kill timeout does.
    """

    def __init__(self, clock: Clock, *, budget: float = 27.0, linger: float = 0.0) -> None:
        self._clock = clock
        self._budget = budget
        self._linger = linger
        self._unfinished: list[tuple[str, Callable[[], Awaitable[object]]]] = []
        self._began: float | None = None
        self.in_flight = 0

    @property
    def draining(self) -> bool:
        """Whether this worker was told to stop: readiness answers 503 from then on."""
        return self._began is not None

    @property
    def remaining(self) -> float:
        """Seconds left for what is unfinished."""
        if self._began is None:
            return self._budget
        return max(0.0, self._linger + self._budget - (self._clock.monotonic() - self._began))

    def register(self, name: str, finish: Callable[[], Awaitable[object]]) -> None:
        """Await `finish` before the worker ends, once nothing is served any more; all of them run side by side."""
        self._unfinished.append((name, finish))

    def begin(self) -> None:
        """Start leaving; a second call changes nothing."""
        if self._began is None:
            self._began = self._clock.monotonic()
            _log.info("drain_began", in_flight=self.in_flight)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take SIGTERM over from the server, which had installed one handler for SIGTERM and SIGINT.

        Ours begins the drain and hands on to the server's after `linger`, as SIGINT.
        """
        loop.add_signal_handler(signal.SIGTERM, self._on_terminate, loop)

    async def finish(self) -> None:
        """Await what was registered, as long as the budget lasts; a failure or a leftover is logged, not raised."""
        self.begin()
        tasks = {asyncio.ensure_future(_finished(finish)): name for name, finish in self._unfinished}
        if not tasks:
            return
        done, late = await asyncio.wait(tasks, timeout=self.remaining)
        for task in done:
            error = task.exception()
            if error is not None:
                _log.error("drain_failed", work=tasks[task], exc_info=error)
        for task in late:
            _log.warning("drain_gave_up", work=tasks[task])
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _on_terminate(self, loop: asyncio.AbstractEventLoop) -> None:
        if self.draining:
            return
        self.begin()
        loop.call_later(self._linger, os.kill, os.getpid(), signal.SIGINT)


async def _finished(finish: Callable[[], Awaitable[object]]) -> object:
    return await finish()
