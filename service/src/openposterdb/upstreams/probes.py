"""One call per upstream and a clear verdict, for `openposterdb doctor`."""

from collections.abc import Awaitable
from enum import StrEnum
from typing import Final, Literal

from openposterdb.domain import TitleId
from openposterdb.errors import UpstreamError, UpstreamTimedOut, UpstreamUnavailable
from openposterdb.upstreams.failures import KeyRefused, Unreachable
from openposterdb.upstreams.opening import Upstreams

Service = Literal["tmdb", "fanart", "mdblist", "omdb"]
SERVICES: Final[tuple[Service, ...]] = ("tmdb", "fanart", "mdblist", "omdb")

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


async def check_key(upstreams: Upstreams, service: Service) -> Verdict:
    """Ask one service for a well-known title; that it does not know it is fine too."""
    call = _call(upstreams, service)
    if call is None:
        return Verdict.NOT_CONFIGURED
    try:
        await call
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


def _call(upstreams: Upstreams, service: Service) -> Awaitable[object] | None:
    match service:
        case "tmdb":
            return upstreams.tmdb.details(_KNOWN_MOVIE)
        case "fanart":
            fanart = upstreams.fanart
            return None if fanart is None else fanart.art(_KNOWN_MOVIE.media, _KNOWN_MOVIE.tmdb)
        case "mdblist":
            mdblist = upstreams.mdblist
            return None if mdblist is None else mdblist.title(_KNOWN_MOVIE.media, _KNOWN_IMDB)
        case "omdb":
            omdb = upstreams.omdb
            return None if omdb is None else omdb.title(_KNOWN_IMDB)
