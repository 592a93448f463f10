"""How often a password may be tried for one account."""

from typing import Final

from cachetools import TTLCache

from openposterdb.accounts.sessions import hashed
from openposterdb.buckets import Buckets, Rate
from openposterdb.clock import Clock
from openposterdb.errors import TooManyRequests
from openposterdb.fleet.opening import Fleet

_FAILURES: Final = Rate(burst=10, interval=30)
_MOST_ACCOUNTS: Final = 50_000
_FAMILIAR_SECONDS: Final = 30 * 86_400
_MOST_FAMILIAR: Final = 10_000


class Attempts:
    """Limits by account, whoever tries. An address from which the account logged in lately has a limit of its own there.

    So strangers who go on failing lock nobody out who comes from where they always come from. With a `fleet` all replicas
    count together and know the same addresses; while Redis is away each does so for itself.
    """

    def __init__(self, clock: Clock, fleet: Fleet | None = None) -> None:
        self._failures = (
            Buckets(_FAILURES, clock, max_buckets=_MOST_ACCOUNTS)
            if fleet is None
            else fleet.buckets("login", _FAILURES, max_buckets=_MOST_ACCOUNTS)
        )
        self._familiar: TTLCache[str, bool] = TTLCache(_MOST_FAMILIAR, _FAMILIAR_SECONDS, clock.monotonic)
        self._shared = None if fleet is None else fleet.marks("familiar", seconds=_FAMILIAR_SECONDS)

    def __len__(self) -> int:
        """Limits held."""
        return len(self._failures)

    async def begin(self, username: str, address: str | None) -> str:
        """Take a token for an attempt; the bucket that it is from. Raises `TooManyRequests`."""
        at_home = _home(username, address)
        bucket = at_home if address is not None and await self._is_familiar(at_home) else hashed(username)
        if not self._failures.allow(bucket):
            wait = self._failures.retry_after(bucket)
            raise TooManyRequests("too many failed logins for this account; try again later", retry_after=wait)
        return bucket

    def give_back(self, bucket: str) -> None:
        """The attempt did not fail, or nobody knows."""
        self._failures.give_back(bucket)

    async def succeed(self, username: str, address: str | None) -> None:
        """Whoever it was has a session, and where from is known where it is over the network."""
        if address is None:
            return
        at_home = _home(username, address)
        self._familiar[at_home] = True
        if self._shared is not None:
            await self._shared.set(at_home)

    async def _is_familiar(self, at_home: str) -> bool:
        return at_home in self._familiar or (self._shared is not None and await self._shared.has(at_home))


def _home(username: str, address: str | None) -> str:
    """A digest that stands for an account at an address."""
    return hashed(f"{hashed(username)} {address}")
