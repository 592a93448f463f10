"""The render settings of a key: one typed definition with its defaults, its rules and its meaning."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, WithJsonSchema

from openposterdb.domain import DEFAULT_USER_ORDER, NATURAL_ORDER, ImageKind, RatingSource
from openposterdb.settings.definition import ALL_KINDS, BACKDROPS, LOGOS, POSTERS, Setting, definition_of, title_of
from openposterdb.settings.languages import LANGUAGE_PATTERN

PosterSource = Literal["t", "f"]
Position = Literal["bc", "tc", "l", "r", "tl", "tr", "bl", "br"]
Shape = Literal["d", "h", "v"]
LabelStyle = Literal["t", "i"]
Fit = Literal["cover", "native"]
Chroma = Literal["420", "444"]

_LONGEST_ORDER: Final = 256
_MOST_BADGES: Final = len(NATURAL_ORDER)
_LEAST_BYTES, _MOST_BYTES = 10_000, 50_000_000
_SOURCES: Final = ", ".join(RatingSource)


def parse_order(text: str) -> tuple[RatingSource, ...]:
    """The sources named in a comma list; ValueError for an unknown, repeated or empty item. An empty text is empty."""
    if not text.strip():
        return ()
    sources: list[RatingSource] = []
    for item in text.split(","):
        name = item.strip()
        if name not in NATURAL_ORDER:
            raise ValueError(f"must be a comma-separated list of rating sources: {_SOURCES}")
        source = RatingSource(name)
        if source in sources:
            raise ValueError(f"must name a rating source once, and {name} is named twice")
        sources.append(source)
    return tuple(sources)


def _order(text: str) -> str:
    if len(text) > _LONGEST_ORDER:
        raise ValueError(f"must have at most {_LONGEST_ORDER} characters")
    parse_order(text)
    return text


def _language(text: str) -> str:
    if not re.fullmatch(LANGUAGE_PATTERN, text):
        raise ValueError("must be 2 to 5 letters, digits or hyphens")
    return text


def _within(low: int, high: int, *, or_zero: bool = False) -> Callable[[int], int]:
    def check(value: int) -> int:
        if not (low <= value <= high or (or_zero and value == 0)):
            raise ValueError(f"must be {'0 or ' if or_zero else ''}from {low} to {high}")
        return value

    return check


Language = Annotated[
    str, AfterValidator(_language), WithJsonSchema({"type": "string", "pattern": f"^{LANGUAGE_PATTERN}$"})
]
RatingsOrder = Annotated[str, AfterValidator(_order), WithJsonSchema({"type": "string", "maxLength": _LONGEST_ORDER})]
Limit = Annotated[
    int,
    AfterValidator(_within(0, _MOST_BADGES)),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": _MOST_BADGES}),
]
MaxBytes = Annotated[
    int,
    AfterValidator(_within(_LEAST_BYTES, _MOST_BYTES, or_zero=True)),
    WithJsonSchema({"type": "integer", "anyOf": [{"const": 0}, {"minimum": _LEAST_BYTES, "maximum": _MOST_BYTES}]}),
]

_STYLE = "shape of a badge: h horizontal, v vertical"
_LABEL = "what tells whose rating it is: i an icon, t text"
_LIMIT = "most badges, 0 for all"


class RenderSettings(BaseModel, frozen=True):
    """What a key's owner chooses; what is left out has its default."""

    # Names and codes are the contract of the management API. Parts of a cache key follow the order of the members.

    model_config = ConfigDict(extra="ignore", field_title_generator=title_of)

    poster_source: Annotated[
        PosterSource, Setting("art", POSTERS, "Whose posters are preferred: t TMDB, f Fanart.tv.")
    ] = "t"
    fanart_lang: Annotated[
        Language,
        Setting("art", POSTERS | LOGOS, "Preferred language of Fanart.tv's posters and logos, such as de or pt-BR."),
    ] = "en"
    fanart_textless: Annotated[
        bool,
        Setting("art", POSTERS, "Whether Fanart.tv's posters without text are preferred; it needs poster_source f."),
    ] = False
    ratings_limit: Annotated[Limit, Setting("ratings", POSTERS, f"Posters: {_LIMIT}.", role="limit")] = 3
    ratings_order: Annotated[
        RatingsOrder,
        Setting(
            "ratings",
            ALL_KINDS,
            f"Rating sources, first ones first, comma-separated: {_SOURCES}. Those left out follow.",
        ),
    ] = ",".join(DEFAULT_USER_ORDER)
    ratings_exclude: Annotated[
        RatingsOrder, Setting("ratings", ALL_KINDS, "Rating sources that are never shown, comma-separated.")
    ] = ""
    poster_position: Annotated[
        Position,
        Setting(
            "badges",
            POSTERS,
            "Where a poster's badges stand: b bottom, t top, c centre, l left, r right.",
            role="position",
            code="p",
        ),
    ] = "bc"
    logo_ratings_limit: Annotated[Limit, Setting("ratings", LOGOS, f"Logos: {_LIMIT}.", role="limit")] = 5
    backdrop_ratings_limit: Annotated[Limit, Setting("ratings", BACKDROPS, f"Backdrops: {_LIMIT}.", role="limit")] = 5
    poster_badge_style: Annotated[
        Shape, Setting("badges", POSTERS, f"Posters: {_STYLE}, d as the direction.", role="style", code="s")
    ] = "d"
    logo_badge_style: Annotated[
        Shape, Setting("badges", LOGOS, f"Logos: {_STYLE}, d horizontal.", role="style", code="s")
    ] = "v"
    backdrop_badge_style: Annotated[
        Shape, Setting("badges", BACKDROPS, f"Backdrops: {_STYLE}, d vertical.", role="style", code="s")
    ] = "v"
    poster_label_style: Annotated[
        LabelStyle, Setting("badges", POSTERS, f"Posters: {_LABEL}.", role="label", code="l")
    ] = "i"
    logo_label_style: Annotated[LabelStyle, Setting("badges", LOGOS, f"Logos: {_LABEL}.", role="label", code="l")] = "i"
    backdrop_label_style: Annotated[
        LabelStyle, Setting("badges", BACKDROPS, f"Backdrops: {_LABEL}.", role="label", code="l")
    ] = "i"
    poster_badge_direction: Annotated[
        Shape,
        Setting(
            "badges",
            POSTERS,
            "Arrangement of a poster's badges: h in rows, v in a column, d rows at bottom and top centre, else a column.",
            role="direction",
            code="d",
        ),
    ] = "d"
    fit: Annotated[
        Fit,
        Setting(
            "picture",
            ALL_KINDS,
            "How art meets its box: cover fills exact sizes and cuts the overhang, native keeps the art's own aspect.",
            code="f",
            spelled=(("native", "n"),),
            brief=True,
        ),
    ] = "cover"
    chroma: Annotated[
        Chroma,
        Setting(
            "picture", POSTERS | BACKDROPS, "Colour resolution of JPEGs: 420 halved, 444 full.", code="c", brief=True
        ),
    ] = "420"
    max_bytes: Annotated[
        MaxBytes,
        Setting(
            "picture",
            POSTERS | BACKDROPS,
            "Most bytes of a JPEG, whose quality is lowered as far as that needs; 0 for no bound.",
            code="b",
            brief=True,
        ),
        Field(validation_alias=AliasChoices("maxBytes", "max_bytes"), serialization_alias="maxBytes"),
    ] = 0

    def order(self) -> tuple[RatingSource, ...]:
        """Every source that may be shown, once: the chosen ones first, the rest in natural order."""
        chosen = parse_order(self.ratings_order)
        excluded = parse_order(self.ratings_exclude)
        complete = chosen + tuple(source for source in NATURAL_ORDER if source not in chosen)
        return tuple(source for source in complete if source not in excluded)

    def limit(self, kind: ImageKind) -> int:
        """Most badges on this kind; 0 means all."""
        return self._in_role(kind, "limit")

    def style(self, kind: ImageKind) -> Shape:
        """Badge shape as stored, which may be `d`."""
        return self._in_role(kind, "style")

    def label(self, kind: ImageKind) -> LabelStyle:
        """Text or icon labels."""
        return self._in_role(kind, "label")

    def drawn(self, kind: ImageKind) -> Mapping[str, Any]:
        """Everything that says how this kind is drawn, by role: the renderer's options."""
        members = definition_of(type(self)).of(kind, "badges", "picture")
        return {member.role: getattr(self, member.name) for member in members}

    def resolved(self, kind: ImageKind) -> Self:
        """The same with a poster's `d` replaced: direction by position, then style by direction."""
        if kind is not ImageKind.POSTER or "d" not in (self.poster_badge_style, self.poster_badge_direction):
            return self
        return _resolved(self)

    def _in_role(self, kind: ImageKind, role: str) -> Any:
        return getattr(self, definition_of(type(self)).in_role(kind, role).name)


S = TypeVar("S", bound=RenderSettings)


@lru_cache(maxsize=1024)
def _resolved(settings: S) -> S:
    """Few settings make most images, and each image's name needs this."""
    direction = settings.poster_badge_direction
    if direction == "d":
        direction = "h" if settings.poster_position in {"bc", "tc"} else "v"
    style = direction if settings.poster_badge_style == "d" else settings.poster_badge_style
    return settings.model_copy(update={"poster_badge_direction": direction, "poster_badge_style": style})
