"""A thin layer over SVG: gradients, blurs, text, photographs, and the few shapes that nature is made of here."""

import base64
import math
import random
from dataclasses import dataclass
from io import BytesIO
from itertools import count, pairwise
from pathlib import Path

from PIL import Image

FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "art"
Point = tuple[float, float]
Stops = tuple[tuple[float, str], ...] | tuple[tuple[float, str, float], ...]

_ids = count()


@dataclass(frozen=True)
class Words:
    """What is written on a poster in one language."""

    lines: tuple[str, ...]
    tagline: str
    small: str = ""


class Canvas:
    """One picture in the making; `seed` decides every random choice."""

    def __init__(self, width: int, height: int, seed: str) -> None:
        self.w = width
        self.h = height
        self.random = random.Random(seed)  # noqa: S311 - no secret, the same picture each time
        self._defs: list[str] = []
        self._body: list[str] = []

    def svg(self) -> str:
        """The document."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.w}" height="{self.h}" '
            f'viewBox="0 0 {self.w} {self.h}"><defs>{"".join(self._defs)}</defs>{"".join(self._body)}</svg>'
        )

    def add(self, markup: str) -> None:
        """Put markup on top."""
        self._body.append(markup)

    def define(self, markup: str) -> str:
        """Keep a definition (`%s` in it becomes the id); returns the reference to it."""
        name = f"d{next(_ids)}"
        self._defs.append(markup % name)
        return f"url(#{name})"

    def linear(self, *stops: tuple, x1: float = 0, y1: float = 0, x2: float = 0, y2: float = 1) -> str:
        """A gradient over the bounding box, from top to bottom unless told."""
        return self.define(
            f'<linearGradient id="%s" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">{_stops(stops)}</linearGradient>'
        )

    def radial(self, *stops: tuple, cx: float = 0.5, cy: float = 0.5, r: float = 0.5) -> str:
        """A round gradient over the bounding box."""
        return self.define(f'<radialGradient id="%s" cx="{cx}" cy="{cy}" r="{r}">{_stops(stops)}</radialGradient>')

    def blur(self, deviation: float) -> str:
        """A filter that blurs."""
        return self.define(
            f'<filter id="%s" x="-60%%" y="-60%%" width="220%%" height="220%%"><feGaussianBlur stdDeviation="{deviation}"/></filter>'
        )

    def rough(self, scale: float = 6, frequency: float = 0.04, seed: int = 3) -> str:
        """A filter that makes edges hand-cut."""
        return self.define(
            f'<filter id="%s" x="-5%%" y="-5%%" width="110%%" height="110%%"><feTurbulence type="fractalNoise" baseFrequency="{frequency}" '
            f'numOctaves="2" seed="{seed}"/><feDisplacementMap in="SourceGraphic" scale="{scale}"/></filter>'
        )

    def clip(self, markup: str) -> str:
        """A clip path."""
        return self.define(f'<clipPath id="%s">{markup}</clipPath>')

    def fill(self, paint: str, opacity: float = 1) -> None:
        """Cover everything."""
        self.rect(0, 0, self.w, self.h, paint, opacity=opacity)

    def rect(self, x: float, y: float, w: float, h: float, fill: str, **more: object) -> None:
        """A rectangle."""
        self.add(f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}"{_attributes(more)}/>')

    def circle(self, x: float, y: float, r: float, fill: str = "none", **more: object) -> None:
        """A disc or, with a stroke, a ring."""
        self.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}"{_attributes(more)}/>')

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str = "none", **more: object) -> None:
        """An ellipse."""
        self.add(f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}"{_attributes(more)}/>')

    def path(self, d: str, fill: str = "none", **more: object) -> None:
        """A path."""
        self.add(f'<path d="{d}" fill="{fill}"{_attributes(more)}/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 2, **more: object) -> None:
        """A straight stroke."""
        self.path(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}", stroke=stroke, stroke_width=width, **more)

    def polygon(self, points: list[Point], fill: str, **more: object) -> None:
        """A closed polygon."""
        self.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z", fill, **more)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        font: str,
        fill: str,
        *,
        anchor: str = "middle",
        spacing: float = 0,
        **more: object,
    ) -> None:
        """One line; `y` is its baseline, `spacing` the extra distance of letters in pixels."""
        shift = spacing / 2 if anchor == "middle" else 0
        escaped = words.replace("&", "&amp;").replace("<", "&lt;")
        self.add(
            f"<text x='{x + shift:.1f}' y='{y:.1f}' font-family=\"'{font}'\" font-size='{size}' fill='{fill}' "
            f'text-anchor="{anchor}" letter-spacing="{spacing}"{_attributes(more)}>{escaped}</text>'
        )

    def photo(
        self,
        name: str,
        crop: tuple[int, int, int, int],
        x: float,
        y: float,
        w: float,
        h: float,
        *,
        rotate: int = 0,
        **more: object,
    ) -> None:
        """A part of one of the test pictures, stretched to the box."""
        image = Image.open(FIXTURES / name).convert("RGB").crop(crop)
        if rotate:
            image = image.rotate(rotate, expand=True)
        data = BytesIO()
        image.save(data, "JPEG", quality=92)
        url = "data:image/jpeg;base64," + base64.b64encode(data.getvalue()).decode()
        self.add(
            f'<image href="{url}" x="{x}" y="{y}" width="{w}" height="{h}" preserveAspectRatio="xMidYMid slice"{_attributes(more)}/>'
        )

    def grain(self, opacity: float = 0.22, frequency: float = 0.8) -> None:
        """Film grain over everything so far."""
        noise = self.define(
            f'<filter id="%s"><feTurbulence type="fractalNoise" baseFrequency="{frequency}" numOctaves="2" seed="7"/>'
            '<feColorMatrix type="saturate" values="0"/><feComponentTransfer><feFuncA type="discrete" tableValues="1"/></feComponentTransfer></filter>'
        )
        self.add(
            f'<rect width="{self.w}" height="{self.h}" filter="{noise}" opacity="{opacity}" style="mix-blend-mode:soft-light"/>'
        )

    def vignette(self, opacity: float = 0.5) -> None:
        """Darker corners."""
        self.fill(self.radial((0.55, "#000", 0), (1, "#000", opacity), r=0.78))

    def shade(self, start: float, colour: str = "#000", opacity: float = 0.8) -> None:
        """Calm from `start` (0 to 1 of the height) to the bottom: badges sit there."""
        top = self.h * start
        self.rect(0, top, self.w, self.h - top, self.linear((0, colour, 0), (1, colour, opacity)))

    def stars(self, number: int, below: float = 1, largest: float = 1.7, colour: str = "#fff") -> None:
        """A night sky down to `below` of the height."""
        for _ in range(number):
            x, y = self.random.uniform(0, self.w), self.random.uniform(0, self.h * below)
            r = largest * self.random.random() ** 3 + 0.35
            self.circle(x, y, r, colour, opacity=f"{self.random.uniform(0.25, 1):.2f}")

    def ridge(
        self, y: float, height: float, fill: str, *, steps: int = 9, roughness: float = 0.55, **more: object
    ) -> list[Point]:
        """A mountain ridge across the picture, filled down to the bottom; returns its crest."""
        heights = [self.random.uniform(-1, 1), self.random.uniform(-1, 1)]
        scale = 1.0
        for _ in range(steps):
            finer = [heights[0]]
            for left, right in pairwise(heights):
                finer += [(left + right) / 2 + self.random.uniform(-scale, scale), right]
            heights, scale = finer, scale * roughness
        crest = [(self.w * i / (len(heights) - 1), y - value * height) for i, value in enumerate(heights)]
        self.polygon(
            [(-2, self.h + 2), (-2, crest[0][1]), *crest, (self.w + 2, crest[-1][1]), (self.w + 2, self.h + 2)],
            fill,
            **more,
        )
        return crest

    def swell(self, y: float, height: float, length: float, fill: str, phase: float = 0, **more: object) -> None:
        """A wave or a dune: a smooth line across the picture, filled down to the bottom."""
        points = [
            (x, y + height * (math.sin(x / length + phase) + 0.35 * math.sin(2.3 * x / length + 1.7 * phase)))
            for x in range(-4, self.w + 9, 6)
        ]
        self.polygon([(-4, self.h + 4), *points, (self.w + 8, self.h + 4)], fill, **more)

    def fir(self, x: float, y: float, height: float, fill: str) -> None:
        """A fir tree standing at `x`, `y`."""
        points: list[Point] = [(x, y - height)]
        tiers = 6
        for i in range(1, tiers + 1):
            reach = height * 0.21 * i / tiers * self.random.uniform(0.85, 1.15)
            level = y - height + height * 0.92 * i / tiers
            points += [(x + reach, level), (x + reach * 0.5, level - height * 0.03)]
        mirrored = [(2 * x - px, py) for px, py in reversed(points[1:])]
        self.polygon([*points, (x + height * 0.02, y), (x - height * 0.02, y), *mirrored], fill)

    def skyline(
        self,
        y: float,
        fill: str,
        *,
        low: float,
        high: float,
        wide: tuple[int, int],
        windows: str | None = None,
        lit: float = 0.3,
    ) -> None:
        """Houses from left to right with their feet at `y`; `lit` of the windows are."""
        x = -20.0
        while x < self.w + 20:
            width = self.random.randint(*wide)
            height = self.random.uniform(low, high)
            self.rect(x, y - height, width + 1, height + 4, fill)
            if self.random.random() < 0.25:
                self.rect(x + width * 0.4, y - height - 26, 3, 28, fill)
            if windows:
                self._windows(x, y - height, width, height, windows, lit)
            x += width

    def _windows(self, x: float, y: float, width: float, height: float, colour: str, lit: float) -> None:
        row = y + 14
        while row < y + height - 12:
            column = x + 9
            while column < x + width - 11:
                if self.random.random() < lit:
                    self.rect(column, row, 6, 9, colour, opacity=f"{self.random.uniform(0.45, 1):.2f}")
                column += 14
            row += 19


def _stops(stops: tuple) -> str:
    parts = []
    for stop in stops:
        offset, colour, *opacity = stop
        shown = f' stop-opacity="{opacity[0]}"' if opacity else ""
        parts.append(f'<stop offset="{offset}" stop-color="{colour}"{shown}/>')
    return "".join(parts)


def _attributes(more: dict[str, object]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
