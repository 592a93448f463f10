"""Reading a title's ratings from every provider at once."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

import structlog

from openposterdb.caching.loading import LoadingCache
from openposterdb.caching.single_flight import SingleFlight
from openposterdb.clock import Clock
from openposterdb.domain import MediaType, RatingSource, TitleId
from openposterdb.errors import NotFound, UpstreamError
from openposterdb.ratings.merge import merge
from openposterdb.titles.lifetime import held_secs
from openposterdb.titles.title import KnownIds, Title
from openposterdb.upstreams.mdblist import MdblistTitle
from openposterdb.upstreams.omdb import OmdbTitle

log = structlog.get_logger(__name__)

_HELD_SECS: Final = 1800
_ENTRIES: Final = 50_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ratings:
    """The texts of a title's badges in natural order.

    `failed` names the providers that did not answer: what they would have added is unknown, not absent. `ids` are the
    title's ids as the providers know them.
    """

    values: Mapping[RatingSource, str]
    failed: frozenset[str] = frozenset()
    ids: KnownIds = field(default_factory=KnownIds)


class Details(Protocol):
    """What is asked of the titles room."""

    async def title(self, title_id: TitleId) -> Title:
        """A title with its `vote_average`."""
        ...


class MdblistSource(Protocol):
    """What is asked of MDBList."""

    async def title(self, media: MediaType, imdb: str) -> MdblistTitle:
        """The title's ratings; empty when it is unknown."""
        ...


class OmdbSource(Protocol):
    """What is asked of OMDb."""

    async def title(self, imdb: str) -> OmdbTitle:
        """The title's ratings; empty when it is unknown."""
        ...


class RatingsReader:
    """Reads ratings; a provider that is None is not configured. Reads of one title at the same time share the calls.

    Complete answers are held for half an hour at most, incomplete ones not at all.
    """

    def __init__(
        self,
        titles: Details,
        mdblist: MdblistSource | None,
        omdb: OmdbSource | None,
        *,
        clock: Clock,
        ratings_stale_secs: int,
    ) -> None:
        self._titles = titles
        self._mdblist = mdblist
        self._omdb = omdb
        self._complete: LoadingCache[tuple[TitleId, str | None], Ratings] = LoadingCache(
            max_entries=_ENTRIES, ttl=held_secs(_HELD_SECS, ratings_stale_secs), clock=clock
        )
        self._reads: SingleFlight[tuple[TitleId, str | None], Ratings] = SingleFlight()

    async def read(self, title: Title) -> Ratings:
        """The ratings of `title`; never raises for a provider that fails, but names it."""
        key = (title.id, title.imdb)
        return self._complete.peek(key) or await self._reads.run(key, lambda: self._read(title))

    def forget(self, title_id: TitleId) -> None:
        """Ask the providers again from now on."""
        self._complete.discard_where(lambda key: key[0] == title_id)

    @property
    def held(self) -> int:
        """Titles whose ratings are in memory."""
        return len(self._complete)

    async def _read(self, title: Title) -> Ratings:
        failed: set[str] = set()
        details, mdblist, omdb = await asyncio.gather(
            _attempt("tmdb", self._details(title.id), failed),
            _attempt("mdblist", self._from_mdblist(title), failed),
            _attempt("omdb", self._from_omdb(title), failed),
        )
        values = merge(details.vote_average if details else None, mdblist, omdb)
        ratings = Ratings(values, frozenset(failed), _ids(title.completed(_ids_of(details)), mdblist))
        if not failed:
            self._complete.put((title.id, title.imdb), ratings)
        return ratings

    async def _details(self, title_id: TitleId) -> Title | None:
        try:
            return await self._titles.title(title_id)
        except NotFound:  # a title that can be found but has no details has no rating either
            return None

    async def _from_mdblist(self, title: Title) -> MdblistTitle | None:
        if self._mdblist is None or title.imdb is None:
            return None
        return await self._mdblist.title(title.id.media, title.imdb)

    async def _from_omdb(self, title: Title) -> OmdbTitle | None:
        if self._omdb is None or title.imdb is None:
            return None
        return await self._omdb.title(title.imdb)


async def _attempt(provider: str, answer: Awaitable[T | None], failed: set[str]) -> T | None:
    try:
        return await answer
    except UpstreamError as error:
        failed.add(provider)
        log.warning("ratings_provider_failed", provider=provider, error=str(error))
        return None


def _ids_of(details: Title | None) -> KnownIds:
    return KnownIds(details.imdb, details.tvdb) if details else KnownIds()


def _ids(title: Title, mdblist: MdblistTitle | None) -> KnownIds:
    known = title
    # MDBList may know another title by this IMDb id; then its ids are not this title's.
    if mdblist is not None and mdblist.tmdb in {None, title.id.tmdb}:
        known = title.completed(KnownIds(mdblist.imdb, mdblist.tvdb))
    return KnownIds(known.imdb, known.tvdb)
