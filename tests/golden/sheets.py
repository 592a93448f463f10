"""Golden pictures: what the renderer draws for every combination, as sheets that people can look at.

`python -m tests.golden.sheets` draws all of them anew: look at the changes before committing them, and raise
`RENDERER_EPOCH`.
"""

import io
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from PIL import Image

from openposterdb_render import RenderSettings, placeholder, render, sample
from tests.golden.inputs import FORMS, form

HERE = Path(__file__).parent
ART = HERE.parent / "fixtures" / "art"
SAMPLES = [
    ("imdb", "8.5"),
    ("tmdb", "85%"),
    ("rt", "92%"),
    ("rta", "100%"),
    ("mc", "78"),
    ("trakt", "80%"),
    ("lb", "4.2"),
    ("mal", "8.50"),
]
POSITIONS = ("tl", "tc", "tr", "l", "r", "bl", "bc", "br")
SHAPES = tuple(product("hv", "it"))  # style, label


def poster_sheet(size: str) -> Image.Image:
    """A row for each style, label and direction, a column for each position."""
    base = ground(500, 740)
    rows = [(*shape, direction) for shape in SHAPES for direction in "hv"]
    cells = [
        [
            RenderSettings(size=size, position=position, style=style, label=label, direction=direction)
            for position in POSITIONS
        ]
        for style, label, direction in rows
    ]
    return grid([[opened(render("poster", base, SAMPLES[:5], each)) for each in row] for row in cells], (116, 172))


def backdrop_sheet() -> Image.Image:
    """A row for each size, a column for each style and label."""
    base = ground(1280, 720)
    settings = [
        [RenderSettings(size=size, style=style, label=label) for style, label in SHAPES]
        for size in ("small", "medium", "large")
    ]
    return grid([[opened(render("backdrop", base, SAMPLES[:4], each)) for each in row] for row in settings], (256, 144))


def art_sheet() -> Image.Image:
    """Real pictures under real badges, at half their size."""
    posters = ("poster_orbital_780x1155_420.jpg", "poster_whiskers_780x1155_420_progressive.jpg")
    pictures = [render("poster", (ART / name).read_bytes(), SAMPLES[:5], RenderSettings()) for name in posters]
    return grid([[opened(picture) for picture in pictures]], (290, 430))


def badge_strip(style: str, label: str, size: str) -> Image.Image:
    """All eight badges, pixel by pixel, as they stand below a logo."""
    settings = RenderSettings(size=size, style=style, label=label)
    logo = opened(render("logo", sample("logo"), SAMPLES, settings))
    bare = opened(render("logo", sample("logo"), [], settings))
    return logo.crop((0, bare.height, *logo.size))


def logo_sheet() -> Image.Image:
    """Art with soft alpha on two grounds, with badges and without."""
    base = (ART / "logo_orbital_800x310_rgba.png").read_bytes()
    pictures = [opened(render("logo", base, badges, RenderSettings())) for badges in (SAMPLES[:3], [])]
    return grid(
        [[on(ground, picture) for picture in pictures] for ground in ((24, 26, 32), (230, 228, 222))], (390, 300)
    )


def placeholder_sheet() -> Image.Image:
    """The three stand-ins."""
    pictures = [opened(placeholder(kind, RenderSettings())) for kind in ("poster", "backdrop", "logo")]
    return grid([[on((70, 50, 50), picture) for picture in pictures]], (320, 320))


def input_sheet() -> Image.Image:
    """Every form of art that is read, under two badges."""
    pictures = [opened(render("poster", form(name), SAMPLES[2:4], RenderSettings())) for name in FORMS]
    return grid([pictures[start : start + 26] for start in range(0, len(pictures), 26)], (39, 58))


def ground(width: int, height: int) -> bytes:
    """Art that is calm, so that sheets stay small, and of all colours, so that what shines through shows."""
    down = Image.linear_gradient("L").resize((width, height))
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    out = io.BytesIO()
    Image.merge("RGB", (down, Image.radial_gradient("L").resize((width, height)), across)).save(out, "PNG")
    return out.getvalue()


def grid(rows: list[list[Image.Image]], cell: tuple[int, int]) -> Image.Image:
    """Pictures, each shrunk to fit a cell."""
    sheet = Image.new("RGB", (cell[0] * max(map(len, rows)), cell[1] * len(rows)))
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            picture.thumbnail(cell, Image.Resampling.BOX)
            sheet.paste(picture, (x * cell[0], y * cell[1]))
    return sheet


def on(ground: tuple[int, int, int], picture: Image.Image) -> Image.Image:
    """A picture with alpha on a plain ground."""
    flat = Image.new("RGBA", picture.size, (*ground, 255))
    flat.alpha_composite(picture.convert("RGBA"))
    return flat.convert("RGB")


def opened(data: bytes) -> Image.Image:
    """A decoded picture."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def names() -> Iterator[str]:
    """The file names of all golden pictures."""
    yield from (f"poster_{size}.jpg" for size in ("medium", "large", "very-large"))
    yield from ("art.jpg", "backdrop.jpg", "inputs.png", "logo.jpg", "placeholder.jpg")
    yield from (f"badges_{style}{label}_{size}.png" for style, label in SHAPES for size in ("medium", "large"))


def draw(name: str) -> Image.Image:
    """Draws what a golden picture shows, now."""
    stem = Path(name).stem
    match stem.split("_"):
        case ["poster", size]:
            return poster_sheet(size)
        case ["badges", shape, size]:
            return badge_strip(shape[0], shape[1], size)
        case _:
            sheets = {
                "art": art_sheet,
                "backdrop": backdrop_sheet,
                "inputs": input_sheet,
                "logo": logo_sheet,
                "placeholder": placeholder_sheet,
            }
            return sheets[stem]()


if __name__ == "__main__":
    for name in names():
        picture = draw(name)
        if name.endswith(".png"):
            picture.save(HERE / name, optimize=True)
        else:
            picture.save(HERE / name, quality=90, subsampling=0)
