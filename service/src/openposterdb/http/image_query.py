"""What the path and the query of an image request say: which routes there are, and their parameters, checked."""

import re
from dataclasses import dataclass
from typing import Final

from robyn import Request

from openposterdb.domain import ImageKind, ImageSize
from openposterdb.errors import Invalid
from openposterdb.http.requests import single
from openposterdb.settings import PathType, parse_path_type
from openposterdb.settings.languages import LANGUAGE_PATTERN, wanted_language

PATH_TYPES = (
    "poster-default",
    "poster-certs",
    "poster-rt",
    "poster-mc",
    "rating-order",
    "textless-default",
    "textless-certs",
    "textless-rt",
    "textless-mc",
    "textless-order",
    "logo-default",
    "backdrop-default",
    "background-default",
)

IMAGE_ROUTES: Final[dict[str, PathType]] = {
    f"/:api_key/:id_type/{segment}/:id_value": path
    for segment in PATH_TYPES
    if (path := parse_path_type(segment)) is not None
}
"""Every image route and what it draws; all of them share one rate limit."""

_LANGUAGE = re.compile(LANGUAGE_PATTERN)
_EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp")


@dataclass(frozen=True, slots=True)
class ImageQuery:
    """The query of an image request, each parameter at most once; unknown ones are ignored."""

    fallback: bool
    lang: str | None
    size: str | None
    order: str | None
    bar_position: str | None
    label: str | None

    @classmethod
    def of(cls, request: Request) -> "ImageQuery":
        """Read it; Rejected (400) when a parameter is repeated."""
        return cls(
            fallback=single(request, "fallback") == "true",
            lang=single(request, "lang"),
            size=single(request, "imageSize"),
            order=single(request, "order"),
            bar_position=single(request, "ratingBarPos"),
            label=single(request, "label"),
        )


def parse_size(kind: ImageKind, text: str | None) -> ImageSize:
    """`imageSize`; Invalid for an unknown one, or one that the kind does not come in."""
    if text is None:
        return ImageSize.MEDIUM
    allowed = [size for size in ImageSize if size is not ImageSize.SMALL or kind is ImageKind.BACKDROP]
    name = ImageSize.VERY_LARGE if text == "verylarge" else text
    for size in allowed:
        if size == name:
            return size
    raise Invalid(f"imageSize of a {kind} must be one of: {', '.join(allowed)}")


def parse_language(text: str | None) -> str | None:
    """`lang` in its normal spelling; Invalid unless it is 2 to 5 letters, digits or hyphens."""
    if text is None:
        return None
    if not _LANGUAGE.fullmatch(text):
        raise Invalid("lang must be 2 to 5 letters, digits or hyphens, for instance de or pt-BR")
    return wanted_language(text)


def strip_extension(id_value: str) -> str:
    """The id without one trailing image extension; clients ask for any of them on every kind."""
    for extension in _EXTENSIONS:
        if id_value.endswith(extension):
            return id_value.removesuffix(extension)
    return id_value
