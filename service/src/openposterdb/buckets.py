"""Token buckets: how often something may happen, counted in this process.

A bucket is kept as one number, the time at which it will be full again (the generic cell rate algorithm), so that asking
costs one look-up and one store: cheap enough to run in front of every cached image.
"""

import math
from dataclasses import dataclass

from openposterdb.clock import Clock

_MAX_BUCKETS = 100_000


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of `burst` tokens that gains one every `interval` seconds."""

    burst: int
    interval: float


class Buckets:
    """Buckets of one rate by name; at most `max_buckets`, of which the full ones, then the oldest, are forgotten first."""

    def __init__(self, rate: Rate, clock: Clock, *, max_buckets: int = _MAX_BUCKETS) -> None:
        if rate.burst < 1 or rate.interval <= 0 or max_buckets < 1:
            raise ValueError("a rate needs a burst of at least 1 and an interval above 0")
        self.rate = rate
        self._monotonic = clock.monotonic
        self._tolerance = (rate.burst - 0.999) * rate.interval  # sums of intervals are a little off
        self._max_buckets = max_buckets
        self._full_at: dict[str, float] = {}

    def __len__(self) -> int:
        """Buckets held."""
        return len(self._full_at)

    def allow(self, bucket: str) -> bool:
        """Take a token if there is one."""
        return self.allow_at(bucket, self._monotonic())

    def allow_at(self, bucket: str, now: float) -> bool:
        """The same for those who have just asked the clock."""
        full_at = self._full_at.get(bucket, 0.0)
        if full_at <= now:
            if len(self._full_at) >= self._max_buckets:
                self._forget(now)
            self._full_at[bucket] = now + self.rate.interval
            return True
        if full_at - now > self._tolerance:
            return False
        self._full_at[bucket] = full_at + self.rate.interval
        return True

    def give_back(self, bucket: str) -> None:
        """Return a token that was taken for what turned out to cost nothing."""
        full_at = self._full_at.pop(bucket, 0.0) - self.rate.interval
        if full_at > self._monotonic():
            self._full_at[bucket] = full_at

    def wait_until_full(self, bucket: str) -> float:
        """Seconds until the bucket is full again, 0 for a full one: all that there is to know of it."""
        return max(0.0, self._full_at.get(bucket, 0.0) - self._monotonic())

    def set_wait(self, bucket: str, seconds: float) -> None:
        """Let the bucket be full again in `seconds`, as others that share it found out."""
        if seconds > 0:
            self._full_at[bucket] = self._monotonic() + seconds
        else:
            self._full_at.pop(bucket, None)

    def retry_after(self, bucket: str) -> int:
        """Whole seconds until there is a token, at least 1."""
        wait = self._full_at.get(bucket, 0.0) - self._monotonic() - self._tolerance
        return max(1, math.ceil(round(wait, 2)))

    def remaining(self, bucket: str) -> int:
        """Tokens left."""
        used = (self._full_at.get(bucket, 0.0) - self._monotonic()) / self.rate.interval
        return max(0, math.floor(self.rate.burst - max(0.0, used) + 1e-9))

    def _forget(self, now: float) -> None:
        kept = {bucket: full_at for bucket, full_at in self._full_at.items() if full_at > now}
        surplus = len(kept) - self._max_buckets * 3 // 4
        for bucket in list(kept)[: max(0, surplus)]:
            del kept[bucket]
        self._full_at = kept
