"""From a title to the picture that is wanted of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Protocol

import structlog

from openposterdb.art.choice import Picture, Wanted, best_by_language, pick_fanart, tmdb_poster
from openposterdb.caching.loading import LoadingCache
from openposterdb.clock import Clock
from openposterdb.domain import ImageKind, MediaType, TitleId
from openposterdb.errors import NotConfigured, NotFound, UpstreamError
from openposterdb.titles.title import Title
from openposterdb.upstreams.fanart import FanartArt, FanartEntry

log = structlog.get_logger(__name__)

_HELD_SECS: Final = 3600
_ENTRIES: Final = 10_000

_Choices = Mapping[ImageKind, Mapping[str, FanartEntry]]
"""Per kind and language the one picture that can be chosen: Fanart may list hundreds."""


class Details(Protocol):
    """What is asked of the titles room."""

    async def title(self, title_id: TitleId) -> Title:
        """A title with everything TMDB knows of it."""
        ...


class FanartSource(Protocol):
    """What is asked of Fanart."""

    async def art(self, media: MediaType, number: int) -> FanartArt:
        """The art of a movie by TMDB number, of a series by TVDB number."""
        ...


class ArtChooser:
    """Chooses pictures; `fanart` is None when it is not configured. Fanart's answers are held for an hour, failures never.

    `tmdb_image_base_url` has no trailing slash.
    """

    def __init__(self, titles: Details, fanart: FanartSource | None, *, tmdb_image_base_url: str, clock: Clock) -> None:
        self._titles = titles
        self._fanart = fanart
        self._tmdb_image_base_url = tmdb_image_base_url
        self._answers: LoadingCache[tuple[MediaType, int], _Choices] = LoadingCache(
            max_entries=_ENTRIES, ttl=_HELD_SECS, clock=clock
        )

    async def choose(self, title: Title, wanted: Wanted) -> Picture:
        """The picture to draw on.

        A poster that Fanart lacks or cannot tell is TMDB's, and one that TMDB lacks is Fanart's. Raises NotFound when
        there is none, NotConfigured for logos and backdrops without Fanart, UpstreamError when nobody can tell.
        """
        if wanted.kind is not ImageKind.POSTER:
            return await self._only_fanart(title, wanted)
        if not wanted.prefers_fanart:
            return await self._tmdb_first(title, wanted)
        try:
            found = await self._from_fanart(title, wanted)
        except UpstreamError as error:
            log.warning("fanart_failed", title=str(title.id), error=str(error))
            return await self._substitute(title, wanted, error)
        if found is None:
            found = await self._from_tmdb(title, wanted)
        if found is None:
            raise NotFound("no poster available")
        return found

    async def choose_substitute(self, title: Title, wanted: Wanted) -> Picture | None:
        """TMDB's poster in place of one that could not be downloaded from Fanart; None where there is none."""
        if wanted.kind is not ImageKind.POSTER:
            return None
        found = await self._from_tmdb(title, wanted)
        return replace(found, substitute=True) if found is not None else None

    async def forget(self, title_id: TitleId) -> None:
        """Ask Fanart for the title's art again from now on. Raises NotFound or an UpstreamError."""
        number = await self._fanart_number(Title(title_id))
        if number is not None:
            self._answers.discard((title_id.media, number))

    async def _substitute(self, title: Title, wanted: Wanted, error: UpstreamError) -> Picture:
        found = await self.choose_substitute(title, wanted)
        if found is None:
            raise error
        return found

    async def _only_fanart(self, title: Title, wanted: Wanted) -> Picture:
        if self._fanart is None:
            raise NotConfigured("FANART_API_KEY not configured")
        found = await self._from_fanart(title, wanted)
        if found is None:
            raise NotFound(f"no {wanted.kind} available")
        return found

    async def _tmdb_first(self, title: Title, wanted: Wanted) -> Picture:
        found = await self._from_tmdb(title, wanted) or await self._from_fanart(title, wanted)
        if found is None:
            raise NotFound("no poster available")
        return found

    async def _from_tmdb(self, title: Title, wanted: Wanted) -> Picture | None:
        path = title.poster_path
        if path is None:  # the entry that an id was found by may lack what the details have
            path = (await self._titles.title(title.id)).poster_path
        return tmdb_poster(self._tmdb_image_base_url, path, wanted.tmdb_size)

    async def _from_fanart(self, title: Title, wanted: Wanted) -> Picture | None:
        fanart = self._fanart
        if fanart is None:
            return None
        number = await self._fanart_number(title)
        if number is None:
            return None
        media = title.id.media

        async def load() -> _Choices:
            art = await fanart.art(media, number)
            return {kind: best_by_language(art.of(kind)) for kind in ImageKind}

        choices = await self._answers.get((media, number), load)
        return pick_fanart(choices[wanted.kind], wanted)

    async def _fanart_number(self, title: Title) -> int | None:
        """Fanart knows movies by TMDB number and series by TVDB number; a series without one has no art there."""
        if title.id.media == "movie":
            return title.id.tmdb
        if title.tvdb is not None:
            return title.tvdb
        return (await self._titles.title(title.id)).tvdb
