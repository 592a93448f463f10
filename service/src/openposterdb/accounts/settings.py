"""Settings in effect, kept in memory."""

from typing import Final, Protocol

import structlog

from openposterdb.caching.loading import LoadingCache
from openposterdb.clock import Clock
from openposterdb.errors import StorageUnavailable
from openposterdb.settings.model import RenderSettings

log = structlog.get_logger(__name__)

_HELD_SECONDS: Final = 300
_MOST_KEYS: Final = 10_000
_DEFAULTS: Final = RenderSettings()


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
        """The settings for requests of this key; for one request the defaults, when the stored ones cannot be read."""
        try:
            return await self._held.get(key_id, lambda: self._stored.effective(key_id))
        except StorageUnavailable as error:
            log.warning("settings_unavailable", error=str(error))
            return _DEFAULTS

    def forget(self) -> None:
        """Read every settings row again from now on."""
        self._held.clear()
