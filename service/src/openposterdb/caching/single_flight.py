"""Single flight within the process: concurrent calls for one key share one execution."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SingleFlight(Generic[K, V]):
    """Runs work at most once per key at a time.

    A caller that is cancelled leaves the work running for the others; when the last one leaves it still finishes, since
    it is mostly paid for. An error is raised to every waiter.
    """

    def __init__(self) -> None:
        self._flights: dict[K, asyncio.Task[V]] = {}
        self._tasks: set[asyncio.Task[V]] = set()  # also those that are detached: the loop alone would not hold them

    def __len__(self) -> int:
        """Keys in flight that can be joined."""
        return len(self._flights)

    def start(self, key: K, work: Callable[[], Awaitable[V]]) -> tuple[asyncio.Task[V], bool]:
        """The task that works on `key`, and whether this call began it; nobody has to await the task.

        Whoever awaits it shields it, since to cancel it is to cancel it for all.
        """
        task = self._flights.get(key)
        if task is not None:
            return task, False
        task = asyncio.ensure_future(_as_coroutine(work))
        self._flights[key] = task
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._land(key, done))
        return task, True

    async def run(self, key: K, work: Callable[[], Awaitable[V]]) -> V:
        """The result of `work`, shared with everyone who asks for `key` meanwhile."""
        task, _ = self.start(key, work)
        return await asyncio.shield(task)

    def leads(self, key: K) -> bool:
        """Within the work: whether it is still what callers of `key` would join."""
        return self._flights.get(key) is asyncio.current_task()

    def detach(self, key: K) -> None:
        """Let the next caller of `key` start anew; those who wait get the outcome of what they joined."""
        self._flights.pop(key, None)

    def detach_all(self) -> None:
        """Let the next caller of every key start anew."""
        self._flights.clear()

    async def drain(self) -> None:
        """Wait for everything in flight, also what starts meanwhile, whatever its outcome."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _land(self, key: K, task: asyncio.Task[V]) -> None:
        self._tasks.discard(task)
        if self._flights.get(key) is task:
            del self._flights[key]
        if not task.cancelled():
            task.exception()  # marks it as seen: a flight whose callers all left is no unhandled error


async def _as_coroutine(work: Callable[[], Awaitable[V]]) -> V:
    return await work()
