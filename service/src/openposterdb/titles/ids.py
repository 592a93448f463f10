"""The ids that clients ask by: three types, many spellings, one normal form."""

import re
from dataclasses import dataclass
from typing import Final, Literal, cast

from openposterdb.domain import MediaType, TitleId
from openposterdb.errors import Invalid, NotFound

IdType = Literal["imdb", "tmdb", "tvdb"]

_MEDIA: Final[dict[str, MediaType]] = {"movie": "movie", "series": "series", "tv": "series", "show": "series"}
_MOST_CHARACTERS: Final = 100
_LARGEST_NUMBER: Final = 2**64 - 1
_IMDB: Final = re.compile(r"tt[0-9]{1,12}")
_NUMBERED: Final = re.compile(r"(?:(?P<prefix>[a-z]+)-)?(?P<digits>[0-9]*)")


@dataclass(frozen=True, slots=True)
class RequestedId:
    """One id in its normal form. `media` is None where the id does not say it (IMDb ids, bare numbers)."""

    id_type: IdType
    value: str
    media: MediaType | None
    number: int | None

    @property
    def alias(self) -> str:
        """The id in the alias index: `imdb/tt0111161`, `tmdb/movie-550`, `tmdb/550`, `tvdb/81189`."""
        return f"{self.id_type}/{self.value}"

    @property
    def canonical(self) -> TitleId | None:
        """The title, where the id itself is its canonical form, so that nobody has to be asked."""
        if self.id_type != "tmdb" or self.media is None or self.number is None:
            return None
        return TitleId(self.media, self.number)

    def is_second_choice(self, title: TitleId) -> bool:
        """Whether a bare number was taken for `title` only because nothing else has it: that may change.

        TMDB's are movies first, TVDB's series first.
        """
        return self.media is None and (self.id_type, title.media) in {("tmdb", "series"), ("tvdb", "movie")}


def parse_id(id_type: str, value: str) -> RequestedId:
    """The id in a path, percent-decoded and without extension.

    Raises Invalid for an unknown type, a value that is no safe path component and a malformed TMDB id; NotFound for
    what cannot name a title, such as an id that was left empty by the client (`movie-`).
    """
    if id_type not in {"imdb", "tmdb", "tvdb"}:
        raise Invalid("unknown id type: use imdb, tmdb or tvdb")
    known = cast("IdType", id_type)
    if not is_safe_component(value):
        raise Invalid("invalid id value")
    if known == "imdb":
        if not _IMDB.fullmatch(value):
            raise NotFound("no such title: IMDb ids look like tt0111161")
        return RequestedId(known, value, None, None)
    return _parse_numbered(known, value)


def canonical_id(title: TitleId) -> RequestedId:
    """The id that says which title is meant without asking anybody."""
    return RequestedId("tmdb", str(title), title.media, title.tmdb)


def _parse_numbered(id_type: IdType, value: str) -> RequestedId:
    malformed = Invalid("malformed TMDB id: use movie-550 or series-1396")
    unknown = NotFound(f"no such title: {id_type.upper()} ids need a number")
    found = _NUMBERED.fullmatch(value)
    prefix = found["prefix"] if found else None
    if found is None or (prefix is not None and prefix not in _MEDIA):
        raise malformed if id_type == "tmdb" else unknown
    if not found["digits"]:
        raise unknown
    number = int(found["digits"])
    if number > _LARGEST_NUMBER:
        raise malformed if id_type == "tmdb" else unknown
    media = _MEDIA[prefix] if prefix is not None else None
    return RequestedId(id_type, f"{media}-{number}" if media else str(number), media, number)


def is_safe_component(value: str) -> bool:
    """Whether a value is one part of a path, of tolerable length and no way up."""
    if not value or value in {".", ".."} or len(value) > _MOST_CHARACTERS:
        return False
    return not any(character in value for character in "/\\\0")
