"""What the renderer is told of one image: badges, settings, and what drawing it weighs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import openposterdb_render as native
from openposterdb.domain import Badge, ImageKind, ImageSize

WEIGHTS = {ImageSize.SMALL: 1, ImageSize.MEDIUM: 1, ImageSize.LARGE: 2, ImageSize.VERY_LARGE: 4}
"""Roughly output pixels, so that `RENDER_CONCURRENCY` bounds memory as well as threads."""

_SPLICE_WEIGHT = 1
"""Of any size: a few rows are decoded."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn, apart from the art."""

    kind: ImageKind
    size: ImageSize
    badges: tuple[tuple[str, str], ...]
    options: native.RenderSettings

    @classmethod
    def of(cls, kind: ImageKind, size: ImageSize, badges: Sequence[Badge], options: native.RenderSettings) -> Self:
        """Badges in the renderer's form."""
        shown = tuple((badge.source.value, _encodable(badge.value)) for badge in badges)
        return cls(kind, size, shown, options)

    @property
    def weight(self) -> int:
        """Against the limit, when the art has to be decoded."""
        return WEIGHTS[self.size]

    @property
    def splice_weight(self) -> int:
        """On prepared art; badges for which a bound on bytes leaves no room cost the encoding of the whole picture."""
        return WEIGHTS[self.size] if self.options.max_bytes else _SPLICE_WEIGHT

    def on(self, prepared: native.Prepared) -> bytes:
        """Laid on prepared art."""
        return prepared.render(self.badges, self.options)


def quality_of(picture: bytes) -> int | None:
    """The quality, 1 to 100, that a JPEG has been written with; None for other formats."""
    return native.quality_of(picture)


def _encodable(text: str) -> str:
    """The text with halves of surrogate pairs, which an upstream's JSON may hold, replaced."""
    return text.encode("utf-8", "replace").decode()
