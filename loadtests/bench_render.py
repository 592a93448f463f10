"""The renderer against Pillow on the same jobs, in the same run: milliseconds per render, renders per second per core.

Both decode the same art, scale it to the same size, lay five badges on it and encode it at quality 85 with half-resolution
colour (logos: PNG). Pillow gets its badges ready-made; the renderer's are remembered after the first picture, as in the
service. Next to it what preparing a picture costs, and laying badges on a prepared one. One thread's processor
time; all take turns, so that a busy machine disturbs all; medians.

    python loadtests/bench_render.py [--seconds 2] [--json]
"""

import argparse
import io
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from PIL import Image, ImageOps, features

from openposterdb_render import RENDERER_EPOCH, RenderSettings, layout, prepare, render

ART = Path(__file__).parent.parent / "tests" / "fixtures" / "art"
BADGES = [("imdb", "8.2"), ("tmdb", "72%"), ("rt", "94%"), ("mc", "71"), ("mal", "8.70")]
JOBS = [
    ("poster", "medium", "poster_orbital_780x1155_420.jpg"),
    ("poster", "medium", "poster_whiskers_780x1155_420_progressive.jpg"),
    ("poster", "medium", "poster_macula_1000x1426_420.jpg"),
    ("poster", "large", "poster_liftoff_2000x2962_420_q85.jpg"),
    ("poster", "very-large", "poster_liftoff_2000x2962_420_q85.jpg"),
    ("backdrop", "small", "backdrop_whiskers_1920x1080_420.jpg"),
    ("backdrop", "medium", "backdrop_whiskers_1920x1080_420.jpg"),
    ("backdrop", "large", "backdrop_whiskers_1920x1080_420.jpg"),
    ("logo", "medium", "logo_orbital_800x310_rgba.png"),
    ("logo", "large", "logo_orbital_800x310_rgba.png"),
    ("logo", "very-large", "logo_orbital_800x310_rgba.png"),
]


@dataclass(frozen=True)
class Result:
    """Medians of one job, in milliseconds of one thread."""

    kind: str
    size: str
    art: str
    output: str
    kilobytes: float
    renderer_ms: float
    prepare_ms: float
    splice_ms: float
    prepared_kilobytes: float
    pillow_ms: float
    rounds: int

    @property
    def per_second(self) -> float:
        """Renders that one core does in a second."""
        return 1000 / self.renderer_ms


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


def pillow_job(kind: str, base: bytes, settings: RenderSettings) -> Callable[[], bytes]:
    """Pillow's job, with plain panels of the badges' sizes: what is on them would cost it nothing more."""
    picture, bare = opened(render(kind, base, BADGES, settings)), opened(render(kind, base, [], settings))
    canvas = bare.size if kind == "logo" else picture.size
    places = layout(kind, *canvas, BADGES, settings)
    plain = Image.new("RGBA", places[0][3:], (0, 0, 0, 200))
    badges = [(plain, x, y) for _, x, y, _, _ in places]
    return lambda: pillow(kind, base, picture.size, picture.height - bare.height, badges)


def measure(kind: str, size: str, name: str, seconds: float) -> Result:
    base, settings = (ART / name).read_bytes(), RenderSettings(size=size)

    def ours() -> bytes:
        return render(kind, base, BADGES, settings)

    prepared = prepare(kind, base, settings)
    jobs: tuple[Callable[[], object], ...] = (
        ours,
        lambda: prepare(kind, base, settings),
        lambda: prepared.render(BADGES, settings),
        pillow_job(kind, base, settings),
    )
    times: tuple[list[float], ...] = tuple([] for _ in jobs)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < 5:
        for job, taken in zip(jobs, times, strict=True):
            start = time.thread_time()
            job()
            taken.append((time.thread_time() - start) * 1000)
    result = ours()
    width, height = opened(result).size
    renderer_ms, prepare_ms, splice_ms, pillow_ms = (statistics.median(taken) for taken in times)
    return Result(
        kind=kind,
        size=size,
        art=name,
        output=f"{width}x{height}",
        kilobytes=len(result) / 1000,
        renderer_ms=renderer_ms,
        prepare_ms=prepare_ms,
        splice_ms=splice_ms,
        prepared_kilobytes=prepared.nbytes / 1000,
        pillow_ms=pillow_ms,
        rounds=len(times[0]),
    )


def processor() -> str:
    info = Path("/proc/cpuinfo")
    names = (
        [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        if info.exists()
        else []
    )
    return names[0] if names else platform.processor() or platform.machine()


def machine() -> dict[str, str]:
    return {
        "processor": processor(),
        "python": platform.python_version(),
        "openposterdb-render": f"{version('openposterdb-render')} (epoch {RENDERER_EPOCH})",
        "pillow": f"{version('pillow')} ({'libjpeg-turbo' if features.check_feature('libjpeg_turbo') else 'libjpeg'})",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each job is repeated")
    parser.add_argument("--json", action="store_true", help="print results for programs")
    arguments = parser.parse_args()
    results = [measure(*job, arguments.seconds) for job in JOBS]
    if arguments.json:
        json.dump({"machine": machine(), "results": [asdict(each) for each in results]}, sys.stdout, indent=2)
        print()
        return
    print("  ".join(f"{name} {value}" for name, value in machine().items()))
    print(
        f"{'job':<20} {'source':<46} {'output':<10} {'kB':>6} {'ms':>7} {'per s, core':>12} {'Pillow ms':>10} {'times':>6} "
        f"{'prepare':>8} {'kB':>6} {'splice':>7} {'times':>6}"
    )
    for each in results:
        job, ratio = f"{each.kind} {each.size}", each.pillow_ms / each.renderer_ms
        print(
            f"{job:<20} {each.art:<46} {each.output:<10} {each.kilobytes:>6.0f} {each.renderer_ms:>7.2f} "
            f"{each.per_second:>12.1f} {each.pillow_ms:>10.2f} {ratio:>6.1f} "
            f"{each.prepare_ms:>8.2f} {each.prepared_kilobytes:>6.0f} {each.splice_ms:>7.2f} "
            f"{each.renderer_ms / each.splice_ms:>6.1f}"
        )


if __name__ == "__main__":
    main()
