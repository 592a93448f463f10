"""Parsing of the variables that hold an address, a base URL, a rate or a quota."""

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_QUOTA = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)/(s|day)")
_QUOTAS = re.compile(r"[\d.]+/s|[\d.]+/day|[\d.]+/s\s+[\d.]+/day")


class Bind(NamedTuple):
    """Where a server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        """As in a URL: `0.0.0.0:3000`, `[::]:3000`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class RateLimit(NamedTuple):
    """A token bucket: its size, and the tokens that come back per second."""

    burst: int
    per_second: float


class Quota(NamedTuple):
    """Calls that a service allows each key, per second and per day (UTC); None where it does not say."""

    per_second: float | None = None
    per_day: int | None = None


def parse_bind(value: Any) -> Any:
    """`HOST:PORT` or `[IPV6]:PORT`; `off` is None. ValueError for anything else."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "off":
        return None
    host, colon, port = value.strip().rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise ValueError("an IPv6 address needs brackets, for instance [::]:3000")
    if not colon or not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise ValueError("must look like 0.0.0.0:3000")
    return Bind(host, int(port))


def parse_rate_limit(value: Any) -> Any:
    """`BURST/PER_SECOND`, for instance `240/5`; `off` is None. ValueError for anything else."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "off":
        return None
    burst, _, rate = value.partition("/")
    try:
        limit = RateLimit(int(burst), float(rate))
    except ValueError:
        limit = RateLimit(0, 0.0)
    if limit.burst < 1 or not 0 < limit.per_second < float("inf"):
        raise ValueError("must be BURST/PER_SECOND, for instance 240/5, or off")
    return limit


def parse_quota(value: Any) -> Any:
    """`40/s`, `1000/day` or both with a space between them; `off` is no limit. ValueError for anything else."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "off":
        return Quota()
    text = value.strip().lower()
    found = {unit: number for number, unit in _QUOTA.findall(text)}
    per_second, per_day = float(found.get("s", 1)), float(found.get("day", 1))
    if not _QUOTAS.fullmatch(text) or per_second <= 0 or per_day < 1 or per_day % 1:
        raise ValueError("must be calls per second, per day or both, for instance 40/s or 5/s 1000/day, or off")
    return Quota(per_second if "s" in found else None, int(per_day) if "day" in found else None)


def base_url(value: str) -> str:
    """An absolute http or https URL without query, its trailing slash removed. ValueError for anything else."""
    text = value.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:  # its message may repeat a password
        raise ValueError("must be an absolute http:// or https:// URL with a valid host and port") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an absolute http:// or https:// URL")
    if parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError("must have no query, fragment or password")
    return text
