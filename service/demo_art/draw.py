"""Draw the demo's art: `python draw.py [slug ...]` writes into the package (see README.md)."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import posters
from canvas import Canvas
from PIL import Image

ART = Path(__file__).resolve().parents[1] / "src" / "openposterdb" / "demo" / "art"
FONTS = Path(__file__).resolve().parent / "node_modules" / "@fontsource"
PER_SHEET = 6
BROWSER_FRAME = 200  # the window is taller than what it shows


def rasterise(pictures: list[Canvas], chromium: str) -> list[Image.Image]:
    """Pictures of one size, in one run of the browser."""
    width, height = pictures[0].w, pictures[0].h
    styles = "".join(
        f'<link rel="stylesheet" href="{sheet.as_uri()}">'
        for sheet in sorted(FONTS.glob("*/[0-9]00*.css"))
        if not sheet.name.startswith("latin")
    )
    body = "".join(picture.svg() for picture in pictures)
    page = f"<!doctype html><meta charset=utf-8>{styles}<style>body{{margin:0}}svg{{display:block}}</style>{body}"
    with tempfile.TemporaryDirectory() as folder:
        source, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        source.write_text(page, encoding="utf-8")
        command = [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--hide-scrollbars",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={folder}/profile",
            "--allow-file-access-from-files",
            "--default-background-color=00000000",
            "--virtual-time-budget=4000",
            f"--window-size={width},{height * len(pictures) + BROWSER_FRAME}",
            f"--screenshot={shot}",
            source.as_uri(),
        ]
        subprocess.run(  # noqa: S603 - the command is the caller's own choice of a browser
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180
        )
        sheet = Image.open(shot)
        sheet.load()
    return [sheet.crop((0, i * height, width, (i + 1) * height)) for i in range(len(pictures))]


def write(jobs: list[tuple[Path, Canvas]], chromium: str, save: Callable[[Image.Image, Path], None]) -> None:
    """Draw and save in sheets."""
    for start in range(0, len(jobs), PER_SHEET):
        batch = jobs[start : start + PER_SHEET]
        for (path, _), image in zip(batch, rasterise([canvas for _, canvas in batch], chromium), strict=True):
            save(image, path)
            sys.stdout.write(f"{path.relative_to(ART)} {path.stat().st_size // 1024} KiB\n")
            sys.stdout.flush()


def save_jpeg(image: Image.Image, path: Path, most: int = 96 * 1024) -> None:
    """As good as fits into `most` bytes."""
    for quality in range(86, 48, -2):
        data = BytesIO()
        image.convert("RGB").save(data, "JPEG", quality=quality, optimize=True, progressive=False)
        if data.tell() <= most:
            break
    path.write_bytes(data.getvalue())


def save_logo(image: Image.Image, path: Path) -> None:
    """Cut to its content, 800 wide with a small margin, 256 colours with alpha."""
    box = image.getbbox()
    cut = image.crop(box)
    height = round(cut.height * 780 / cut.width)
    logo = Image.new("RGBA", (800, height + 20))
    logo.paste(cut.resize((780, height), Image.Resampling.LANCZOS), (10, 10))
    few = logo.quantize(160, method=Image.Quantize.FASTOCTREE).convert("RGBA")
    few.putalpha(few.getchannel("A").point(lambda alpha: 0 if alpha < 8 else 255 if alpha > 244 else alpha))
    few.save(path, optimize=True)


def main() -> None:
    """Draw everything, or the titles named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slugs", nargs="*")
    parser.add_argument("--chromium", default="chromium")
    parser.add_argument("--only", choices=("posters", "backdrops", "logos"))
    parser.add_argument("--main-only", action="store_true", help="no language variants")
    options = parser.parse_args()
    wanted = set(options.slugs)
    for name, jobs, save in (
        (
            "posters",
            posters.poster_jobs,
            lambda image, path: save_jpeg(image, path, (76 if path.name.count(".") == 1 else 55) * 1024),
        ),
        ("backdrops", posters.backdrop_jobs, lambda image, path: save_jpeg(image, path, 84 * 1024)),
        ("logos", posters.logo_jobs, save_logo),
    ):
        if options.only in {None, name}:
            made = [(ART / name / file, canvas) for slug, file, canvas in jobs() if not wanted or slug in wanted]
            if options.main_only:
                made = [(path, canvas) for path, canvas in made if path.name.count(".") == 1]
            write(made, options.chromium, save)


if __name__ == "__main__":
    main()
