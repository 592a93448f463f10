"""Spliced pictures in Chromium: the same pixels as in Pillow, hence no interval that a decoder loses its way in."""

import base64
import io
import json
import os
import re
import subprocess
from html import unescape
from pathlib import Path

import numpy as np
from PIL import Image

from openposterdb_render import RenderSettings, prepare, render
from tests.servers.process import program

ART = Path(__file__).parents[1] / "fixtures" / "art"
BADGES = [("imdb", "8.2"), ("tmdb", "72%"), ("rt", "94%"), ("mc", "71"), ("mal", "8.70")]
GRID = 24
POSTER, BACKDROP, LOGO = (
    "poster_orbital_780x1155_420.jpg",
    "backdrop_whiskers_1920x1080_420.jpg",
    "logo_orbital_800x310_rgba.png",
)

# Nothing in it waits: the page is loaded when its pictures are, and drawing one decodes it on the spot.
PAGE = """<!doctype html><body>%s<script>
const means = (picture) => {
  const [width, height] = [picture.naturalWidth, picture.naturalHeight]
  if (!width) return 'not a picture'
  const canvas = new OffscreenCanvas(width, height).getContext('2d')
  canvas.fillRect(0, 0, width, height)
  canvas.drawImage(picture, 0, 0)
  const { data } = canvas.getImageData(0, 0, width, height)
  const sums = new Array(%d * %d * 3).fill(0), counts = new Array(sums.length).fill(0)
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++, at += 4) {
    const cell = (Math.floor(y * %d / height) * %d + Math.floor(x * %d / width)) * 3
    for (let channel = 0; channel < 3; channel++) { sums[cell + channel] += data[at + channel]; counts[cell + channel]++ }
  }
  return { width, height, means: sums.map((sum, index) => sum / counts[index]) }
}
addEventListener('load', () => { document.body.textContent = JSON.stringify([...document.images].map(means)) })
</script></body>"""


def pictures() -> dict[str, bytes]:
    """Drawn at once and on prepared art, at both resolutions of colour, with badges in rows and columns."""
    drawn: dict[str, bytes] = {}
    for kind, name, looks in [
        (
            "poster",
            POSTER,
            [{"chroma": chroma, "position": at} for chroma in ("420", "444") for at in ("bc", "tl", "r")],
        ),
        ("backdrop", BACKDROP, [{"chroma": chroma, "size": "small", "position": "tr"} for chroma in ("420", "444")]),
        ("poster", POSTER, [{"max_bytes": 40_000}]),
        ("logo", LOGO, [{}, {"encoding": "webp"}]),
    ]:
        art = (ART / name).read_bytes()
        for look in looks:
            settings = RenderSettings(**look)
            drawn[f"{kind} {look} at once"] = render(kind, art, BADGES, settings)
            drawn[f"{kind} {look} spliced"] = prepare(kind, art, settings).render(BADGES, settings)
    return drawn


def shown(folder: Path, drawn: dict[str, bytes]) -> dict[str, dict[str, list[float]]]:
    """What Chromium makes of them: sizes, and the mean of each cell of a grid over black."""
    urls = [f"data:image/{kind_of(data)};base64,{base64.b64encode(data).decode()}" for data in drawn.values()]
    page = folder / "page.html"
    images = "".join(f'<img src="{url}">' for url in urls)
    page.write_text(PAGE % (images, GRID, GRID, GRID, GRID, GRID))
    chromium = os.environ.get("CHROMIUM") or program("chromium", package="chromium")
    command = [
        *(chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"),
        *(f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri()),
    ]
    html = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    found = re.search(r"<body>(.*)</body>", html, re.DOTALL)
    assert found, html[:500]
    return dict(zip(drawn, json.loads(unescape(found[1])), strict=True))


def kind_of(data: bytes) -> str:
    return {b"\xff\xd8": "jpeg", b"\x89P": "png", b"RI": "webp"}[data[:2]]


def means(data: bytes) -> np.ndarray:
    picture = Image.open(io.BytesIO(data)).convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", picture.size, (0, 0, 0, 255)), picture).convert("RGB")
    samples = np.asarray(picture, dtype=np.float64)
    rows = np.arange(picture.height) * GRID // picture.height
    columns = np.arange(picture.width) * GRID // picture.width
    cells = (rows[:, None] * GRID + columns[None, :]).ravel()
    counts = np.bincount(cells, minlength=GRID * GRID)
    return np.stack([np.bincount(cells, samples[..., c].ravel(), GRID * GRID) / counts for c in range(3)], axis=1)


def test_chromium_shows_every_picture_as_pillow_does(tmp_path):
    drawn = pictures()
    found = shown(tmp_path, drawn)
    for name, data in drawn.items():
        here = found[name]
        assert isinstance(here, dict), (name, here)
        assert (here["width"], here["height"]) == Image.open(io.BytesIO(data)).size, name
        apart = np.abs(np.array(here["means"]).reshape(-1, 3) - means(data))
        assert apart.max() < 2, (name, apart.max())


def test_a_lost_interval_would_be_seen(tmp_path):
    data = render("poster", (ART / POSTER).read_bytes(), BADGES, RenderSettings())
    first, second = data.index(b"\xff\xd3"), data.index(b"\xff\xd5")
    broken = {"broken": data[: first + 2] + data[second:]}
    here = shown(tmp_path, broken)["broken"]
    apart = np.abs(np.array(here["means"]).reshape(-1, 3) - means(data))
    assert apart.max() > 2
