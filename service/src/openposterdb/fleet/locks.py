"""Locks that end by themselves when their holder dies, with numbers that tell a late holder from the present one."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Final

import structlog

from openposterdb.clock import Clock
from openposterdb.fleet.link import Link, RedisAway

log = structlog.get_logger(__name__)

LIFE_SECONDS = 6.0

TAKE: Final = """if redis.call('exists', KEYS[1]) == 1 then return false end
if redis.call('exists', KEYS[2]) == 0 then
  local time = redis.call('time')
  redis.call('set', KEYS[2], string.format('%d%06d', time[1], time[2]))
end
local token = redis.call('incr', KEYS[2])
local holder = string.format('%.0f', token) .. ' ' .. ARGV[1]
redis.call('set', KEYS[1], holder, 'px', ARGV[2])
return holder"""
"""Gives the lock KEYS[1] to ARGV[1] for ARGV[2] milliseconds unless it is held. The token grows as long as Redis remembers
it in KEYS[2], and starts from the time when it has forgotten."""
_RENEW: Final = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('pexpire', KEYS[1], ARGV[2])
"""
_RELEASE: Final = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('del', KEYS[1])
"""


@dataclass(slots=True)
class Lease:
    """A lock that is held: `token` is greater than that of every holder before. `lost` once another may hold it."""

    name: str
    holder: str
    lost: bool = False

    @property
    def token(self) -> int:
        """The fencing token."""
        return int(self.holder.partition(" ")[0])


class Locks:
    """Locks by name, `life` seconds long unless they are renewed."""

    def __init__(self, link: Link, clock: Clock, *, life: float = LIFE_SECONDS) -> None:
        self.life = life
        self.tokens = link.key("tokens")
        self._link = link
        self._clock = clock
        self._owner = secrets.token_hex(8)
        self._take = link.script(TAKE)
        self._renew = link.script(_RENEW)
        self._release = link.script(_RELEASE)

    @property
    def life_ms(self) -> int:
        """The life in milliseconds, as Redis counts."""
        return int(self.life * 1000)

    def holder(self) -> str:
        """A name that no other attempt uses."""
        return f"{self._owner}-{secrets.token_hex(4)}"

    def key(self, name: str) -> str:
        """Where Redis keeps the lock."""
        return self._link.key("lock", name)

    async def take(self, name: str, *, life: float | None = None) -> Lease | None:
        """The lock, or None when somebody holds it. Raises RedisAway."""
        milliseconds = self.life_ms if life is None else int(life * 1000)
        holder = await self._take.run("lock_take", [self.key(name), self.tokens], [self.holder(), milliseconds])
        return None if holder is None else Lease(name, bytes(holder).decode())

    async def release(self, lease: Lease) -> bool:
        """Give the lock back; False when it was lost before. Raises RedisAway."""
        return bool(await self._release.run("lock_release", [self.key(lease.name)], [lease.holder]))

    async def keep(self, lease: Lease) -> None:
        """Renew the lock at each third of its life, until cancelled or lost."""
        while not lease.lost:
            await self._clock.sleep(self.life / 3)
            try:
                renewed = await self._renew.run("lock_renew", [self.key(lease.name)], [lease.holder, self.life_ms])
            except RedisAway:  # it may be back before the life ends; whether it was is asked at the end
                continue
            lease.lost = not renewed
        log.info("lock_lost", lock=lease.name.partition(":")[0])

    async def try_once(self, name: str, *, life: float | None = None) -> bool:
        """Whether this replica is to do what one of them does per `life` seconds; nobody waits, and it is not released.

        True without Redis: each does it then.
        """
        try:
            return await self.take(name, life=life) is not None
        except RedisAway:
            return True


async def stop(task: asyncio.Task[None]) -> None:
    """Cancel a renewal and see it end."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
