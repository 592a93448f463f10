"""From an id to its title, with as few calls to TMDB as can be."""

from dataclasses import replace
from typing import Final, Protocol

from openposterdb.caching.loading import LoadingCache
from openposterdb.clock import Clock
from openposterdb.domain import TitleId
from openposterdb.errors import NotFound
from openposterdb.titles.ids import RequestedId
from openposterdb.titles.lifetime import held_secs
from openposterdb.titles.title import Title
from openposterdb.upstreams.tmdb import ForeignId, Found, TmdbTitle

_HELD_SECS: Final = 3600
_ENTRIES: Final = 50_000


class TitleSource(Protocol):
    """What is asked of TMDB."""

    async def find(self, foreign_id: str, source: ForeignId) -> Found:
        """The titles that carry an id of another service."""
        ...

    async def details(self, title_id: TitleId) -> TmdbTitle | None:
        """One title, or None when there is none."""
        ...


class TitleResolver:
    """Resolves ids. Every resource of TMDB is asked for once, however many requests want it at the same time.

    Answers are held for an hour at most, that there is no such title not at all.
    """

    def __init__(self, source: TitleSource, *, clock: Clock, ratings_stale_secs: int) -> None:
        self._source = source
        ttl = held_secs(_HELD_SECS, ratings_stale_secs)
        self._found: LoadingCache[str, Found] = LoadingCache(max_entries=_ENTRIES, ttl=ttl, clock=clock)
        self._details: LoadingCache[TitleId, TmdbTitle] = LoadingCache(max_entries=_ENTRIES, ttl=ttl, clock=clock)

    async def resolve(self, requested: RequestedId) -> Title:
        """The title that `requested` means. Raises NotFound or an UpstreamError."""
        if requested.id_type == "imdb":
            return await self._by_imdb(requested)
        if requested.number is None:
            raise NotFound("no such title")
        if requested.id_type == "tvdb":
            return await self._by_tvdb(requested, requested.number)
        if requested.media is not None:
            return await self.title(TitleId(requested.media, requested.number))
        try:
            return await self.title(TitleId("movie", requested.number))
        except NotFound:
            return await self.title(TitleId("series", requested.number))

    async def title(self, title_id: TitleId) -> Title:
        """The details of a title. Raises NotFound or an UpstreamError."""

        async def load() -> TmdbTitle:
            details = await self._source.details(title_id)
            if details is None:
                raise NotFound("no such title")
            return details

        return _title_of(await self._details.get(title_id, load))

    def forget(self, title_id: TitleId) -> None:
        """Ask for the title's details again from now on."""
        self._details.discard(title_id)

    @property
    def held(self) -> int:
        """Answers about ids and titles in memory."""
        return len(self._found) + len(self._details)

    async def _by_imdb(self, requested: RequestedId) -> Title:
        found = await self._find(requested.value, "imdb_id")
        entry = found.movie or found.series
        if entry is None:
            raise NotFound("no such title")
        return replace(_title_of(entry), imdb=requested.value)

    async def _by_tvdb(self, requested: RequestedId, number: int) -> Title:
        found = await self._find(str(number), "tvdb_id")
        if requested.media == "movie":
            entry = found.movie
        elif requested.media == "series":
            entry = found.series
        else:
            entry = found.series or found.movie
        if entry is None:
            raise NotFound("no such title")
        details = await self.title(entry.id)
        return replace(details, tvdb=number, poster_path=details.poster_path or entry.poster_path)

    async def _find(self, foreign_id: str, source: ForeignId) -> Found:
        async def load() -> Found:
            found = await self._source.find(foreign_id, source)
            if found.movie is None and found.series is None:
                raise NotFound("no such title")
            return found

        return await self._found.get(f"{source}/{foreign_id}", load)


def _title_of(entry: TmdbTitle) -> Title:
    return Title(
        id=entry.id,
        imdb=entry.imdb,
        tvdb=entry.tvdb,
        poster_path=entry.poster_path,
        release_date=entry.release_date,
        vote_average=entry.vote_average,
    )
