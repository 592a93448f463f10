"""Settings in effect, kept in memory."""

from typing import Final, Protocol

from openposterdb.caching.loading import LoadingCache
from openposterdb.clock import Clock
from openposterdb.settings.model import RenderSettings

_HELD_SECONDS: Final = 300
_MOST_KEYS: Final = 10_000


class StoredSettings(Protocol):
    """Where settings are kept."""

    async def effective(self, key_id: int | None) -> RenderSettings:
        """The key's own, or else the global ones; None is everybody without a key of their own."""
        ...


class SettingsCache:
    """The settings of each key; `forget` has them read again."""

    def __init__(self, stored: StoredSettings, clock: Clock) -> None:
        self._stored = stored
        self._held: LoadingCache[int | None, RenderSettings] = LoadingCache(
            max_entries=_MOST_KEYS, ttl=_HELD_SECONDS, clock=clock
        )

    async def effective(self, key_id: int | None) -> RenderSettings:
        """The settings for requests of this key. Raises StorageUnavailable."""
        return await self._held.get(key_id, lambda: self._stored.effective(key_id))

    def forget(self) -> None:
        """Read every settings row again from now on."""
        self._held.clear()
