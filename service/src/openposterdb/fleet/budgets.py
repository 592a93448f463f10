"""Budgets of upstream services that all replicas share: together they make no more calls than one may."""

from collections.abc import Sequence
from typing import Any, Final

from openposterdb.clock import Clock
from openposterdb.fleet.link import Link, RedisAway
from openposterdb.upstreams.budgets import DAY_SECONDS, Allowance, Budget, Grant, Priority, ProcessBudget

# Per API key three names: when its bucket is full again (in microseconds), the calls of today, and whether it is shut.
# ARGV: interval and most lacking in microseconds, most calls today (-1: any number), the length of a day in seconds.
# Gives {number of the key, calls today}, or {-1, milliseconds to wait}.
_TAKE: Final = """
local time = redis.call('time')
local now = time[1] * 1000000 + time[2]
local interval, lacking, most, day = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local today = math.floor(time[1] / day)
local best, best_used, best_full, wait = nil, nil, nil, nil
for key = 1, #KEYS / 3 do
  local full = math.max(tonumber(redis.call('get', KEYS[key * 3 - 2]) or 0), now)
  local counted, used = string.match(redis.call('get', KEYS[key * 3 - 1]) or '', '(%d+) (%d+)')
  used = tonumber(counted) == today and tonumber(used) or 0
  local until_free = redis.call('pttl', KEYS[key * 3])
  if until_free <= 0 then
    until_free = 0
    if most >= 0 and used >= most then
      until_free = ((today + 1) * day - time[1]) * 1000
    elseif full - now + interval > lacking + 1 then
      until_free = math.ceil((full - now + interval - lacking) / 1000)
    end
  end
  if until_free > 0 then
    if not wait or until_free < wait then wait = until_free end
  elseif not best or used < best_used or (used == best_used and full < best_full) then
    best, best_used, best_full = key, used, full
  end
end
if not best then return {-1, wait} end
if interval > 0 then
  local full = best_full + interval
  redis.call('set', KEYS[best * 3 - 2], string.format('%.0f', full), 'px', math.ceil((full - now) / 1000))
end
redis.call('set', KEYS[best * 3 - 1], today .. ' ' .. (best_used + 1), 'ex', day)
return {best - 1, best_used + 1}
"""
_SHUT: Final = """
if redis.call('pttl', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
redis.call('set', KEYS[1], '1', 'px', ARGV[1])
return 1
"""


class FleetBudget:
    """The budget of one service with these keys, by `name_of_key`; while Redis is away each replica keeps its own.

    What is shut is shut in both, so that a replica that loses Redis goes on waiting. Each call of an upstream asks Redis once,
    a hundredth of what that call takes: leases of several calls would save it, but strand what an idle replica holds and tell
    priorities apart only from lease to lease.
    """

    def __init__(self, service: str, allowance: Allowance, keys: Sequence[str], *, link: Link, clock: Clock) -> None:
        self._allowance = allowance
        self._own: Budget = ProcessBudget(allowance, clock, keys=len(keys))
        self._names = [link.key("budget", service, key, part) for key in keys for part in ("full", "today", "shut")]
        self._take = link.script(_TAKE)
        self._shut = link.script(_SHUT)

    async def take(self, priority: Priority) -> Grant | float:
        """Leave to make one call, or the seconds until it is worth asking again."""
        allowance = self._allowance
        arguments: list[Any] = [
            round(allowance.interval * 1e6),
            round(allowance.most_lacking(priority) * 1e6),
            allowance.most_today(priority),
            DAY_SECONDS,
        ]
        try:
            key, number = await self._take.run("budget_take", self._names, arguments)
        except RedisAway:
            return await self._own.take(priority)
        if key < 0:
            return int(number) / 1000
        return Grant(int(key), None if allowance.per_day is None else allowance.per_day - int(number))

    async def shut(self, key: int, seconds: float) -> None:
        """No replica calls with this key for so long."""
        await self._own.shut(key, seconds)
        try:
            await self._shut.run("budget_shut", [self._names[3 * key + 2]], [max(1, round(seconds * 1000))])
        except RedisAway:  # the others find out by themselves
            return
