"""Render settings, as declared for a whole service or for one key."""

from typing import Annotated, Literal

from pydantic import Field

from openposterdb_operator.model.base import Model, Rule, rules

Limit = Annotated[int, Field(ge=0, le=8)]
Shape = Literal["d", "h", "v"]
Label = Literal["t", "i"]
Source = Literal["imdb", "tmdb", "rt", "rta", "mc", "trakt", "lb", "mal"]
Order = Annotated[tuple[Source, ...], Field(max_length=8, json_schema_extra={"x-kubernetes-list-type": "set"})]
MaxBytes = Annotated[
    int,
    Field(
        ge=0,
        le=50_000_000,
        json_schema_extra=rules(
            Rule("self == 0 || self >= 10000", "maxBytes must be 0 for no limit, or at least 10000")
        ),
    ),
]


class RenderSettings(Model):
    """Render settings; what is unset stays with the service."""

    poster_source: Literal["t", "f"] | None = None
    """Posters from TMDB (t) or Fanart.tv (f)."""
    fanart_lang: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{2,5}$")] | None = None
    """Language preferred at Fanart.tv."""
    fanart_textless: bool | None = None
    """Prefer posters without text."""
    ratings_limit: Limit | None = None
    """Most badges on a poster; 0 for all."""
    logo_ratings_limit: Limit | None = None
    """Most badges on a logo; 0 for all."""
    backdrop_ratings_limit: Limit | None = None
    """Most badges on a backdrop; 0 for all."""
    ratings_order: Order | None = None
    """Sources in the order of preference."""
    ratings_exclude: Order | None = None
    """Sources that are never shown."""
    poster_position: Literal["bc", "tc", "l", "r", "tl", "tr", "bl", "br"] | None = None
    """Where a poster's badges sit: bottom or top (b, t), left, centre or right (l, c, r)."""
    poster_badge_style: Shape | None = None
    """Shape of a poster's badges: d (by position), h (wide), v (tall)."""
    logo_badge_style: Shape | None = None
    """Shape of a logo's badges."""
    backdrop_badge_style: Shape | None = None
    """Shape of a backdrop's badges."""
    poster_label_style: Label | None = None
    """Badges of a poster are labelled with text (t) or icons (i)."""
    logo_label_style: Label | None = None
    """Badges of a logo are labelled with text (t) or icons (i)."""
    backdrop_label_style: Label | None = None
    """Badges of a backdrop are labelled with text (t) or icons (i)."""
    poster_badge_direction: Shape | None = None
    """A poster's badges stand side by side (h), on top of each other (v), or as their position asks (d)."""
    fit: Literal["cover", "native"] | None = None
    """cover: exact sizes. native: the art's own aspect."""
    chroma: Literal["420", "444"] | None = None
    """Chroma subsampling of JPEG."""
    max_bytes: MaxBytes | None = None
    """Most bytes of an image, at least 10000; 0 for no limit."""

    def members(self) -> dict[str, str | int | bool]:
        """What is set, in the names and forms of the management API."""
        declared: dict[str, str | int | bool | tuple[str, ...]] = self.model_dump(exclude_none=True)
        return {name: ",".join(value) if isinstance(value, tuple) else value for name, value in declared.items()}
