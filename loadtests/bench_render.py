"""The renderer against Pillow and libvips on the same jobs, in the same run; writes docs/benchmarks/rendering.md.

All decode the same art, scale it to the same size, lay five badges on it and encode it at quality 85 with half-resolution
colour (logos: PNG). The rivals get their badges ready-made; the renderer's are remembered after the first picture, as in
the service. One thread's processor time; all take turns, so that a busy machine disturbs all; medians.

    python -m loadtests.bench_render [--seconds 2] [--json] [--write]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from loadtests import render_report
from loadtests.render_quality import reference, similarity
from loadtests.render_rivals import BADGES, opened, rivals
from openposterdb_render import RenderSettings, prepare, render, set_limits, use_port

ART = Path(__file__).parent.parent / "tests" / "fixtures" / "art"
REPORT = Path(__file__).parent.parent / "docs" / "benchmarks" / "rendering.md"
SPRITE_BYTES = 32 << 20
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
    """Medians of one job, in milliseconds of one thread's processor time."""

    kind: str
    size: str
    art: str
    output: str
    kilobytes: float
    cold_ms: float
    port_ms: float
    uncached_ms: float
    prepare_ms: float
    splice_ms: float
    prepared_kilobytes: float
    pillow_ms: float
    vips_ms: float
    wall_ms: float
    two_threads: float
    peak_megabytes: float
    ssim: float | None
    pillow_ssim: float | None
    rounds: int


def taken(job: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of processor and of the clock."""
    wall, start = time.perf_counter(), time.thread_time()
    job()
    return (time.thread_time() - start) * 1000, (time.perf_counter() - wall) * 1000


def process_time(job: Callable[[], object]) -> float:
    """Milliseconds of all threads: libvips works on threads of its own."""
    start = time.process_time()
    job()
    return (time.process_time() - start) * 1000


def without_sprites(job: Callable[[], object]) -> float:
    set_limits(sprite_cache_bytes=0)
    try:
        return taken(job)[0]
    finally:
        set_limits(sprite_cache_bytes=SPRITE_BYTES)


def with_port(job: Callable[[], object]) -> float:
    use_port(True)
    try:
        return taken(job)[0]
    finally:
        use_port(False)


def two_threads(job: Callable[[], object], seconds: float) -> float:
    """How many times one thread's renders two threads do: the best of five turns, which others disturbed least."""

    def rate(threads: int) -> float:
        count = [0] * threads
        end = time.perf_counter() + seconds / 10

        def work(index: int) -> None:
            while time.perf_counter() < end:
                job()
                count[index] += 1

        start = time.perf_counter()
        workers = [threading.Thread(target=work, args=(index,)) for index in range(threads)]
        [worker.start() for worker in workers]
        [worker.join() for worker in workers]
        return sum(count) / (time.perf_counter() - start)

    rates = [(rate(1), rate(2)) for _ in range(5)]
    return max(two for _, two in rates) / max(one for one, _ in rates)


def peak_megabytes(kind: str, size: str, name: str) -> float:
    """Megabytes above idle of a process that renders one picture, three times."""
    command = [sys.executable, "-m", "loadtests.bench_render", "--peak", kind, size, name]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peak_kilobytes() -> int:
    """Of this program alone: what getrusage tells begins with the memory of the process that started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def print_peak(kind: str, size: str, name: str) -> None:
    base, settings = (ART / name).read_bytes(), RenderSettings(size=size)
    render("poster", (ART / "tiny_1x1.jpg").read_bytes(), BADGES, RenderSettings(size="medium"))
    idle = peak_kilobytes()
    for _ in range(3):
        render(kind, base, BADGES, settings)
    print((peak_kilobytes() - idle) / 1024)


def measure(kind: str, size: str, name: str, seconds: float) -> Result:
    base, settings = (ART / name).read_bytes(), RenderSettings(size=size)

    def ours() -> bytes:
        return render(kind, base, BADGES, settings)

    prepared, others = prepare(kind, base, settings), rivals(kind, base, settings)
    jobs: dict[str, Callable[[], float]] = {
        "cold": lambda: taken(ours)[0],
        "wall": lambda: taken(ours)[1],
        "port": lambda: with_port(ours),
        "uncached": lambda: without_sprites(ours),
        "prepare": lambda: taken(lambda: prepare(kind, base, settings))[0],
        "pillow": lambda: taken(others.pillow)[0],
        "vips": lambda: process_time(others.vips),
        "first": lambda: taken(ours)[0],  # badges are remembered again
        "splice": lambda: taken(lambda: prepared.render(BADGES, settings))[0],
    }
    times: dict[str, list[float]] = {what: [] for what in jobs}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times["cold"]) < 5:
        for what, job in jobs.items():
            times[what].append(job())
    median = {what: statistics.median(each) for what, each in times.items()}
    result = ours()
    width, height = opened(result).size
    wanted = None if kind == "logo" else reference(base, (width, height))
    return Result(
        kind=kind,
        size=size,
        art=name,
        output=f"{width}x{height}",
        kilobytes=len(result) / 1000,
        cold_ms=median["cold"],
        port_ms=median["port"],
        uncached_ms=median["uncached"],
        prepare_ms=median["prepare"],
        splice_ms=median["splice"],
        prepared_kilobytes=prepared.nbytes / 1000,
        pillow_ms=median["pillow"],
        vips_ms=median["vips"],
        wall_ms=median["wall"],
        two_threads=two_threads(ours, seconds) if (os.cpu_count() or 1) > 1 else 0.0,
        peak_megabytes=peak_megabytes(kind, size, name),
        ssim=None if wanted is None else similarity(result, wanted),
        pillow_ssim=None if wanted is None else similarity(others.pillow(), wanted),
        rounds=len(times["cold"]),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each job is repeated")
    parser.add_argument("--json", action="store_true", help="print results for programs")
    parser.add_argument("--write", action="store_true", help="write the report, too")
    parser.add_argument("--peak", nargs=3, metavar=("KIND", "SIZE", "ART"), help="print one job's memory and end")
    arguments = parser.parse_args()
    if arguments.peak:
        print_peak(*arguments.peak)
        return
    results = [measure(*job, arguments.seconds) for job in JOBS]
    if arguments.json:
        json.dump(
            {"machine": render_report.machine(), "results": [asdict(each) for each in results]}, sys.stdout, indent=2
        )
        print()
        return
    report = render_report.markdown([asdict(each) for each in results])
    print(report)
    if arguments.write:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(report)


if __name__ == "__main__":
    main()
