"""How the service answers: behind which proxies, at what rate, with which pages, and what it logs."""

from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from openposterdb_operator.model.base import Model

_SOME = r"([1-9][0-9]{0,8}(\.[0-9]{1,6})?|0\.[0-9]{0,5}[1-9])"
_DAILY = "[1-9][0-9]{0,8}"

RateLimit = Annotated[str, Field(max_length=32, pattern=rf"^(off|[1-9][0-9]{{0,8}}/{_SOME})$")]
"""BURST/PER_SECOND, for instance 240/5, or off."""

Quota = Annotated[str, Field(max_length=48, pattern=rf"^(off|{_SOME}/s|{_DAILY}/day|{_SOME}/s {_DAILY}/day)$")]
"""Calls that each key may make, for instance 40/s, 1000/day or 5/s 1000/day."""

Title = Annotated[str, Field(max_length=64, pattern=r"^(imdb/tt[0-9]+|tmdb/(movie|series)-[0-9]+|tvdb/[0-9]+)$")]


def _network(value: str) -> str:
    """The API server's pattern lets through what is no network at all; ValueError for that, with the reason."""
    ip_network(value, strict=False)
    return value


Network = Annotated[str, Field(max_length=43, pattern=r"^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$"), AfterValidator(_network)]


class RateLimits(Model):
    """Most requests of a client, each as BURST/PER_SECOND or off; the service's own when unset."""

    images: RateLimit | None = None
    """Images, per key and client address; 240/5 when unset."""
    cdn: RateLimit | None = None
    """Images under /c/, per client address; 240/5 when unset."""
    keys: RateLimit | None = None
    """Questions about a key (isValid, requests, rating), per client address; 30/10 when unset."""
    logins: RateLimit | None = None
    """Attempts to set up, log in, refresh or change a password, per client address; 10/0.125 when unset."""


class Http(Model):
    """Requests and what is in front of the service."""

    trusted_proxies: Annotated[tuple[Network, ...], Field(max_length=64)] = ()
    """Networks of the Ingress, Gateway or CDN in front, whose X-Forwarded-For is believed; without them all of its
    clients share one rate limit."""
    rate_limits: RateLimits = RateLimits()
    """Most requests of a client."""
    deadline_seconds: Annotated[int, Field(ge=1, le=600)] = 25
    """The longest that a request may take."""
    cors_origin: Annotated[str, Field(max_length=2048, pattern=r"^https?://[^\s/]+$")] | None = None
    """An origin that may use the management API from a browser; images are open to every origin."""


class Web(Model):
    """Pages for visitors."""

    public_pages: bool = True
    """Show the wall and the documentation to whoever comes; when false, / asks to sign in."""
    wall_titles: Annotated[tuple[Title, ...], Field(max_length=200)] = ()
    """Titles whose posters visitors see where the free key is on, for instance imdb/tt0017136 or tmdb/movie-278; six silent
    films when empty."""


class Logs(Model):
    """What the service logs, as JSON."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """Least level that is logged."""
    access: Literal["all", "problems"] = "all"
    """all: a line for each request, but for images answered from memory. problems: slow and failed requests only."""
