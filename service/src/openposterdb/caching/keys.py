"""The grammar of cache keys: one key names one rendered image, in memory, in the metadata table and in the image store.

    poster    tmdb/movie-278@mil.pbc.sh.li.dh.zm         textless: ..._f_tl@...   by language: ..._f_de@...
    logo      tmdb/movie-278_l_f_en@milrc.sv.li.zm
    backdrop  tmdb/series-1396_b@milrc.sv.li.zm

The title is canonical, whatever id was asked for; letters are those of the badges shown, in shown order. Settings that the
original grammar lacks follow the size, and only when they are not the default: `.fn` (native fit), `.c444` (full chroma).
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal, Self, cast, get_args

from openposterdb.domain import ImageKind, ImageSize, RatingSource, TitleId
from openposterdb.settings.model import Chroma, Fit, LabelStyle, Position, RenderSettings, Shape

Tier = Literal["tmdb", "textless", "language", "fanart"]

_LANGUAGE = re.compile(r"[A-Za-z0-9-]{2,5}")
_TEXTLESS = "_f_tl"
_TAGALOG = "tl"
_LETTERS = frozenset(source.letter for source in RatingSource)
_SIZES = {size.code: size for size in ImageSize}


@dataclass(frozen=True, slots=True)
class Look:
    """How an image is drawn, apart from its badges: what follows the letters in a key.

    `position` and `direction` mean something for posters only, `chroma` for posters and backdrops; elsewhere they are
    ignored, so that two looks which draw alike write alike.
    """

    kind: ImageKind
    size: ImageSize
    style: Shape
    label: LabelStyle
    position: Position = "bc"
    direction: Shape = "d"
    fit: Fit = "cover"
    chroma: Chroma = "420"

    @classmethod
    def chosen(cls, kind: ImageKind, size: ImageSize, settings: RenderSettings) -> Self:
        """The look that `settings` ask for, with style and direction as stored."""
        return cls(
            kind=kind,
            size=size,
            style=settings.style(kind),
            label=settings.label(kind),
            position=settings.poster_position,
            direction=settings.poster_badge_direction,
            fit=settings.fit,
            chroma=settings.chroma,
        )

    def resolved(self) -> Self:
        """The same look with a poster's `d` replaced: direction by position, then style by direction."""
        if self.kind is not ImageKind.POSTER or "d" not in (self.style, self.direction):
            return self
        direction = self.direction
        if direction == "d":
            direction = "h" if self.position in {"bc", "tc"} else "v"
        return replace(self, direction=direction, style=direction if self.style == "d" else self.style)

    def suffix(self, letters: str) -> str:
        """From `@` to the end of a key; also the name of a preview and the settings' part of a `/c/` hash."""
        extra = ("" if self.fit == "cover" else ".fn") + (
            "" if self.chroma == "420" or self.kind is ImageKind.LOGO else f".c{self.chroma}"
        )
        if self.kind is ImageKind.POSTER:
            return f"@{letters}.p{self.position}.s{self.style}.l{self.label}.d{self.direction}.z{self.size.code}{extra}"
        return f"@{letters}.s{self.style}.l{self.label}.z{self.size.code}{extra}"


@dataclass(frozen=True, slots=True)
class ImageKey:
    """What tells one rendered image from another; `str` is the cache key. ValueError for what cannot be one.

    `tier` is where the art really came from. `language` is the one asked for, as written by the client, and belongs to
    logos and to Fanart's posters with text. A poster's look is resolved on construction.
    """

    title: TitleId
    look: Look
    letters: str = ""
    tier: Tier = "tmdb"
    language: str | None = None

    def __post_init__(self) -> None:
        _check_letters(self.letters)
        if self.language is not None and not _LANGUAGE.fullmatch(self.language):
            raise ValueError(f"not a language: {self.language!r}")
        object.__setattr__(self, "look", self.look.resolved())
        self._marker()

    @property
    def kind(self) -> ImageKind:
        """What is drawn."""
        return self.look.kind

    @property
    def store_name(self) -> str:
        """Name below the root of rendered images."""
        return store_name(self.kind, str(self))

    def __str__(self) -> str:
        """The cache key."""
        return f"tmdb/{self.title}{self._marker()}{self.look.suffix(self.letters)}"

    def _marker(self) -> str:
        match self.look.kind:
            case ImageKind.BACKDROP:
                return "_b"
            case ImageKind.LOGO:
                return f"_l_f_{self._language()}"
            case ImageKind.POSTER:
                return self._poster_marker()

    def _poster_marker(self) -> str:
        match self.tier:
            case "tmdb":
                return ""
            case "textless":
                return _TEXTLESS
            case "fanart":  # whatever Fanart has, where TMDB has nothing
                return f"_f_any_{self._language()}"
            case "language" if self.language == _TAGALOG:  # `_f_tl` is taken
                return f"_f_l_{_TAGALOG}"
            case "language":
                return f"_f_{self._language()}"

    def _language(self) -> str:
        if self.language is None:
            raise ValueError(f"a {self.kind} of tier {self.tier} needs a language")
        return self.language


def image_key(
    title: TitleId,
    look: Look,
    *,
    letters: str = "",
    tier: Tier = "tmdb",
    language: str | None = None,
) -> str:
    """The cache key of an image; see `ImageKey`."""
    return str(ImageKey(title=title, look=look, letters=letters, tier=tier, language=language))


def store_name(kind: ImageKind, key: str) -> str:
    """`posters/tmdb/movie-278@mil.pbc.sh.li.dh.zm.jpg`: the key's name below the root of rendered images."""
    return f"{kind.folder}/{key}.{kind.extension}"


_KEY = re.compile(
    r"tmdb/(?P<title>(?:movie|series)-[1-9][0-9]*)"
    r"(?:(?P<logo>_l_f_(?P<logo_language>[A-Za-z0-9-]{2,5}))|(?P<backdrop>_b)"
    r"|(?:_f_(?P<poster>tl|l_tl|any_[A-Za-z0-9-]{2,5}|[A-Za-z0-9-]{2,5})))?"
    r"@(?P<letters>[milractk]{0,8})"
    r"(?:\.p(?P<position>bc|tc|l|r|tl|tr|bl|br))?\.s(?P<style>[dhv])\.l(?P<label>[ti])(?:\.d(?P<direction>[hv]))?"
    r"\.z(?P<size>s|m|l|vl)(?P<native>\.fn)?(?:\.c(?P<chroma>444))?"
)


def parse_key(text: str) -> ImageKey:
    """The inverse of `str`; ValueError for what is no cache key."""
    found = _KEY.fullmatch(text)
    if found is None:
        raise ValueError("not a cache key")
    part = found.groupdict()
    kind = ImageKind.LOGO if part["logo"] else ImageKind.BACKDROP if part["backdrop"] else ImageKind.POSTER
    tier, language = _parse_tier(kind, part["poster"], part["logo_language"])
    key = ImageKey(
        title=TitleId.parse(part["title"]),
        look=Look(
            kind=kind,
            size=_SIZES[part["size"]],
            style=cast("Shape", part["style"]),
            label=cast("LabelStyle", part["label"]),
            position=_known(Position, part["position"], "bc"),
            direction=_known(Shape, part["direction"], "d"),
            fit="native" if part["native"] else "cover",
            chroma=_known(Chroma, part["chroma"], "420"),
        ),
        letters=part["letters"],
        tier=tier,
        language=language,
    )
    if str(key) != text:  # parts of another kind, or parts missing
        raise ValueError("not a cache key")
    return key


def _parse_tier(kind: ImageKind, poster: str | None, logo_language: str | None) -> tuple[Tier, str | None]:
    if kind is ImageKind.LOGO:
        return "language", logo_language
    if kind is ImageKind.BACKDROP:
        return "fanart", None
    if poster is None:
        return "tmdb", None
    if poster == _TAGALOG:
        return "textless", None
    prefix, _, language = poster.rpartition("_")
    return ("fanart" if prefix == "any" else "language"), language


def _known(literal: Any, value: str | None, default: str) -> Any:
    return value if value in get_args(literal) else default


def _check_letters(letters: str) -> None:
    if len(set(letters)) != len(letters) or not _LETTERS.issuperset(letters):
        raise ValueError(f"not the letters of badges: {letters!r}")
