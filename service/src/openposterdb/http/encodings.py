"""Which encoding a client gets: what it says it takes, and what an address ends in."""

from typing import Final

from robyn import Request

from openposterdb.domain import Encoding, ImageKind

NEGOTIATED: Final = frozenset({ImageKind.LOGO})
"""Kinds of which there are several encodings. Posters and backdrops are JPEG for everybody."""

_WEBP: Final = "image/webp"
_USUAL: Final = ImageKind.LOGO.content_type
_RANGES: Final = ("image/*", "*/*")


def accept_of(request: Request) -> str:
    """The `Accept` of a request, empty without one; several lines are one."""
    return ",".join(value for name, value in request.headers.items() if name == "accept")


def names(media_type: str, accept: str) -> bool:
    """Whether an `Accept` names that media type itself, no range, and does not rule it out."""
    return _weights(accept).get(media_type, 0.0) > 0


def encoding_for(id_value: str, accept: str) -> Encoding:
    """WebP for who names it in `Accept` and likes it as much as PNG, and for `.webp` unless `Accept` rules it out.

    `*/*` and `image/*` name nothing: whoever takes everything gets what has always been given.
    """
    weights = _weights(accept)
    usual, named = _weight(_USUAL, weights), weights.get(_WEBP)
    if named is not None:
        return Encoding.WEBP if 0 < named >= usual else Encoding.USUAL
    takes_all = not weights or _weight(_WEBP, weights) > 0
    return Encoding.WEBP if id_value.endswith(".webp") and takes_all else Encoding.USUAL


def _weight(media_type: str, weights: dict[str, float]) -> float:
    """By the most specific range that there is; 0 without one."""
    return next((weights[name] for name in (media_type, *_RANGES) if name in weights), 0.0)


def _weights(accept: str) -> dict[str, float]:
    """Every media type and range with its weight; parameters other than `q` are ignored, nonsense weighs nothing."""
    weights: dict[str, float] = {}
    for element in accept.lower().split(","):
        name, *parameters = (part.strip() for part in element.split(";"))
        if name:
            weights[name] = next((_number(part[2:]) for part in parameters if part.startswith("q=")), 1.0)
    return weights


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
