"""Sessions of those who own an API key and log in with it, to see to their own settings."""

from dataclasses import dataclass, field
from typing import Final

from openposterdb.accounts.keys import FREE_KEY, hash_key, normalise
from openposterdb.accounts.tokens import Tokens
from openposterdb.caching.loading import LoadingCache
from openposterdb.clock import Clock
from openposterdb.errors import Unauthorized
from openposterdb.storage.repositories import ApiKeyRepository
from openposterdb.storage.rows import ApiKey, unix_time

_KNOWN_SECONDS: Final = 300
_MOST_KEYS: Final = 10_000


@dataclass(frozen=True, slots=True)
class KeySession:
    """A key whose owner is logged in, and the token for the bearer header."""

    key: ApiKey
    token: str = field(repr=False)


class KeySessions:
    """A session lasts 24 hours, but never longer than its key. `forget` has every key looked up again."""

    def __init__(self, keys: ApiKeyRepository, tokens: Tokens, clock: Clock) -> None:
        self._keys = keys
        self._tokens = tokens
        self._clock = clock
        self._known: LoadingCache[int, ApiKey | None] = LoadingCache(
            max_entries=_MOST_KEYS, ttl=_KNOWN_SECONDS, clock=clock
        )

    async def login(self, raw_key: str) -> KeySession:
        """A session for whoever has this key; spaces around it are forgiven. `Unauthorized` also for the free key."""
        text = normalise(raw_key)
        if text is None or text == FREE_KEY:
            raise Unauthorized
        key = self._valid(await self._keys.find_by_hash(hash_key(text)))
        return KeySession(key, self._tokens.key_token(key.id))

    async def authenticate(self, token: str) -> ApiKey:
        """The key that the token is for; `Unauthorized` from the moment that the key is gone or has expired."""
        key_id = self._tokens.read_key(token)
        return self._valid(await self._known.get(key_id, lambda: self._keys.get(key_id)))

    def forget(self) -> None:
        """Look every key up again from now on."""
        self._known.clear()

    def _valid(self, key: ApiKey | None) -> ApiKey:
        if key is None or (key.expires_at is not None and unix_time(key.expires_at) <= self._clock.now()):
            raise Unauthorized
        return key
