"""Time as a collaborator, so that tests set it instead of sleeping."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What the service asks of time."""

    def now(self) -> float:
        """Unix time in seconds (UTC)."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start that never go back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        ...


class SystemClock:
    """The machine's own clock; `monotonic` is the library's function itself, for every hit of the hot path asks."""

    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        await asyncio.sleep(seconds)
