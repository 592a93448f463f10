"""Single flight for the fleet: of all replicas that want the outcome of the same work, one does it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Final, Generic, Protocol, TypeVar

import structlog

from openposterdb.clock import Clock
from openposterdb.errors import OpenPosterDBError
from openposterdb.fleet.failures import read_failure, write_failure
from openposterdb.fleet.link import BULK_SECONDS, Link, RedisAway
from openposterdb.fleet.locks import TAKE, Lease, Locks, stop
from openposterdb.fleet.notices import Notices, wait_for_either

log = structlog.get_logger(__name__)

V = TypeVar("V")

_POLL_SECONDS = 1.0
_PATIENCE_SECONDS = 30.0
_MOST_MISSED = 5

# The outcome if there is one, else the lock if it is free, or ours since an answer that we missed: `{outcome, holder}`, both
# nothing while another holds it.
_JOIN: Final = f"""
local outcome = redis.call('get', KEYS[3])
if outcome then return {{outcome, false}} end
local held = redis.call('get', KEYS[1])
if held and string.sub(held, -#ARGV[1]) == ARGV[1] then return {{false, held}} end
local function take()
{TAKE}
end
return {{false, take()}}
"""
# A holder that was late changes nothing: the lock is no longer its own.
_LAND: Final = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] ~= '' then redis.call('set', KEYS[2], ARGV[2], 'px', ARGV[3]) end
redis.call('del', KEYS[1])
redis.call('publish', ARGV[4], ARGV[5])
return 1
"""


class Codec(Protocol[V]):
    """How a value travels; `decode` raises ValueError for what it does not understand."""

    def encode(self, value: V) -> bytes:
        """The value as bytes."""
        ...

    def decode(self, data: bytes) -> V:
        """The value again."""
        ...


class FlightObserver(Protocol):
    """Told how each flight went for this replica, and how many seconds it waited for another's."""

    def __call__(self, role: str, waited: float) -> None:
        """Note it; `role` is `led`, `joined` or `alone`."""
        ...


def unobserved(role: str, waited: float) -> None:
    """Nobody listens."""


class FleetFlight(Generic[V]):
    """Runs work at most once per key at a time among all replicas, within what each does by itself.

    The outcome, an error included, is shared for a moment: `success_secs` or `failure_secs`. A holder that dies costs
    those who wait one life of its lock, then one of them does the work. Without Redis each replica works alone.
    """

    def __init__(
        self,
        subject: str,
        codec: Codec[V],
        *,
        link: Link,
        locks: Locks,
        notices: Notices,
        clock: Clock,
        success_secs: float = 5.0,
        failure_secs: float = 2.0,
        observe: FlightObserver = unobserved,
    ) -> None:
        self._subject = subject
        self._codec = codec
        self._link = link
        self._locks = locks
        self._notices = notices
        self._clock = clock
        self._success_ms = int(success_secs * 1000)
        self._failure_ms = int(failure_secs * 1000)
        self._observe = observe
        self._join = link.script(_JOIN)
        self._land = link.script(_LAND)

    async def run(self, key: str, work: Callable[[], Awaitable[V]]) -> V:
        """The outcome of `work`, done here or by another replica. One call per key at a time is enough for a process."""
        began = self._clock.monotonic()
        name = f"{self._subject}:{key}"
        try:
            joined = await self._take_part(name, began)
        except RedisAway:
            self._observe("alone", self._clock.monotonic() - began)
            return await work()
        waited = self._clock.monotonic() - began
        if isinstance(joined, Lease):
            self._observe("led", waited)
            return await self._lead(joined, work)
        if joined is None:
            log.warning("flight_overdue", subject=self._subject)
            self._observe("alone", waited)
            return await work()
        self._observe("joined", waited)
        return self._outcome(joined)

    async def _take_part(self, name: str, began: float) -> Lease | bytes | None:
        """The lock, or what its holder came to; None when that takes too long."""
        keys = [self._locks.key(name), self._locks.tokens, self._link.key("outcome", name)]
        arguments: list[Any] = [self._locks.holder(), self._locks.life_ms]
        missed = 0
        with self._notices.landing(name) as landed:
            while True:
                landed.clear()
                try:
                    answer = await self._join.run("flight_join", keys, arguments, within=BULK_SECONDS)
                except RedisAway:
                    missed += 1
                    if not self._link.up or missed >= _MOST_MISSED:
                        raise
                    continue  # this process was late, not Redis
                outcome, holder = answer
                if outcome is not None and self._understood(outcome):
                    return bytes(outcome)
                if holder is not None:
                    return Lease(name, bytes(holder).decode())
                if outcome is not None or self._clock.monotonic() - began >= _PATIENCE_SECONDS:
                    return None
                await wait_for_either(landed, self._clock.sleep(_POLL_SECONDS))  # a message may go missing

    async def _lead(self, lease: Lease, work: Callable[[], Awaitable[V]]) -> V:
        renewal = asyncio.ensure_future(self._locks.keep(lease))
        outcome, life = b"", 0
        try:
            value = await work()
            outcome, life = b"+" + self._codec.encode(value), self._success_ms
        except OpenPosterDBError as error:
            outcome, life = b"-" + write_failure(error), self._failure_ms
            raise
        else:
            return value
        finally:
            await stop(renewal)
            await self._end(lease, outcome, life)

    async def _end(self, lease: Lease, outcome: bytes, life: int) -> None:
        """Share the outcome and free the lock; after a failure of our own, which is nobody else's, only the latter."""
        keys = [self._locks.key(lease.name), self._link.key("outcome", lease.name)]
        arguments: list[Any] = [lease.holder, outcome, life, self._notices.landed, lease.name]
        with contextlib.suppress(RedisAway):  # the lock ends by itself
            if not await self._land.run("flight_land", keys, arguments, within=BULK_SECONDS):
                log.info("flight_landed_late", subject=self._subject)

    def _understood(self, outcome: bytes) -> bool:
        try:
            self._outcome(outcome)
        except OpenPosterDBError:
            return True
        except ValueError:  # of another release
            return False
        return True

    def _outcome(self, outcome: bytes) -> V:
        if outcome[:1] == b"-":
            raise read_failure(outcome[1:])
        return self._codec.decode(outcome[1:])
