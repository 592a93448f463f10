"""Rate limits: one token bucket per client and group of routes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from openposterdb.buckets import Buckets, Rate
from openposterdb.http.addresses import subscriber_of

KEY_PREFIX = 16

IMAGE = Rate(burst=240, interval=0.2)
IS_VALID = Rate(burst=30, interval=0.1)
CDN = Rate(burst=240, interval=0.2)
AUTH = Rate(burst=10, interval=8.0)


def by_key(path: str) -> str:
    """How the buckets of a route with the API key in its path begin: with the key's first characters.

    Spaces around a key make it no other key.
    """
    return f"{path[1:].partition('/')[0].strip()[:KEY_PREFIX]} "


def by_client(_path: str) -> str:
    """How the buckets of a route without a key begin: they are the client's alone."""
    return ""


@dataclass(frozen=True, slots=True)
class Group:
    """Routes that share buckets; `announced` adds `x-ratelimit-*` to the answers that are not limited, too.

    A bucket is named by `prefix_of` the path and the client.
    """

    buckets: Buckets
    prefix_of: Callable[[str], str] = by_key
    announced: bool = False

    def bucket(self, path: str, address: str) -> str:
        """The bucket of a request."""
        return f"{self.prefix_of(path)}{subscriber_of(address)}"


@dataclass(slots=True)
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
        bucket = group.bucket(path, address)
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
