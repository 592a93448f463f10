"""A clock that stands still until it is told to go on."""

import asyncio
import heapq
import itertools


class ManualClock:
    """Time as the test sets it; those who sleep wake when `advance` passes their time."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self._now = now
        self._monotonic = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._slept = asyncio.Event()

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    async def somebody_sleeps(self) -> None:
        """Wait until there is a sleeper: for work that goes through threads, which `advance` cannot let run."""
        while not self._sleepers:
            self._slept.clear()
            await self._slept.wait()

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._monotonic + seconds, next(self._numbers), future))
        self._slept.set()
        await future

    def tick(self, seconds: float) -> None:
        """Let time pass without waking anybody."""
        self._now += seconds
        self._monotonic += seconds

    async def advance(self, seconds: float) -> None:
        """Let time pass, wake whoever's time has come, in order, and let them run."""
        until = self._monotonic + seconds
        await _settle()
        while self._sleepers and self._sleepers[0][0] <= until:
            at, _, future = heapq.heappop(self._sleepers)
            self.tick(max(0.0, at - self._monotonic))
            if not future.done():
                future.set_result(None)
            await _settle()
        self.tick(until - self._monotonic)


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


class GlidingClock(ManualClock):
    """A clock that never makes anybody wait: whoever sleeps finds the time passed. `slept` are the naps in seconds."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        super().__init__(now)
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.tick(max(0.0, seconds))
        await asyncio.sleep(0)
