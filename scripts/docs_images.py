"""Draw the pictures of the README and the docs with the project's own renderer: `make docs-images`."""

from io import BytesIO
from pathlib import Path

from PIL import Image

import openposterdb_render as render

ROOT = Path(__file__).resolve().parent.parent
ART = ROOT / "service/src/openposterdb/demo/art"
OUT = ROOT / "docs/images"
PAPER = (24, 24, 27)
GAP = 24

RATINGS = {
    "mal": "8.70",
    "imdb": "8.2",
    "lb": "4.0",
    "rt": "94%",
    "mc": "85",
    "rta": "88%",
    "tmdb": "75%",
    "trakt": "79%",
}


def drawn(kind: str, slug: str, sources: str, **settings: str) -> Image.Image:
    """One picture of the demo's catalogue with badges."""
    extension = "png" if kind == "logo" else "jpg"
    base = (ART / f"{kind}s" / f"{slug}.{extension}").read_bytes()
    badges = [(source, RATINGS[source]) for source in sources.split()]
    return Image.open(BytesIO(render.render(kind, base, badges, render.RenderSettings(**settings))))


def row(pictures: list[Image.Image], height: int) -> Image.Image:
    """The pictures side by side at one height."""
    scaled = [p.resize((round(p.width * height / p.height), height), Image.Resampling.LANCZOS) for p in pictures]
    sheet = Image.new("RGB", (sum(p.width + GAP for p in scaled) + GAP, height + 2 * GAP), PAPER)
    x = GAP
    for picture in scaled:
        sheet.paste(picture, (x, GAP), picture if picture.mode == "RGBA" else None)
        x += picture.width + GAP
    return sheet


def save(picture: Image.Image, name: str) -> None:
    """Write below `docs/images`."""
    OUT.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").save(OUT / name, quality=88, optimize=True)


def main() -> None:
    """Draw all of them."""
    posters = [
        drawn("poster", "moss", "imdb lb rt"),
        drawn("poster", "midnight-tram", "imdb lb rt mc rta tmdb", position="l"),
        drawn("poster", "salt-cathedral", "imdb rt mc rta trakt", style="v", label="t"),
    ]
    save(row(posters, 640), "posters.jpg")
    wide = [
        drawn("backdrop", "deep-field", "imdb lb rt mc rta"),
        drawn("logo", "midnight-tram", "imdb lb rt mc rta", style="v"),
    ]
    save(row(wide, 420), "backdrop-and-logo.jpg")


if __name__ == "__main__":
    main()
