"""When each key was used last and how often: collected in memory, written in batches."""

import asyncio
from collections import Counter, defaultdict
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from openposterdb.accounts.registry import KeyOwner
from openposterdb.clock import Clock
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.repositories import KeyUsageRepository
from openposterdb.storage.rows import day_of

log = structlog.get_logger(__name__)

_DAY: Final = 86_400


class LastUsed:
    """Notes uses, which costs next to nothing, and writes them every `interval` seconds and at midnight (UTC).

    Requests are counted for the day on which their batch began; last use is the time of the write.
    """

    def __init__(self, usage: KeyUsageRepository, clock: Clock, *, interval: float = 60) -> None:
        self._usage = usage
        self._clock = clock
        self._interval = interval
        self._noted: defaultdict[int, int] = defaultdict(int)
        self._day = day_of(clock.now())
        self._unwritten: Counter[tuple[int, str]] = Counter()
        self._writing = asyncio.Lock()

    def note(self, owner: KeyOwner) -> None:
        """The key was used now; the free key's uses are not tracked."""
        if owner.id is not None:
            self._noted[owner.id] += 1

    async def flush(self) -> None:
        """Write what was noted; when that fails, it is kept for the next time. Also for shutdown."""
        # shielded: whether a write that is broken off has been committed, nobody could tell
        await asyncio.shield(asyncio.ensure_future(self._write()))

    async def run(self) -> None:
        """Write every `interval` seconds until cancelled; call `flush` once more afterwards."""
        while True:
            until_midnight = _DAY - self._clock.now() % _DAY
            await self._clock.sleep(min(self._interval, until_midnight))
            await self.flush()

    async def _write(self) -> None:
        async with self._writing:
            self._collect()
            batch = self._unwritten
            if not batch:
                return
            self._unwritten = Counter()
            try:
                await self._usage.add(batch, self._clock.now())
            except (StorageUnavailable, SQLAlchemyError) as error:  # whatever it is, the next write may go well
                self._unwritten.update(batch)
                log.warning("last_used_not_written", keys=len(batch), error=type(error).__name__)

    def _collect(self) -> None:
        """Put what was noted to the day that it belongs to, and begin anew."""
        for key_id, requests in self._noted.items():
            self._unwritten[key_id, self._day] += requests
        self._noted.clear()
        self._day = day_of(self._clock.now())
