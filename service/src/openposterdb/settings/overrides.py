"""What one request changes of its key's settings: RPDB's path types and query parameters (`docs/clients.md`).

Everything here is lenient: what RPDB knows and this product does not (certificates, media badges, unknown sources) is left
out without an error. `lang` and `imageSize` are checked by the route, since they are this product's own parameters too.
"""

from dataclasses import dataclass
from typing import Any

from openposterdb.domain import NATURAL_ORDER, ImageKind, RatingSource
from openposterdb.settings.model import Position, RenderSettings

RPDB_SOURCES: dict[str, RatingSource] = {
    "imdb": RatingSource.IMDB,
    "tmdb": RatingSource.TMDB,
    "trakt": RatingSource.TRAKT,
    "tomatoes-critics": RatingSource.RT,
    "tomatoes-audience": RatingSource.RTA,
    "metacritic-critics": RatingSource.MC,
    "letterboxd": RatingSource.LB,
    "myanimelist": RatingSource.MAL,
}

RPDB_POSITIONS: dict[str, Position] = {
    "bottom": "bc",
    "top": "tc",
    "left-top": "tl",
    "left-center": "l",
    "left-bottom": "bl",
    "right-top": "tr",
    "right-center": "r",
    "right-bottom": "br",
}

_TYPE_SOURCES: dict[str, tuple[RatingSource, ...]] = {
    "rt": (RatingSource.IMDB, RatingSource.RT, RatingSource.RTA),
    "mc": (RatingSource.IMDB, RatingSource.MC, RatingSource.RTA),
}


@dataclass(frozen=True, slots=True)
class PathType:
    """The third segment of an image path, understood."""

    kind: ImageKind
    textless: bool = False
    sources: tuple[RatingSource, ...] | None = None
    ordered_by_query: bool = False


def parse_path_type(segment: str) -> PathType | None:
    """`poster-default`, `logo-default`, `backdrop-default` and RPDB's others; None for what is no image path."""
    match segment:
        case "logo-default":
            return PathType(ImageKind.LOGO)
        case "backdrop-default" | "background-default":
            return PathType(ImageKind.BACKDROP)
        case "rating-order":
            return PathType(ImageKind.POSTER, ordered_by_query=True)
        case "textless-order":
            return PathType(ImageKind.POSTER, textless=True, ordered_by_query=True)
        case _:
            shape, _, flavour = segment.partition("-")
            if shape not in {"poster", "textless"} or flavour not in {"default", "certs", "rt", "mc"}:
                return None
            return PathType(ImageKind.POSTER, textless=shape == "textless", sources=_TYPE_SOURCES.get(flavour))


def parse_rpdb_order(text: str) -> tuple[RatingSource, ...]:
    """The known sources of RPDB's `order` parameter, once each, in its order."""
    named = (RPDB_SOURCES.get(item.strip()) for item in text.split(","))
    return tuple(dict.fromkeys(source for source in named if source is not None))


def override(
    settings: RenderSettings,
    path: PathType,
    *,
    order: str | None = None,
    bar_position: str | None = None,
    label: str | None = None,
) -> RenderSettings:
    """The settings of one request; the same object when nothing changes."""
    changes: dict[str, Any] = {}
    shown = parse_rpdb_order(order) if path.ordered_by_query and order else path.sources
    if shown:
        changes["ratings_order"] = ",".join(shown)
        changes["ratings_exclude"] = ",".join(source for source in NATURAL_ORDER if source not in shown)
        changes["ratings_limit"] = 0
    if path.textless:
        changes["poster_source"] = "f"
        changes["fanart_textless"] = True
    if bar_position in RPDB_POSITIONS and path.kind is ImageKind.POSTER:
        changes["poster_position"] = RPDB_POSITIONS[bar_position]
    if label == "text":
        changes[f"{path.kind}_label_style"] = "t"
    return settings.model_copy(update=changes) if changes else settings
