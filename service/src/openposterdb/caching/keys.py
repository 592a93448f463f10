"""The grammar of cache keys: one key names one rendered image, in memory, in the metadata table and in the image store.

    poster    tmdb/movie-278@mil.pbc.sh.li.dh.zm         textless: ..._f_tl@...   by language: ..._f_de@...
    logo      tmdb/movie-278_l_f_en@milrc.sv.li.zm
    backdrop  tmdb/series-1396_b@milrc.sv.li.zm

The title is canonical, whatever id was asked for; letters are those of the badges shown, in shown order. Settings that the
original grammar lacks follow the size, and only when they are not the default: `.fn` (native fit), `.c444` (full chroma),
`.b100000` (most bytes). A logo that is a WebP ends in `.webp`. Which setting is written how is part of its definition (`settings.model`).
"""

import re
from dataclasses import dataclass, replace
from typing import Literal, Self

from openposterdb.domain import Encoding, ImageKind, ImageSize, RatingSource, TitleId
from openposterdb.settings.definition import definition_of
from openposterdb.settings.languages import LANGUAGE_PATTERN
from openposterdb.settings.model import RenderSettings

Tier = Literal["tmdb", "textless", "language", "fanart"]

_LANGUAGE = re.compile(LANGUAGE_PATTERN)
_WEBP = ".webp"
_TEXTLESS = "_f_tl"
_TAGALOG = "tl"
_LETTERS = frozenset(source.letter for source in RatingSource)
_SIZES = {size.code: size for size in ImageSize}


@dataclass(frozen=True, slots=True)
class Look:
    """How an image is drawn, apart from its badges: what follows the letters in a key.

    Of `settings` only those count that say how this kind is drawn: two looks which draw alike write alike.
    """

    kind: ImageKind
    size: ImageSize
    settings: RenderSettings
    encoding: Encoding = Encoding.USUAL

    def resolved(self) -> Self:
        """The same look with a poster's `d` replaced: direction by position, then style by direction."""
        resolved = self.settings.resolved(self.kind)
        return self if resolved is self.settings else replace(self, settings=resolved)

    def suffix(self, letters: str) -> str:
        """From `@` to the end of a key; also the name of a preview."""
        before, after = f"@{letters}", ""
        for member in definition_of(type(self.settings)).of(self.kind, "badges", "picture"):
            part = member.written(getattr(self.settings, member.name))
            if member.setting.brief:
                after += part
            else:
                before += part
        return f"{before}.z{self.size.code}{after}{_WEBP if self.encoding is Encoding.WEBP else ''}"

    @classmethod
    def parse(cls, kind: ImageKind, parts: str) -> Self:
        """The look whose parts these are; ValueError for what is none. Parts may be in any order here."""
        size: ImageSize | None = None
        encoding = Encoding.USUAL
        chosen: dict[str, str] = {}
        members = definition_of(RenderSettings).of(kind, "badges", "picture")
        for part in parts.removeprefix(".").split("."):
            if part.startswith("z"):
                size = _SIZES.get(part.removeprefix("z"))
                continue
            if f".{part}" == _WEBP and kind is ImageKind.LOGO:
                encoding = Encoding.WEBP
                continue
            found = next(((member.name, text) for member in members if (text := member.read(part)) is not None), None)
            if found is None:
                raise ValueError("not the parts of a look")
            chosen.update([found])
        if size is None:
            raise ValueError("a look needs a size")
        return cls(kind, size, RenderSettings.model_validate(chosen), encoding)


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


def store_name(kind: ImageKind, key: str) -> str:
    """`posters/tmdb/movie-278@mil.pbc.sh.li.dh.zm.jpg`: the key's name below the root of rendered images."""
    return f"{kind.folder}/{key}" if key.endswith(_WEBP) else f"{kind.folder}/{key}.{kind.extension}"


_KEY = re.compile(
    r"tmdb/(?P<title>(?:movie|series)-[1-9][0-9]*)"
    rf"(?:(?P<logo>_l_f_(?P<logo_language>{LANGUAGE_PATTERN}))|(?P<backdrop>_b)"
    rf"|(?:_f_(?P<poster>tl|l_tl|any_{LANGUAGE_PATTERN}|{LANGUAGE_PATTERN})))?"
    r"@(?P<letters>[milractk]{0,8})(?P<parts>(?:\.[a-z][a-z0-9]*)+)"
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
        look=Look.parse(kind, part["parts"]),
        letters=part["letters"],
        tier=tier,
        language=language,
    )
    if str(key) != text:  # parts out of order, missing, or spelled in another way
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


def _check_letters(letters: str) -> None:
    if len(set(letters)) != len(letters) or not _LETTERS.issuperset(letters):
        raise ValueError(f"not the letters of badges: {letters!r}")
