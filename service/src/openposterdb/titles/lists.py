"""Lists of ids as people write them: one a line, comments after #."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from openposterdb.errors import Invalid, NotFound
from openposterdb.titles.ids import RequestedId, parse_id

_MEDIA: Final = ("movie-", "series-", "tv-", "show-")


@dataclass(frozen=True, slots=True)
class IdList:
    """The ids in their order, each once, and what is wrong with which line, counted from 1."""

    ids: tuple[RequestedId, ...]
    mistakes: tuple[tuple[int, str], ...]


def read_ids(lines: Iterable[str]) -> IdList:
    """The ids of `lines`; a line that names none is a mistake, and those after it count all the same."""
    ids: dict[RequestedId, None] = {}
    mistakes: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        try:
            ids[parse_listed(text)] = None
        except (Invalid, NotFound) as error:
            mistakes.append((number, str(error)))
    return IdList(tuple(ids), tuple(mistakes))


def parse_listed(text: str) -> RequestedId:
    """`imdb/tt0111161`, `tmdb/movie-278`, `tvdb/81189`, or alone what can only be IMDb's or TMDB's: `tt0111161`, `movie-278`.

    Raises Invalid and NotFound as `parse_id` does, and Invalid for a number that says nothing of whose it is.
    """
    id_type, slash, value = text.partition("/")
    if slash:
        return parse_id(id_type.lower(), value)
    if text.startswith("tt"):
        return parse_id("imdb", text)
    if text.startswith(_MEDIA):
        return parse_id("tmdb", text)
    raise Invalid("say whose id it is, for instance imdb/tt0111161, tmdb/movie-278 or tvdb/81189")
