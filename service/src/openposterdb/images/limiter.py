"""A first-come, first-served limit on work that weighs differently."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from openposterdb.errors import BadArt, Overloaded

_RETRY_SECONDS = 2


class RenderMemory:
    """At most `budget` bytes for all renders at once, by what each is known to need before it begins.

    One that does not fit beside the others waits for its turn; one that would not fit alone is refused: BadArt.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self._limiter = WeightedLimiter(budget)

    @property
    def in_use(self) -> int:
        """Bytes that running renders may need."""
        return self._limiter.in_use

    @property
    def waiting(self) -> int:
        """Renders that wait for memory."""
        return self._limiter.waiting

    @asynccontextmanager
    async def slot(self, needed: int) -> AsyncGenerator[None]:
        """Hold `needed` bytes while the context lasts."""
        if needed > self.budget:
            raise BadArt(f"the picture is too large: it needs {_mebibytes(needed)} of memory, RENDER_MEMORY_MB is less")
        async with self._limiter.slot(needed):
            yield


def _mebibytes(count: int) -> str:
    return f"{(count + (1 << 20) - 1) >> 20} MiB"


class WeightedLimiter:
    """At most `capacity` units of work at once; one item may weigh more than a unit, never more than all of them.

    Waiters are served in the order they came, so a heavy item is not starved by light ones. Beyond `most_waiting` of them
    an item is refused: its turn would come after everybody has left.
    """

    def __init__(self, capacity: int, *, most_waiting: int | None = None) -> None:
        self.capacity = capacity
        self._most_waiting = most_waiting
        self._used = 0
        self._waiters: deque[tuple[int, asyncio.Future[None]]] = deque()

    @property
    def in_use(self) -> int:
        """Units taken."""
        return self._used

    @property
    def waiting(self) -> int:
        """Items that wait for room."""
        return len(self._waiters)

    @asynccontextmanager
    async def slot(self, weight: int) -> AsyncGenerator[None]:
        """Hold `weight` units (capped to the capacity) while the context lasts. Raises Overloaded."""
        units = min(max(1, weight), self.capacity)
        await self._acquire(units)
        try:
            yield
        finally:
            self._used -= units
            self._wake()

    async def _acquire(self, units: int) -> None:
        if not self._waiters and self._used + units <= self.capacity:
            self._used += units
            return
        if self._most_waiting is not None and len(self._waiters) >= self._most_waiting:
            raise Overloaded("too many images are being made; try again in a moment", retry_after=_RETRY_SECONDS)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append((units, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._used -= units  # the turn came and the waiter left in the same moment
            elif (units, turn) in self._waiters:
                self._waiters.remove((units, turn))
            self._wake()
            raise

    def _wake(self) -> None:
        while self._waiters:
            units, turn = self._waiters[0]
            if turn.cancelled():  # it leaves, and has not run since
                self._waiters.popleft()
                continue
            if self._used + units > self.capacity:
                return
            self._waiters.popleft()
            self._used += units
            turn.set_result(None)
