"""Resources that wait for their reconcile: each once, one worker at a time for each, later when it failed."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final, NamedTuple

FIRST_RETRY: Final = 1.0
LONGEST_RETRY: Final = 120.0


class Key(NamedTuple):
    """A resource by its names."""

    namespace: str
    name: str


class WorkQueue:
    """Keys with the time from which on they are due; `monotonic` is the loop's, but for tests."""

    def __init__(self, monotonic: Callable[[], float] | None = None) -> None:
        self._monotonic = monotonic or asyncio.get_running_loop().time
        self._due: dict[Key, float] = {}
        self._active: set[Key] = set()
        self._failures: dict[Key, int] = {}
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._due)

    def add(self, key: Key, delay: float = 0.0) -> None:
        """Have `key` handled in `delay` seconds, or earlier when that was wanted already."""
        due = self._monotonic() + delay
        self._due[key] = min(due, self._due.get(key, due))
        self._changed.set()

    async def take(self) -> Key:
        """The next key that is due; until `done` nobody else gets it, however often it is added."""
        while True:
            now = self._monotonic()
            waiting = sorted((due, key) for key, due in self._due.items() if key not in self._active)
            if waiting and waiting[0][0] <= now:
                key = waiting[0][1]
                del self._due[key]
                self._active.add(key)
                return key
            self._changed.clear()
            timeout = waiting[0][0] - now if waiting else None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._changed.wait()

    def done(self, key: Key, *, again_in: float | None) -> None:
        """`key` was handled; with `again_in` it is added once more."""
        self._failures.pop(key, None)
        self._leave(key, again_in)

    def failed(self, key: Key) -> float:
        """`key` could not be handled; it comes again, later after each failure. The seconds until then."""
        failures = self._failures.get(key, 0)
        self._failures[key] = failures + 1
        delay = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(failures, 10))
        self._leave(key, delay)
        return delay

    def _leave(self, key: Key, again_in: float | None) -> None:
        self._active.discard(key)
        if again_in is not None:
            self.add(key, again_in)
        self._changed.set()
