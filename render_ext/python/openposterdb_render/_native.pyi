from collections.abc import Sequence
from typing import Literal, final

_Kind = Literal["poster", "logo", "backdrop"]
_Size = Literal["small", "medium", "large", "very-large"]
_Position = Literal["l", "r", "tl", "tc", "tr", "bl", "bc", "br"]
_Choice = Literal["h", "v", "d"]
_Label = Literal["i", "t"]
_Fit = Literal["cover", "native"]
_Chroma = Literal["420", "444"]

RENDERER_EPOCH: int
"""Raised whenever the same input gives other pixels: finished pictures carry it in their cache keys."""

@final
class RenderSettings:
    """Every choice that changes a pixel, apart from art and badges. Immutable and hashable.

    Raises `RenderError("bad_settings")` for unknown names and a quality that is not 1 to 100.
    """

    def __new__(
        cls,
        *,
        size: str = "medium",
        position: str = "bc",
        style: str = "d",
        label: str = "i",
        direction: str = "d",
        fit: str = "cover",
        chroma: str = "420",
        quality: int = 85,
    ) -> RenderSettings: ...
    @property
    def size(self) -> _Size: ...
    @property
    def position(self) -> _Position: ...
    @property
    def style(self) -> _Choice: ...
    @property
    def label(self) -> _Label: ...
    @property
    def direction(self) -> _Choice: ...
    @property
    def fit(self) -> _Fit: ...
    @property
    def chroma(self) -> _Chroma: ...
    @property
    def quality(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Info:
    """What a picture's header says. Width and height are as stored, before EXIF orientation."""

    @property
    def format(self) -> Literal["jpeg", "png", "webp", "gif", "tiff", "bmp"]: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def progressive(self) -> bool: ...
    @property
    def colour(self) -> Literal["grey", "ycc", "rgb", "rgba", "cmyk", "ycck"]: ...
    def __eq__(self, other: object, /) -> bool: ...

def render(kind: _Kind, base: bytes, badges: Sequence[tuple[str, str]], settings: RenderSettings) -> bytes:
    """Draws badges on art, without the GIL: JPEG for posters and backdrops, PNG for logos.

    `badges` are pairs of source key and value text, already ordered and limited; text that the font cannot write is
    left out. Raises `RenderError`.
    """

def placeholder(kind: _Kind, settings: RenderSettings) -> bytes:
    """Draws the picture that stands in where there is no art, at the full size asked for.

    JPEG for posters and backdrops, PNG with alpha for logos.
    """

def sample(kind: _Kind) -> bytes:
    """Draws the plain picture that previews are drawn on, as PNG."""

def probe(data: bytes) -> Info:
    """Reads a picture's header and no pixel. Raises `RenderError` for what `render` would refuse from the header."""

def layout(
    kind: _Kind,
    canvas_width: int,
    canvas_height: int,
    badges: Sequence[tuple[str, str]],
    settings: RenderSettings,
) -> list[tuple[str, int, int, int, int]]:
    """Says where badges are drawn: (source, x, y, width, height) in pixels of the output.

    The canvas is the output of a poster or backdrop; for a logo it is the scaled art, below which badges stand.
    """

def set_limits(
    *,
    max_bytes: int | None = None,
    max_pixels: int | None = None,
    max_scans: int | None = None,
    sprite_cache_bytes: int | None = None,
) -> None:
    """Changes this process's bounds; what is not given stays.

    Defaults: 30 MiB of input, 50 million pixels of input and output, 64 scans, 32 MiB of drawn badges.
    """
