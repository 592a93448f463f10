"""Rate limits of the whole fleet that cost a request no round trip.

Each replica decides from its own buckets at once and tells Redis a few times a second what was spent; the answer is how
empty the bucket is for all of them. Between two tellings a client may find a token at each replica that the fleet no
longer has: a burst is exceeded by what passes in a quarter of a second, the rate over time is not.
"""

from collections import Counter
from typing import Final

from openposterdb.buckets import Buckets, Rate
from openposterdb.clock import Clock
from openposterdb.fleet.link import BULK_SECONDS, Link, RedisAway

_EVERY_SECONDS = 0.25
_BUCKETS_AT_ONCE = 500

# The generic cell rate algorithm in microseconds: KEYS are buckets, ARGV the interval of one token, the most that a bucket
# can lack, then the tokens spent of each. What comes back is how long each takes to be full again.
_SPEND: Final = """
local time = redis.call('time')
local now = time[1] * 1000000 + time[2]
local interval, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local waits = {}
for index, key in ipairs(KEYS) do
  local full = math.max(tonumber(redis.call('get', key) or 0), now)
  full = math.min(full + tonumber(ARGV[index + 2]) * interval, now + most)
  if full > now then
    redis.call('set', key, string.format('%.0f', full), 'px', math.ceil((full - now) / 1000))
  else
    redis.call('del', key)
  end
  waits[index] = string.format('%.0f', full - now)
end
return waits
"""


class FleetBuckets(Buckets):
    """Buckets of one rate that all replicas share under `name`; without Redis they are this process's own."""

    def __init__(self, rate: Rate, clock: Clock, *, link: Link, name: str, max_buckets: int = 100_000) -> None:
        super().__init__(rate, clock, max_buckets=max_buckets)
        self._link = link
        self._name = name
        self._clock = clock
        self._spent: Counter[str] = Counter()
        self._script = link.script(_SPEND)

    def allow_at(self, bucket: str, now: float) -> bool:
        """Take a token if there is one, as far as this replica knows."""
        allowed = super().allow_at(bucket, now)
        if allowed:
            self._spent[bucket] += 1
        elif bucket not in self._spent:
            self._spent[bucket] = 0  # to hear of it when the others have left some
        return allowed

    def give_back(self, bucket: str) -> None:
        """Return a token that was taken for what turned out to cost nothing."""
        super().give_back(bucket)
        self._spent[bucket] -= 1

    async def watch(self) -> None:
        """Tell and hear four times a second until cancelled."""
        while True:
            await self._clock.sleep(_EVERY_SECONDS)
            await self.exchange()

    async def exchange(self) -> None:
        """Tell what was spent since the last time and take over what the fleet has left."""
        spent, self._spent = self._spent, Counter()
        names = list(spent)
        for start in range(0, len(names), _BUCKETS_AT_ONCE):
            chunk = names[start : start + _BUCKETS_AT_ONCE]
            keys = [self._link.key("limit", self._name, bucket) for bucket in chunk]
            interval, most = self.rate.interval * 1e6, self.rate.burst * self.rate.interval * 1e6
            arguments = [int(interval), int(most), *(spent[bucket] for bucket in chunk)]
            try:
                waits = await self._script.run("limits_spend", keys, arguments, within=BULK_SECONDS)
            except RedisAway:  # each replica counts for itself meanwhile
                return
            for bucket, wait in zip(chunk, waits, strict=True):
                meanwhile = max(0, self._spent[bucket]) if bucket in self._spent else 0
                self.set_wait(bucket, int(wait) / 1e6 + meanwhile * self.rate.interval)
