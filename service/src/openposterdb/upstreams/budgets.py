"""How often a service may be called, by whom first, and with which of several keys.

What is asked for by somebody who waits goes first; refreshes behind an answer and the warming of titles leave a reserve
untouched, and the warming twice as much of it.
"""

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from openposterdb.clock import Clock

DAY_SECONDS = 86_400


class Priority(IntEnum):
    """Who calls; what a call may not touch grows with the number."""

    INTERACTIVE = 0
    REFRESH = 1
    WARM_UP = 2


@dataclass(frozen=True, slots=True)
class Allowance:
    """What each key of a service allows: calls per second, with `burst` at once, and per day (UTC); None for no limit.

    `reserve` is the share of both, below a half, that refreshes leave for those who wait.
    """

    per_second: float | None = None
    burst: int = 1
    per_day: int | None = None
    reserve: float = 0.2

    def __post_init__(self) -> None:
        if (self.per_second is not None and self.per_second <= 0) or self.burst < 1 or not 0 <= self.reserve < 0.5:
            raise ValueError("an allowance needs a rate above 0, a burst of at least 1 and a reserve below a half")

    @property
    def interval(self) -> float:
        """Seconds between two calls over time; 0 without a limit."""
        return 0.0 if self.per_second is None else 1 / self.per_second

    def share(self, priority: Priority) -> float:
        """The part of the allowance that a priority may use up."""
        return 1 - self.reserve * priority

    def most_lacking(self, priority: Priority) -> float:
        """Seconds that a bucket may take to be full again after a call; at least one call fits for everybody."""
        return max(1.0, self.burst * self.share(priority)) * self.interval

    def most_today(self, priority: Priority) -> int:
        """Calls of a day after which this priority has to stop; -1 without a limit."""
        return -1 if self.per_day is None else int(self.per_day * self.share(priority))


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to call with the key of this number; `left` calls remain of its day, None without a limit."""

    key: int
    left: int | None


class Budget(Protocol):
    """The calls of one service, in this process or in the whole fleet."""

    async def take(self, priority: Priority) -> Grant | float:
        """Leave to make one call, or the seconds until it is worth asking again."""
        ...

    async def shut(self, key: int, seconds: float) -> None:
        """Nobody calls with this key for so long: the service said so."""
        ...


@dataclass(slots=True)
class _KeyState:
    full_at: float = 0.0
    shut_until: float = 0.0
    day: int = 0
    used: int = 0


class ProcessBudget:
    """The budget of one process, with `keys` keys of which the one with the most left is used next."""

    def __init__(self, allowance: Allowance, clock: Clock, *, keys: int = 1) -> None:
        self._allowance = allowance
        self._clock = clock
        self._keys = [_KeyState() for _ in range(keys)]

    async def take(self, priority: Priority) -> Grant | float:
        """Leave to make one call, or the seconds until it is worth asking again."""
        now = self._clock.now()
        waits = [self._wait(state, now, priority) for state in self._keys]
        free = [number for number, wait in enumerate(waits) if wait <= 0]
        if not free:
            return min(waits)
        number = min(free, key=lambda number: (self._keys[number].used, self._keys[number].full_at))
        state = self._keys[number]
        state.used += 1
        state.full_at = max(state.full_at, now) + self._allowance.interval
        per_day = self._allowance.per_day
        return Grant(number, None if per_day is None else per_day - state.used)

    async def shut(self, key: int, seconds: float) -> None:
        """Nobody calls with this key for so long."""
        state = self._keys[key]
        state.shut_until = max(state.shut_until, self._clock.now() + seconds)

    def _wait(self, state: _KeyState, now: float, priority: Priority) -> float:
        day = int(now // DAY_SECONDS)
        if state.day != day:
            state.day, state.used = day, 0
        if state.shut_until > now:
            return state.shut_until - now
        most = self._allowance.most_today(priority)
        if 0 <= most <= state.used:
            return (day + 1) * DAY_SECONDS - now
        lacking = max(state.full_at, now) - now + self._allowance.interval
        wait = lacking - self._allowance.most_lacking(priority)
        return wait if wait > 1e-6 else 0.0


def name_of_key(api_key: str) -> str:
    """What stands for an API key where others can read it."""
    return hashlib.sha256(api_key.encode()).hexdigest()[:12]
