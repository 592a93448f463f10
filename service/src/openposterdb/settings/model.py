"""The render settings of a key: one typed definition with its defaults and its rules."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from openposterdb.domain import DEFAULT_USER_ORDER, NATURAL_ORDER, ImageKind, RatingSource

PosterSource = Literal["t", "f"]
Position = Literal["bc", "tc", "l", "r", "tl", "tr", "bl", "br"]
Shape = Literal["d", "h", "v"]
LabelStyle = Literal["t", "i"]
Fit = Literal["cover", "native"]
Chroma = Literal["420", "444"]
Language = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{2,5}$")]
Limit = Annotated[int, Field(ge=0, le=8)]


def parse_order(text: str) -> tuple[RatingSource, ...]:
    """The sources named in a comma list; ValueError for an unknown, repeated or empty item. An empty text is empty."""
    if not text.strip():
        return ()
    sources: list[RatingSource] = []
    for item in text.split(","):
        name = item.strip()
        if name not in NATURAL_ORDER:
            raise ValueError(f"unknown rating source {name!r}; known are {', '.join(RatingSource)}")
        source = RatingSource(name)
        if source in sources:
            raise ValueError(f"rating source {name!r} is named twice")
        sources.append(source)
    return tuple(sources)


def _valid_order(text: str) -> str:
    parse_order(text)
    return text


RatingsOrder = Annotated[str, AfterValidator(_valid_order)]


class RenderSettings(BaseModel):
    """What a key's owner chooses. Member names and codes are the contract of the management API.

    `ratings_limit` 0 means all; sources in `ratings_exclude` are never shown. Style and direction `d` resolve by position
    and kind in the renderer.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    poster_source: PosterSource = "t"
    fanart_lang: Language = "en"
    fanart_textless: bool = False
    ratings_limit: Limit = 3
    ratings_order: RatingsOrder = ",".join(DEFAULT_USER_ORDER)
    ratings_exclude: RatingsOrder = ""
    poster_position: Position = "bc"
    logo_ratings_limit: Limit = 5
    backdrop_ratings_limit: Limit = 5
    poster_badge_style: Shape = "d"
    logo_badge_style: Shape = "v"
    backdrop_badge_style: Shape = "v"
    poster_label_style: LabelStyle = "i"
    logo_label_style: LabelStyle = "i"
    backdrop_label_style: LabelStyle = "i"
    poster_badge_direction: Shape = "d"
    fit: Fit = "cover"
    chroma: Chroma = "420"
    max_bytes: Annotated[int, Field(ge=0, le=50_000_000)] = 0

    def order(self) -> tuple[RatingSource, ...]:
        """Every source that may be shown, once: the chosen ones first, the rest in natural order."""
        chosen = parse_order(self.ratings_order)
        excluded = parse_order(self.ratings_exclude)
        complete = chosen + tuple(source for source in NATURAL_ORDER if source not in chosen)
        return tuple(source for source in complete if source not in excluded)

    def limit(self, kind: ImageKind) -> int:
        """Most badges on this kind; 0 means all."""
        match kind:
            case ImageKind.POSTER:
                return self.ratings_limit
            case ImageKind.LOGO:
                return self.logo_ratings_limit
            case ImageKind.BACKDROP:
                return self.backdrop_ratings_limit

    def style(self, kind: ImageKind) -> Shape:
        """Badge shape as stored, which may be `d`."""
        match kind:
            case ImageKind.POSTER:
                return self.poster_badge_style
            case ImageKind.LOGO:
                return self.logo_badge_style
            case ImageKind.BACKDROP:
                return self.backdrop_badge_style

    def label(self, kind: ImageKind) -> LabelStyle:
        """Text or icon labels."""
        match kind:
            case ImageKind.POSTER:
                return self.poster_label_style
            case ImageKind.LOGO:
                return self.logo_label_style
            case ImageKind.BACKDROP:
                return self.backdrop_label_style
