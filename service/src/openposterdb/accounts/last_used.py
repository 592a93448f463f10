"""When each key was used last: collected in memory, written in batches."""

import structlog

from openposterdb.accounts.registry import KeyOwner
from openposterdb.clock import Clock
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.repositories import ApiKeyRepository

log = structlog.get_logger(__name__)


class LastUsed:
    """Notes uses, which costs nothing, and writes them every `interval` seconds with the time of the write."""

    def __init__(self, keys: ApiKeyRepository, clock: Clock, *, interval: float = 60) -> None:
        self._keys = keys
        self._clock = clock
        self._interval = interval
        self._used: set[int] = set()

    def note(self, owner: KeyOwner) -> None:
        """The key was used now; the free key's uses are not tracked."""
        if owner.id is not None:
            self._used.add(owner.id)

    async def flush(self) -> None:
        """Write what was noted; when that fails, it is kept for the next time. Also for shutdown."""
        used, self._used = self._used, set()
        if not used:
            return
        kept = used
        try:
            await self._keys.touch_last_used(used, self._clock.now())
            kept = set[int]()
        except StorageUnavailable as error:
            log.warning("last_used_not_written", keys=len(used), error=str(error))
        finally:  # also when the writer is cancelled
            self._used |= kept

    async def run(self) -> None:
        """Write every `interval` seconds until cancelled; call `flush` once more afterwards."""
        while True:
            await self._clock.sleep(self._interval)
            await self.flush()
