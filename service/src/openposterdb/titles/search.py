"""What somebody may mean by what is typed into a search box: titles by any of their ids."""

import re
from collections.abc import Iterator
from typing import Final, Protocol

from openposterdb.domain import TitleId
from openposterdb.errors import Invalid, NotFound
from openposterdb.titles.ids import RequestedId, parse_id

_IMDB: Final = re.compile(r"tt[0-9]+")
_NUMBER: Final = re.compile(r"[0-9]+")
_NUMBERED: Final = re.compile(r"(movie|series|tv|show)-[0-9]+")


class Aliases(Protocol):
    """Which title an id was found to mean."""

    async def get(self, alias: str) -> TitleId | None:
        """The title of an alias such as `imdb/tt0111161`."""
        ...


def ids_in(text: str) -> tuple[RequestedId, ...]:
    """Every id that `text` may be: `tt0111161`, `imdb/tt0111161`, `tmdb/movie-278`, `movie-278`, `278`, `tvdb/81189`.

    A bare number may be a movie's or a series', at TMDB and at TVDB. Empty for what is no id.
    """
    return tuple(dict.fromkeys(_read(text.strip())))


async def titles_in(text: str, aliases: Aliases) -> tuple[TitleId, ...]:
    """The titles that `text` may mean, as far as they are known here; a canonical id need not be. Raises StorageUnavailable."""
    found: dict[TitleId, None] = {}
    for requested in ids_in(text):
        title = requested.canonical or await aliases.get(requested.alias)
        if title is not None:
            found[title] = None
    return tuple(found)


def _read(text: str) -> Iterator[RequestedId]:
    if _IMDB.fullmatch(text):
        yield from _parse("imdb", text)
    elif _NUMBER.fullmatch(text):
        for id_type in ("tmdb", "tvdb"):
            yield from _numbered(id_type, text)
    elif _NUMBERED.fullmatch(text):
        yield from _parse("tmdb", text)
    else:
        id_type, slash, value = text.partition("/")
        if slash and _NUMBER.fullmatch(value) and id_type != "imdb":
            yield from _numbered(id_type, value)
        elif slash:
            yield from _parse(id_type, value)


def _numbered(id_type: str, number: str) -> Iterator[RequestedId]:
    for value in (number, f"movie-{number}", f"series-{number}"):
        yield from _parse(id_type, value)


def _parse(id_type: str, value: str) -> Iterator[RequestedId]:
    try:
        yield parse_id(id_type, value)
    except (Invalid, NotFound):
        return
