"""Whose a key is."""

import math
from dataclasses import dataclass

from openposterdb.accounts.keys import FREE_KEY, hash_key, normalise
from openposterdb.caching.loading import LoadingCache
from openposterdb.clock import Clock
from openposterdb.errors import Unauthorized
from openposterdb.storage.repositories import ApiKeyRepository, SettingsRepository
from openposterdb.storage.rows import unix_time

_KNOWN_SECONDS = 300
_SWITCH_SECONDS = 60
_MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class KeyOwner:
    """Whoever holds a valid key: its id, or None for the free key; until when (Unix time), or None for ever."""

    id: int | None
    expires_at: float | None = None

    def seconds_left(self, clock: Clock) -> float:
        """How long the key is still good, in seconds; 0 or less when it has expired."""
        return math.inf if self.expires_at is None else self.expires_at - clock.now()


class KeyRegistry:
    """Tells whose a key is. Answers, also the negative ones, are kept for minutes; `forget` drops them.

    A key that expires is refused from that moment on, also when it is known.
    """

    def __init__(
        self,
        keys: ApiKeyRepository,
        settings: SettingsRepository,
        clock: Clock,
        *,
        free_key_enabled: bool | None = None,
    ) -> None:
        """`free_key_enabled` of None leaves the free key to the stored switch."""
        self._keys = keys
        self._settings = settings
        self._clock = clock
        self._free_key_enabled = free_key_enabled
        self._owners: LoadingCache[str, KeyOwner | None] = LoadingCache(
            max_entries=_MOST_KEYS, ttl=_KNOWN_SECONDS, clock=clock
        )
        self._switch: LoadingCache[None, bool] = LoadingCache(max_entries=1, ttl=_SWITCH_SECONDS, clock=clock)

    async def authenticate(self, raw: str) -> KeyOwner:
        """The owner of this key; spaces around it are forgiven. Raises `Unauthorized`."""
        key = normalise(raw)
        if key is None:
            raise Unauthorized
        if key == FREE_KEY:
            if await self.free_key_enabled():
                return KeyOwner(None)
            raise Unauthorized
        key_hash = hash_key(key)
        owner = await self._owners.get(key_hash, lambda: self._find(key_hash))
        if owner is None or owner.seconds_left(self._clock) <= 0:
            raise Unauthorized
        return owner

    async def free_key_enabled(self) -> bool:
        """Whether the free key is let in."""
        if self._free_key_enabled is not None:
            return self._free_key_enabled
        return await self._switch.get(None, self._settings.free_key_enabled)

    def forget(self) -> None:
        """Look every key, and the free key's switch, up again from now on."""
        self._owners.clear()
        self._switch.clear()

    async def _find(self, key_hash: str) -> KeyOwner | None:
        found = await self._keys.find_by_hash(key_hash)
        if found is None:
            return None
        return KeyOwner(found.id, None if found.expires_at is None else unix_time(found.expires_at))
