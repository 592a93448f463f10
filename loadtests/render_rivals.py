"""The renderer's jobs as Pillow and libvips do them."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from openposterdb_render import RenderSettings, layout, render

os.environ.setdefault("VIPS_CONCURRENCY", "1")  # read when libvips is loaded
import pyvips

BADGES = [("imdb", "8.2"), ("tmdb", "72%"), ("rt", "94%"), ("mc", "71"), ("mal", "8.70")]


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def pillow(
    kind: str, base: bytes, size: tuple[int, int], strip: int, badges: list[tuple[Image.Image, int, int]]
) -> bytes:
    """The same job by Pillow; `strip` is the height that a logo's badges take."""
    out = io.BytesIO()
    if kind == "logo":
        art = Image.open(io.BytesIO(base)).convert("RGBA").resize((size[0], size[1] - strip), Image.Resampling.LANCZOS)
        canvas = Image.new("RGBA", size)
        canvas.paste(art, (0, 0))
        for badge, x, y in badges:
            canvas.alpha_composite(badge, (x, y))
        canvas.save(out, "PNG", compress_level=1)
        return out.getvalue()
    canvas = ImageOps.fit(Image.open(io.BytesIO(base)).convert("RGB"), size, Image.Resampling.LANCZOS)
    for badge, x, y in badges:
        canvas.paste(badge, (x, y), badge)
    canvas.save(out, "JPEG", quality=85, subsampling=2)
    return out.getvalue()


def vips_badges(badges: list[tuple[Image.Image, int, int]]) -> list[tuple[pyvips.Image, int, int]]:
    return [
        (pyvips.Image.new_from_array(np.asarray(badge)).copy(interpretation="srgb"), x, y) for badge, x, y in badges
    ]


def vips(
    kind: str, base: bytes, size: tuple[int, int], strip: int, badges: list[tuple[pyvips.Image, int, int]]
) -> bytes:
    """The same job by libvips, on one thread."""
    art = pyvips.Image.new_from_buffer(base, "", access="sequential")
    layers, xs, ys = [badge for badge, _, _ in badges], [x for _, x, _ in badges], [y for _, _, y in badges]
    if kind == "logo":
        height = size[1] - strip
        art = art.premultiply().resize(size[0] / art.width, vscale=height / art.height, kernel="lanczos3")
        art = art.unpremultiply().cast("uchar").embed(0, 0, *size)
        return art.composite(layers, "over", x=xs, y=ys).cast("uchar").pngsave_buffer(compression=1)
    scale = max(size[0] / art.width, size[1] / art.height)
    art = art.resize(scale, kernel="lanczos3") if scale != 1 else art
    art = art.crop((art.width - size[0]) // 2, (art.height - size[1]) // 2, *size)
    drawn = art.composite(layers, "over", x=xs, y=ys)
    return drawn.flatten().cast("uchar").jpegsave_buffer(Q=85, subsample_mode="on", optimize_coding=False)


@dataclass(frozen=True)
class Rivals:
    """The same job by others, as calls."""

    pillow: Callable[[], bytes]
    vips: Callable[[], bytes]


def rivals(kind: str, base: bytes, settings: RenderSettings) -> Rivals:
    """Both with plain panels of the badges' sizes: what is on them would cost them nothing more."""
    picture, bare = opened(render(kind, base, BADGES, settings)), opened(render(kind, base, [], settings))
    canvas = bare.size if kind == "logo" else picture.size
    places = layout(kind, *canvas, BADGES, settings)
    plain = Image.new("RGBA", places[0][3:], (0, 0, 0, 200))
    badges = [(plain, x, y) for _, x, y, _, _ in places]
    strip, for_vips = picture.height - bare.height, vips_badges(badges)
    return Rivals(
        lambda: pillow(kind, base, picture.size, strip, badges),
        lambda: vips(kind, base, picture.size, strip, for_vips),
    )
