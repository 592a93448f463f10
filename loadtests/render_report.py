"""The renderer's measurements as a page of the documentation."""

import os
import platform
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import pyvips
from PIL import features

from loadtests.bench_hits import processor
from openposterdb_render import CODEC, RENDERER_EPOCH

Job = dict[str, Any]


def machine() -> dict[str, str]:
    libvips = ".".join(str(pyvips.version(part)) for part in range(3))
    return {
        "Processor": f"{processor()}, {os.cpu_count()} cores",
        "Load average": ", ".join(f"{load:.1f}" for load in os.getloadavg()) + " (1, 5, 15 minutes)",
        "Python": platform.python_version(),
        "Renderer": f"{version('openposterdb-render')}, epoch {RENDERER_EPOCH}, decoding with {CODEC}",
        "Pillow": f"{version('pillow')} ({'libjpeg-turbo' if features.check_feature('libjpeg_turbo') else 'libjpeg'})",
        "libvips": f"{libvips}, by pyvips {version('pyvips')}, on one thread",
    }


def targets(jobs: list[Job]) -> Iterator[tuple[str, str, str, bool]]:
    """What is demanded: the work, at least or at most what, what was measured, whether it holds."""

    def row(what: str, wanted: str, found: float, holds: bool, unit: str = "x") -> tuple[str, str, str, bool]:
        return what, wanted, f"{found:.2f}{unit}", holds

    def job(kind: str, size: str) -> Job:
        return next(each for each in jobs if (each["kind"], each["size"]) == (kind, size))

    for kind, size, least in [
        ("poster", "medium", 5.0),
        ("poster", "large", 4.5),
        ("poster", "very-large", 2.0),
        ("backdrop", "medium", 1.3),
        ("backdrop", "large", 5.0),
        ("logo", "medium", 6.0),
    ]:
        each = job(kind, size)
        times = each["pillow_ms"] / each["cold_ms"]
        yield row(f"{kind} {size}, cold, against Pillow", f"≥ {least}x", times, times >= least)
        times = each["cold_ms"] / each["splice_ms"]
        yield row(f"{kind} {size}, from prepared art, against cold", "≥ 8x", times, times >= 8)
    extremes: list[tuple[str, str, float, Callable[[Job], float], str]] = [
        (
            "badges not cached, against cached; the worst",
            "≤ 1.3x",
            1.3,
            lambda each: each["uncached_ms"] / each["cold_ms"],
            "x",
        ),
        (
            "the port in Rust, against libjpeg-turbo; the worst",
            "≤ 1.6x",
            1.6,
            lambda each: each["port_ms"] / each["cold_ms"],
            "x",
        ),
        ("peak memory above idle; the worst", "≤ 40 MB", 40, lambda each: each["peak_megabytes"], " MB"),
    ]
    for what, wanted, most, of, unit in extremes:
        found = max(of(each) for each in jobs)
        yield row(what, wanted, found, found <= most, unit)
    times = job("poster", "medium")["two_threads"]
    yield row("poster medium, two threads, against one", "≥ 1.8x", times, times >= 1.8)


def markdown(jobs: list[Job]) -> str:
    lines = [
        "# Rendering",
        "",
        "Written by `make bench-render`. Medians of processor time of one thread, in milliseconds; all programs take turns at the same",
        "job in one run. Five badges, quality 85, half-resolution colour; logos are PNG. *Cold* is art to finished picture with badges that",
        "were drawn before, *spliced* the same from prepared art. SSIM is of brightness, badges included, against the art",
        "scaled in floating point. Memory is what a process of its own used at most, above idle.",
        "",
        "Art that already has the image's size (very large posters, medium backdrops) is taken over by its coefficients and not",
        "decoded, in half of the time that decoding and encoding take: that is what *cold* is there, and what its ratios are to.",
        "",
        *(f"- {name}: {value}" for name, value in machine().items()),
        "",
        "## Targets",
        "",
        "| work | wanted | measured | holds |",
        "|---|---|---|---|",
        *(
            f"| {what} | {wanted} | {found} | {'yes' if holds else '**no**'} |"
            for what, wanted, found, holds in targets(jobs)
        ),
        "",
        "## Time",
        "",
        "| job | art | output | cold | by the clock | port | badges not cached | prepare | spliced | Pillow | libvips | two threads |",
        "|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for each in jobs:
        numbers = ("cold_ms", "wall_ms", "port_ms", "uncached_ms", "prepare_ms", "splice_ms", "pillow_ms", "vips_ms")
        cells = " | ".join(f"{each[name]:.2f}" for name in numbers)
        name = f"{each['kind']} {each['size']} | {each['art']} | {each['output']}"
        lines.append(f"| {name} | {cells} | {each['two_threads']:.2f}x |")
    lines += [
        "",
        "## Size, memory and likeness",
        "",
        "| job | art | kB | prepared kB | peak MB above idle | SSIM | Pillow's |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for each in jobs:
        likeness = " | ".join("-" if each[name] is None else f"{each[name]:.4f}" for name in ("ssim", "pillow_ssim"))
        sizes = f"{each['kilobytes']:.0f} | {each['prepared_kilobytes']:.0f} | {each['peak_megabytes']:.1f}"
        lines.append(f"| {each['kind']} {each['size']} | {each['art']} | {sizes} | {likeness} |")
    return "\n".join(lines) + "\n"
