"""Where Redis is: one server, with or without TLS and a user, or whatever the Sentinels say is the master.

redis://host:6379/0        redis://user:password@host:6379/0        rediss://…  (TLS)        unix:///run/redis.sock
redis+sentinel://user:password@one:26379,two:26379/mymaster/0        rediss+sentinel://…  (TLS, to the Sentinels too)
    …?sentinel_username=…&sentinel_password=…    where theirs are others than the master's; an empty value is none
    …?ssl_ca_certs=/path/ca.pem                  the authority of all their certificates
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from redis.asyncio import Redis, Sentinel
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

_SENTINEL_PORT = 26379
_SENTINEL_SCHEMES = {"redis+sentinel": False, "rediss+sentinel": True}
_PLAIN_SCHEMES = {"redis", "rediss", "unix"}
_PARAMETERS = frozenset({"sentinel_username", "sentinel_password", "ssl_ca_certs"})
_SECONDS = 1.0
_SENTINEL_SECONDS = 0.2
"""After which the next one is asked: a probe, which lasts a second, gets past those that hang."""
_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class SentinelAddress:
    """Sentinels, and the name under which they know the master.

    User and password are the master's; the Sentinels' are the same unless they are named. `authority` is a file.
    """

    hosts: tuple[tuple[str, int], ...]
    master: str
    database: int
    username: str | None
    password: str | None
    tls: bool
    sentinel_username: str | None = None
    sentinel_password: str | None = None
    authority: str | None = None


def connect(url: str) -> "Redis":
    """A client for `url` that connects on first use; ValueError, which does not quote it, for a URL of another form."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in _PLAIN_SCHEMES | _SENTINEL_SCHEMES.keys():
        raise ValueError(
            "not the URL of a Redis: redis://, rediss://, unix://, redis+sentinel:// or rediss+sentinel://"
        )
    options: dict[str, Any] = {
        # Whoever asks has a deadline for the whole; the client's own begins a task for each command, and takes
        # `asyncio.wait_for`, which swallows cancellations before Python 3.12.
        "socket_timeout": None,
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
    login, _, place = rest.rpartition("@")  # first: a password may hold a ?, and is quoted nowhere
    place, _, query = place.partition("?")
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
    named = _named(query)
    user, secret = unquote(username) or None, unquote(password) or None
    if named.get("ssl_ca_certs") and not tls:
        raise ValueError("ssl_ca_certs is of use with rediss+sentinel:// only")
    apart = "sentinel_username" in named or "sentinel_password" in named
    return SentinelAddress(
        hosts=addresses,
        master=unquote(master),
        database=number,
        username=user,
        password=secret,
        tls=tls,
        sentinel_username=(named.get("sentinel_username") or None) if apart else user,
        sentinel_password=(named.get("sentinel_password") or None) if apart else secret,
        authority=named.get("ssl_ca_certs") or None,
    )


def _named(query: str) -> dict[str, str]:
    """The parameters; ValueError names one that there is not, and never quotes a value or what may be a piece of one."""
    try:
        named = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=query != ""))
    except ValueError:
        raise ValueError(
            "a parameter in the URL of Sentinels has no value: & and @ are written as %26 and %40"
        ) from None
    for name in named.keys() - _PARAMETERS:
        raise ValueError(f"the URL of Sentinels has no parameter {name}: it has {', '.join(sorted(_PARAMETERS))}")
    return named


def _host(text: str) -> tuple[str, int]:
    host, separator, port = text.rpartition(":")
    if not separator or port.endswith("]"):
        host, port = text, str(_SENTINEL_PORT)
    return host.strip("[]"), int(port)


def _by_sentinel(address: SentinelAddress, options: dict[str, Any]) -> "Redis":
    trust: dict[str, Any] = {"ssl": address.tls}
    if address.authority is not None:
        trust["ssl_ca_certs"] = address.authority
    theirs: dict[str, Any] = {
        "username": address.sentinel_username,
        "password": address.sentinel_password,
        "socket_timeout": _SENTINEL_SECONDS,
        "socket_connect_timeout": _SENTINEL_SECONDS,
        "retry": options["retry"],
        **trust,
    }
    login: dict[str, Any] = {"username": address.username, "password": address.password, **trust}
    sentinels: Any = Sentinel(address.hosts, sentinel_kwargs=theirs, **options, **login)
    return sentinels.master_for(address.master, db=address.database)
