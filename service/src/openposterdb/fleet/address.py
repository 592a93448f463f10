"""Where Redis is: one server, with or without TLS and a user, or whatever the Sentinels say is the master.

redis://host:6379/0        redis://user:password@host:6379/0        rediss://…  (TLS)        unix:///run/redis.sock
redis+sentinel://user:password@one:26379,two:26379/mymaster/0        rediss+sentinel://…  (TLS, to the Sentinels too)
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from redis.asyncio import Redis, Sentinel
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

_SENTINEL_PORT = 26379
_SENTINEL_SCHEMES = {"redis+sentinel": False, "rediss+sentinel": True}
_PLAIN_SCHEMES = {"redis", "rediss", "unix"}
_SECONDS = 1.0
_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class SentinelAddress:
    """Sentinels, and the name under which they know the master; user and password are the master's and theirs."""

    hosts: tuple[tuple[str, int], ...]
    master: str
    database: int
    username: str | None
    password: str | None
    tls: bool


def connect(url: str) -> "Redis":
    """A client for `url` that connects on first use; ValueError, which does not quote it, for a URL of another form."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in _PLAIN_SCHEMES | _SENTINEL_SCHEMES.keys():
        raise ValueError(
            "not the URL of a Redis: redis://, rediss://, unix://, redis+sentinel:// or rediss+sentinel://"
        )
    options: dict[str, Any] = {
        "socket_timeout": _SECONDS,
        "socket_connect_timeout": _SECONDS,
        "max_connections": _CONNECTIONS,
        "health_check_interval": 30,
        "client_name": "openposterdb",
        "retry": Retry(NoBackoff(), 0),  # whoever waits is better served without Redis
    }
    if scheme in _SENTINEL_SCHEMES:
        return _by_sentinel(parse_sentinel(rest, tls=_SENTINEL_SCHEMES[scheme]), options)
    opened: Any = Redis  # its constructors leave the types of their options open
    try:
        return opened.from_url(url, **options)
    except ValueError:
        raise ValueError("not the URL of a Redis") from None


def parse_sentinel(rest: str, *, tls: bool) -> SentinelAddress:
    """What follows the scheme; ValueError, which does not quote it, for what is none."""
    login, _, place = rest.rpartition("@")
    username, _, password = login.partition(":")
    hosts, _, path = place.partition("/")
    master, _, database = path.partition("/")
    try:
        addresses = tuple(_host(part) for part in hosts.split(","))
        number = int(database or 0)
    except ValueError:
        raise ValueError("not the URL of Sentinels: hosts and ports, then the master's name, then a number") from None
    if not master or not all(host for host, _ in addresses):
        raise ValueError("the URL of Sentinels needs their hosts and the master's name")
    return SentinelAddress(
        addresses, unquote(master), number, unquote(username) or None, unquote(password) or None, tls
    )


def _host(text: str) -> tuple[str, int]:
    host, separator, port = text.rpartition(":")
    if not separator or port.endswith("]"):
        host, port = text, str(_SENTINEL_PORT)
    return host.strip("[]"), int(port)


def _by_sentinel(address: SentinelAddress, options: dict[str, Any]) -> "Redis":
    login: dict[str, Any] = {"username": address.username, "password": address.password, "ssl": address.tls}
    waits = {name: options[name] for name in ("socket_timeout", "socket_connect_timeout")}
    sentinels: Any = Sentinel(address.hosts, sentinel_kwargs={**login, **waits}, **options, **login)
    return sentinels.master_for(address.master, db=address.database)
