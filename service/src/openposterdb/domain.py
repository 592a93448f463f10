"""The vocabulary that every room shares: kinds and sizes of images, rating sources, canonical titles.

Codes and orders are those of the cache-key grammar and must not change (`docs/architecture.md`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

MediaType = Literal["movie", "series"]


class ImageKind(StrEnum):
    """What is drawn."""

    POSTER = "poster"
    LOGO = "logo"
    BACKDROP = "backdrop"

    @property
    def letter(self) -> str:
        """`p`, `l` or `b`: the kind in the metadata table."""
        return self.value[0]

    @property
    def folder(self) -> str:
        """Folder of the image store: `posters`, `logos`, `backdrops`."""
        return f"{self.value}s"

    @property
    def extension(self) -> str:
        """File extension without the dot."""
        return "png" if self is ImageKind.LOGO else "jpg"

    @property
    def content_type(self) -> str:
        """Media type of the rendered image."""
        return "image/png" if self is ImageKind.LOGO else "image/jpeg"

    def content_type_of(self, body: bytes) -> str:
        """Media type of these very bytes: a logo that would be larger as WebP is a PNG for everybody."""
        return "image/webp" if body.startswith(b"RIFF") else self.content_type


class Encoding(StrEnum):
    """How an image is encoded: as its kind usually is, or as WebP where that is smaller, for clients that take it."""

    USUAL = "usual"
    WEBP = "webp"

    def content_type(self, kind: ImageKind) -> str:
        """Media type of an image of this kind."""
        return "image/webp" if self is Encoding.WEBP else kind.content_type


class ImageSize(StrEnum):
    """How large it is drawn; `small` exists for backdrops only."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    VERY_LARGE = "very-large"

    @property
    def code(self) -> str:
        """`s`, `m`, `l` or `vl` in cache keys."""
        return {"small": "s", "medium": "m", "large": "l", "very-large": "vl"}[self.value]


class RatingSource(StrEnum):
    """A rating that can be shown as a badge, in natural order (the order of assembly)."""

    IMDB = "imdb"
    TMDB = "tmdb"
    RT = "rt"
    RTA = "rta"
    MC = "mc"
    TRAKT = "trakt"
    LB = "lb"
    MAL = "mal"

    @property
    def letter(self) -> str:
        """The source in cache keys and in the rating index."""
        return _LETTERS[self]

    @classmethod
    def from_letter(cls, letter: str) -> "RatingSource":
        """The source with this letter; KeyError when there is none."""
        return _BY_LETTER[letter]


_LETTERS: dict[RatingSource, str] = {
    RatingSource.IMDB: "i",
    RatingSource.TMDB: "t",
    RatingSource.RT: "r",
    RatingSource.RTA: "a",
    RatingSource.MC: "c",
    RatingSource.TRAKT: "k",
    RatingSource.LB: "l",
    RatingSource.MAL: "m",
}
_BY_LETTER = {letter: source for source, letter in _LETTERS.items()}

NATURAL_ORDER: tuple[RatingSource, ...] = tuple(RatingSource)
CANONICAL_ORDER: tuple[RatingSource, ...] = tuple(_BY_LETTER[letter] for letter in "milractk")
DEFAULT_USER_ORDER: tuple[RatingSource, ...] = tuple(_BY_LETTER[letter] for letter in "milrcatk")


@dataclass(frozen=True, slots=True)
class TitleId:
    """One title, whatever id it was asked by: its type and its TMDB number."""

    media: MediaType
    tmdb: int

    def __str__(self) -> str:
        """As in cache keys: `movie-278`, `series-1396`."""
        return f"{self.media}-{self.tmdb}"

    @classmethod
    def parse(cls, text: str) -> "TitleId":
        """The inverse of `str`; ValueError for anything else."""
        media, _, number = text.partition("-")
        if media == "movie" or media == "series":
            return cls(media, int(number))
        raise ValueError(f"not a canonical title: {text!r}")


@dataclass(frozen=True, slots=True)
class Badge:
    """One rating as it is drawn: its source and the text of its value, for instance `8.2` or `94%`."""

    source: RatingSource
    value: str
