"""Work that goes on behind an answer, and ends before the process does."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import structlog

log = structlog.get_logger(__name__)


_MOST_TASKS = 512


class BackgroundTasks:
    """Holds tasks that nobody awaits, so that they are neither lost nor silent; their errors are logged.

    At most `max_tasks` at a time: when a disk or a database stands still, what would wait for it holds images in memory.
    """

    def __init__(self, max_tasks: int = _MOST_TASKS) -> None:
        self._max_tasks = max_tasks
        self._tasks: set[asyncio.Task[Any]] = set()
        self._hurry = asyncio.Event()

    def __len__(self) -> int:
        """Tasks under way."""
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, Any], *, name: str) -> None:
        """Run `work` behind the caller; `name` is what a failure is logged as. With too much under way it is not run."""
        if len(self._tasks) >= self._max_tasks:
            work.close()
            log.warning("background_task_dropped", task=name)
            return
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    async def pause(self, seconds: float) -> None:
        """Let time pass, for work that gains by waiting for more of its kind; not while somebody drains."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()

    async def drain(self) -> None:
        """Wait until everything, also what is started meanwhile, has ended."""
        self._hurry.set()
        try:
            while self._tasks:
                await asyncio.wait(self._tasks)
        finally:
            self._hurry.clear()

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background_task_failed", task=task.get_name(), exc_info=error)
