"""One call per upstream and a clear verdict, for `openposterdb doctor`."""

from enum import StrEnum
from typing import Final

from openposterdb.domain import TitleId
from openposterdb.errors import UpstreamError, UpstreamTimedOut, UpstreamUnavailable
from openposterdb.upstreams.failures import KeyRefused, Unreachable
from openposterdb.upstreams.opening import Upstreams

_KNOWN_MOVIE: Final = TitleId("movie", 278)
_KNOWN_IMDB: Final = "tt0111161"


class Verdict(StrEnum):
    """How an upstream answers us."""

    OK = "ok"
    KEY_REFUSED = "key refused"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed out"
    THROTTLED = "throttled"
    BROKEN = "broken"
    NOT_CONFIGURED = "not configured"


async def check_key(upstreams: Upstreams, service: str) -> Verdict:
    """Ask `tmdb`, `fanart`, `mdblist` or `omdb` for a well-known title; that it is unknown there is fine too."""
    if service != "tmdb" and getattr(upstreams, service) is None:
        return Verdict.NOT_CONFIGURED
    try:
        await _ask(upstreams, service)
    except KeyRefused:
        return Verdict.KEY_REFUSED
    except Unreachable:
        return Verdict.UNREACHABLE
    except UpstreamTimedOut:
        return Verdict.TIMED_OUT
    except UpstreamUnavailable:
        return Verdict.THROTTLED
    except UpstreamError:
        return Verdict.BROKEN
    return Verdict.OK


async def _ask(upstreams: Upstreams, service: str) -> None:
    if service == "tmdb":
        await upstreams.tmdb.details(_KNOWN_MOVIE)
    elif service == "fanart" and upstreams.fanart is not None:
        await upstreams.fanart.art(_KNOWN_MOVIE.media, _KNOWN_MOVIE.tmdb)
    elif service == "mdblist" and upstreams.mdblist is not None:
        await upstreams.mdblist.title(_KNOWN_MOVIE.media, _KNOWN_IMDB)
    elif service == "omdb" and upstreams.omdb is not None:
        await upstreams.omdb.title(_KNOWN_IMDB)
