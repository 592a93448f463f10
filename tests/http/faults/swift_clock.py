"""Real time for those who wait for others, none for those who only wait."""

import asyncio
import time


class SwiftClock:
    """Runs with the machine's clock, so that a hanging call meets its deadline, but `sleep` jumps ahead instead."""

    def __init__(self, now: float) -> None:
        self._start = time.monotonic()
        self._now = now
        self._ahead = 0.0

    def now(self) -> float:
        return self._now + self.monotonic()

    def monotonic(self) -> float:
        return time.monotonic() - self._start + self._ahead

    async def sleep(self, seconds: float) -> None:
        until = self.monotonic() + max(0.0, seconds)
        await asyncio.sleep(0)
        self.tick(max(0.0, until - self.monotonic()))  # those who sleep at the same time sleep the same time

    def tick(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += seconds
