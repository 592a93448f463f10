# The functions' documentation stands with their implementation, in src/python.rs.
from collections.abc import Sequence
from typing import Literal, TypeAlias, final

_Size: TypeAlias = Literal["small", "medium", "large", "very-large"]
_Position: TypeAlias = Literal["l", "r", "tl", "tc", "tr", "bl", "bc", "br"]
_Choice: TypeAlias = Literal["h", "v", "d"]
_Label: TypeAlias = Literal["i", "t"]
_Fit: TypeAlias = Literal["cover", "native"]
_Chroma: TypeAlias = Literal["420", "444"]

RENDERER_EPOCH: int

@final
class RenderSettings:
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
        max_bytes: int = 0,
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
    @property
    def max_bytes(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Info:
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

def render(kind: str, base: bytes, badges: Sequence[tuple[str, str]], settings: RenderSettings) -> bytes: ...
def placeholder(kind: str, settings: RenderSettings) -> bytes: ...
def sample(kind: str) -> bytes: ...
def probe(data: bytes) -> Info: ...
def layout(
    kind: str,
    canvas_width: int,
    canvas_height: int,
    badges: Sequence[tuple[str, str]],
    settings: RenderSettings,
) -> list[tuple[str, int, int, int, int]]: ...
def set_limits(
    *,
    max_bytes: int | None = None,
    max_pixels: int | None = None,
    max_scans: int | None = None,
    sprite_cache_bytes: int | None = None,
) -> None: ...
