"""Fanart.tv: posters, logos and backdrops of a title."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from openposterdb.domain import ImageKind, MediaType
from openposterdb.upstreams.calls import Caller, expect_found
from openposterdb.upstreams.members import Members, objects_of, parse_object, text_of, whole_of
from openposterdb.upstreams.spending import split_keys
from openposterdb.upstreams.transport import Question


@dataclass(frozen=True, slots=True)
class FanartEntry:
    """One picture. `lang` is as Fanart writes it: `00` is without text, empty is unknown."""

    id: str
    url: str
    lang: str
    likes: int


@dataclass(frozen=True, slots=True)
class FanartArt:
    """All pictures of a title that can be used, by kind, in Fanart's order."""

    entries: Mapping[ImageKind, tuple[FanartEntry, ...]] = field(
        default_factory=dict[ImageKind, tuple[FanartEntry, ...]]
    )

    def of(self, kind: ImageKind) -> tuple[FanartEntry, ...]:
        """The pictures of one kind."""
        return self.entries.get(kind, ())


_LISTS: Final[Mapping[MediaType, Mapping[ImageKind, str]]] = {
    "movie": {
        ImageKind.POSTER: "movieposter",
        ImageKind.LOGO: "hdmovielogo",
        ImageKind.BACKDROP: "moviebackground",
    },
    "series": {
        ImageKind.POSTER: "tvposter",
        ImageKind.LOGO: "hdtvlogo",
        ImageKind.BACKDROP: "showbackground",
    },
}


class Fanart:
    """The API at `base_url`, with `key`: one, or several with commas between them."""

    def __init__(self, caller: Caller, *, base_url: str, key: str) -> None:
        self._caller = caller
        self._base_url = base_url
        self._keys = split_keys(key)

    async def art(self, media: MediaType, number: int) -> FanartArt:
        """The art of a movie by its TMDB number, or of a series by its TVDB number; empty when Fanart has none."""
        resource = f"{'movies' if media == 'movie' else 'tv'}/{number}"
        question = Question(f"{self._base_url}/{resource}", resource, keys=self._keys)
        body = expect_found(self._caller.service, await self._caller.ask(question))
        return FanartArt() if body is None else parse_art(parse_object(self._caller.service, body), media)


def parse_art(answer: Members, media: MediaType) -> FanartArt:
    """The lists of `answer` that are used; an entry without id or URL is skipped."""
    return FanartArt(
        {
            kind: tuple(entry for item in objects_of(answer.get(name)) if (entry := _entry(item)) is not None)
            for kind, name in _LISTS[media].items()
        }
    )


def _entry(item: Members) -> FanartEntry | None:
    number, url = text_of(item.get("id")), text_of(item.get("url"))
    if number is None or url is None:
        return None
    return FanartEntry(number, url, text_of(item.get("lang")) or "", whole_of(item.get("likes")) or 0)
