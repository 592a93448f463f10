"""Which origins may be asked."""

from collections.abc import Iterable
from typing import NamedTuple

import httpx

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Scheme, host and port of a URL, in normal form."""

    scheme: str
    host: str
    port: int


def origin_of(url: str | httpx.URL) -> Origin | None:
    """The origin, or None for what is no http or https URL or carries a user name."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):  # ValueError: text that cannot be encoded
        return None
    default = _DEFAULT_PORTS.get(parsed.scheme)
    if default is None or not parsed.host or parsed.userinfo:
        return None
    return Origin(parsed.scheme, parsed.host.rstrip("."), parsed.port or default)


class AllowedHosts:
    """The origins of the configured base URLs, and nothing else.

    Since the comparison is exact, plain http, another port and private addresses are refused too unless the configuration
    itself names them.
    """

    def __init__(self, base_urls: Iterable[str]) -> None:
        self._origins = frozenset(origin for url in base_urls if (origin := origin_of(url)) is not None)

    def allow(self, url: str | httpx.URL) -> bool:
        """Whether `url` may be fetched."""
        return origin_of(url) in self._origins
