"""Rate limits: one token bucket per client and group of routes, counted in this process.

A bucket is kept as one number, the time at which it will be full again (the generic cell rate algorithm), so that asking
costs one look-up and one store: cheap enough to run in front of every cached image.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from openposterdb.clock import Clock
from openposterdb.http.addresses import subscriber_of

KEY_PREFIX = 16
_MAX_BUCKETS = 100_000


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of `burst` tokens that gains one every `interval` seconds."""

    burst: int
    interval: float


IMAGE = Rate(burst=240, interval=0.2)
IS_VALID = Rate(burst=30, interval=0.1)
CDN = Rate(burst=240, interval=0.2)
AUTH = Rate(burst=10, interval=8.0)


class Buckets:
    """The buckets of one group; at most `max_buckets`, of which the full ones, then the oldest, are forgotten first."""

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
        now = self._monotonic()
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


def key_prefix(path: str) -> str:
    """The first characters of the API key in a path; spaces around it make it no other key."""
    return path[1:].partition("/")[0].strip()[:KEY_PREFIX]


def keyed_bucket(path: str, address: str) -> str:
    """The bucket of a route with the API key in its path: the key's first characters and the client."""
    return f"{key_prefix(path)} {subscriber_of(address)}"


def client_bucket(_path: str, address: str) -> str:
    """The bucket of a route without a key: the client."""
    return subscriber_of(address)


@dataclass(frozen=True, slots=True)
class Group:
    """Routes that share buckets; `announced` adds `x-ratelimit-*` to the answers that are not limited, too."""

    buckets: Buckets
    bucket_of: Callable[[str, str], str] = keyed_bucket
    announced: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """Groups by route pattern, as the application registered it; a pattern that is not here is not limited.

    Every request to a limited path costs a token, whatever becomes of it.
    """

    by_pattern: Mapping[str, Group] = field(default_factory=dict[str, Group])

    def spend(self, pattern: str, path: str, address: str) -> "Spent | None":
        """Take a token for a request; None where there is no limit."""
        group = self.by_pattern.get(pattern)
        if group is None:
            return None
        bucket = group.bucket_of(path, address)
        allowed = group.buckets.allow(bucket)
        return Spent(group, bucket, allowed)


@dataclass(frozen=True, slots=True)
class Spent:
    """What became of a request for a token."""

    group: Group
    bucket: str
    allowed: bool

    @property
    def retry_after(self) -> int:
        """Seconds to wait, at least 1."""
        return self.group.buckets.retry_after(self.bucket)

    def headers(self) -> list[tuple[str, str]]:
        """What the group tells its clients on every answer."""
        if not self.group.announced:
            return []
        buckets = self.group.buckets
        return [
            ("x-ratelimit-limit", str(buckets.rate.burst)),
            ("x-ratelimit-remaining", str(buckets.remaining(self.bucket))),
        ]
