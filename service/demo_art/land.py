"""Skies, mountains, seas and cities."""

import math

from canvas import Canvas, Words


def midnight_tram(c: Canvas, words: Words | None) -> None:
    """Noir: a headlamp in the rain."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#0b0f16"), (0.6, "#1d2530"), (1, "#05070a")))
    c.circle(w * 0.5, h * 0.44, w * 0.62, c.radial((0, "#f0b650", 0.75), (0.35, "#a86a22", 0.32), (1, "#a86a22", 0)))
    for layer, (colour, y) in enumerate((("#1a212b", 0.52), ("#121821", 0.56), ("#0a0e14", 0.6))):
        c.skyline(
            h * y,
            colour,
            low=h * (0.12 + 0.05 * layer),
            high=h * (0.32 - 0.05 * layer),
            wide=(46, 110),
            windows="#e8b45a",
            lit=0.06 + 0.03 * layer,
        )
    c.rect(0, h * 0.6, w, h * 0.4, c.linear((0, "#141a22"), (1, "#040507")))
    x, y = w * 0.5, h * 0.62
    s = h / 1170
    for side in (-1, 1):
        c.polygon(
            [(x + side * 34 * s, y), (x + side * 40 * s, y), (x + side * 250 * s, h), (x + side * 215 * s, h)],
            c.linear((0, "#e9b55a", 0.9), (1, "#e9b55a", 0.05)),
        )
    c.polygon(
        [(x - 20 * s, y - 40 * s), (x + 20 * s, y - 40 * s), (x + 420 * s, h), (x - 420 * s, h)],
        c.linear((0, "#ffdf9a", 0.55), (0.5, "#ffcf7a", 0.14), (1, "#ffcf7a", 0)),
        filter=c.blur(14 * s),
    )
    body = "#06080b"
    c.path(
        f"M{x - 105 * s} {y + 8 * s}V{y - 185 * s}Q{x - 105 * s} {y - 232 * s} {x - 60 * s} {y - 236 * s}H{x + 60 * s}Q{x + 105 * s} {y - 232 * s} {x + 105 * s} {y - 185 * s}V{y + 8 * s}Z",
        body,
    )
    for left in (-86, -24, 38):
        c.rect(x + left * s, y - 190 * s, 48 * s, 84 * s, c.linear((0, "#f7d48b"), (1, "#b9762a")), rx=5 * s)
    c.path(
        f"M{x - 36 * s} {y - 106 * s}v-38q14 -22 0 -30q-6 -22 14 -24q20 2 14 24q-14 8 0 30v38Z".replace(
            "v-38", f"v{-38 * s}"
        ).replace("v38", f"v{38 * s}"),
        "#1a1207",
        opacity=0,
    )
    c.circle(x - 2 * s, y - 126 * s, 13 * s, "#140d05")
    c.path(f"M{x - 24 * s} {y - 106 * s}q22 {-26 * s} {44 * s} 0Z", "#140d05")
    c.rect(x - 22 * s, y - 142 * s, 40 * s, 5 * s, "#140d05")
    c.rect(x - 13 * s, y - 156 * s, 22 * s, 16 * s, "#140d05")
    c.rect(x - 60 * s, y - 226 * s, 120 * s, 24 * s, "#d79a3e", rx=3)
    c.text(x, y - 207 * s, "13 DEPOT", 19 * s, "Oswald", "#130d05", spacing=3)
    c.circle(x, y - 62 * s, 70 * s, c.radial((0, "#fff3cf", 1), (0.25, "#ffd985", 0.8), (1, "#ffb84a", 0)))
    c.circle(x, y - 62 * s, 19 * s, "#fffbe9")
    c.line(x, y - 236 * s, x - 50 * s, y - 300 * s, body, 5 * s)
    c.line(0, y - 330 * s, w, y - 292 * s, "#05070a", 2)
    for _ in range(260):
        rx, ry = c.random.uniform(-40, w), c.random.uniform(0, h)
        length = c.random.uniform(14, 44)
        c.line(rx, ry, rx + length * 0.2, ry + length, "#cfd8e6", 1, opacity=f"{c.random.uniform(0.05, 0.28):.2f}")
    c.vignette(0.65)
    c.shade(0.78, "#030406", 0.75)
    c.grain(0.3)
    if words:
        for i, line in enumerate(words.lines):
            c.text(w / 2, 150 + i * 112, line, 112, "Limelight", "#f6e3b4", spacing=4)
        c.text(w / 2, 322, words.tagline.upper(), 21, "Josefin Sans", "#d9bd84", spacing=5)


def neon_orchard(c: Canvas, words: Words | None) -> None:
    """Synthwave, with fruit."""
    w, h = c.w, c.h
    horizon = h * 0.6
    c.fill(
        c.linear(
            (0, "#150534"), (0.32, "#4a1070"), (0.52, "#d42c86"), (0.6, "#ff8a5c"), (0.61, "#12042a"), (1, "#1d0740")
        )
    )
    c.stars(130, 0.34)
    r = min(w * 0.31, h * 0.3)
    sun = c.clip(
        "".join(
            f'<rect x="0" y="{horizon - r * 1.62 + i * r * 0.2:.0f}" width="{w}" height="{r * (0.2 - 0.0165 * i):.0f}"/>'
            for i in range(9)
        )
    )
    c.circle(w / 2, horizon - r * 0.62, r * 1.5, c.radial((0.4, "#ff5fa2", 0.5), (1, "#ff5fa2", 0)))
    c.add(f'<g clip-path="{sun}">')
    c.circle(w / 2, horizon - r * 0.62, r, c.linear((0, "#fff27a"), (0.5, "#ffb347"), (1, "#ff2e88")))
    c.add("</g>")
    c.rect(0, horizon, w, h - horizon, c.linear((0, "#2a0a55"), (1, "#0b0220")))
    grid = c.linear((0, "#ff4fd8", 0.95), (1, "#36e6ff", 0.5))
    for i in range(-16, 17):
        c.polygon(
            [
                (w / 2 + i * w * 0.032 - 0.6, horizon),
                (w / 2 + i * w * 0.032 + 0.6, horizon),
                (w / 2 + i * w * 0.22 + 2, h),
                (w / 2 + i * w * 0.22 - 2, h),
            ],
            grid,
        )
    for i in range(13):
        y = horizon + (h - horizon) * (i / 12) ** 2.1
        c.rect(0, y, w, 1 + 2 * i / 12, "#ff4fd8", opacity=0.8)
    c.rect(0, horizon - 3, w, 6, "#ffd1f2", filter=c.blur(4))
    for side in (-1, 1):
        for depth in (0, 1, 2):
            x = w / 2 + side * w * (0.47 - depth * 0.125)
            y = horizon + h * (0.12 - depth * 0.052)
            size = h * (0.36 - depth * 0.1)
            _neon_tree(c, x, y, size)
    c.grain(0.16)
    c.shade(0.82, "#0a0118", 0.75)
    if words:
        glow = c.blur(9)
        for i, line in enumerate(words.lines):
            y = 130 + i * 112
            size = 112 if len(line) < 7 else 98
            c.text(w / 2, y, line, size, "Monoton", "#ff3fb4", filter=glow)
            c.text(w / 2, y, line, size, "Monoton", "#ffe9fb")
        c.text(w / 2, 296, words.tagline.upper(), 20, "Space Grotesk", "#9df3ff", spacing=4)


def _neon_tree(c: Canvas, x: float, y: float, size: float) -> None:
    for colour, width, filtered in (("#36e6ff", 7, True), ("#bdf8ff", 2.4, False)):
        more = {"filter": c.blur(6)} if filtered else {}
        d = f"M{x} {y}V{y - size * 0.45}M{x} {y - size * 0.3}L{x - size * 0.13} {y - size * 0.5}M{x} {y - size * 0.38}L{x + size * 0.12} {y - size * 0.55}"
        c.path(d, stroke=colour, stroke_width=width, stroke_linecap="round", **more)
        c.circle(x, y - size * 0.66, size * 0.24, stroke=colour, stroke_width=width, **more)
        c.circle(x - size * 0.17, y - size * 0.56, size * 0.13, stroke=colour, stroke_width=width, **more)
        c.circle(x + size * 0.17, y - size * 0.58, size * 0.14, stroke=colour, stroke_width=width, **more)
    for dx, dy in ((-0.1, -0.7), (0.08, -0.62), (0.02, -0.8), (-0.2, -0.55), (0.19, -0.56)):
        c.circle(
            x + dx * size, y + dy * size, size * 0.05, c.radial((0, "#fff6b0"), (0.5, "#ff4f8b"), (1, "#ff2e88", 0.1))
        )


def seven_ridges(c: Canvas, words: Words | None) -> None:
    """Seven ridges into the evening, one lamp."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#f6d9b8"), (0.35, "#f1b79a"), (0.7, "#b7798c"), (1, "#3f3a5c")))
    c.circle(w * 0.66, h * 0.34, min(w, h) * 0.13, "#fff3dc", opacity=0.95)
    c.circle(w * 0.66, h * 0.34, min(w, h) * 0.4, c.radial((0.2, "#fff0d0", 0.55), (1, "#fff0d0", 0)))
    colours = ("#dca292", "#c58a8c", "#a37086", "#7f5a7d", "#5c486f", "#3c3559", "#231f3d")
    for i, colour in enumerate(colours):
        y = h * (0.43 + i * 0.078)
        c.ridge(y, h * (0.075 - i * 0.004), c.linear((0, colour), (0.35, _mix(colour, "#f0bfae", 0.28))), roughness=0.5)
    s = min(w, h) / 780
    x, y = w * 0.32, h * 0.845
    c.circle(x, y - 10 * s, 120 * s, c.radial((0, "#ffd27a", 0.75), (1, "#ffd27a", 0)))
    c.polygon(
        [
            (x - 26 * s, y + 20 * s),
            (x - 26 * s, y - 8 * s),
            (x, y - 34 * s),
            (x + 26 * s, y - 8 * s),
            (x + 26 * s, y + 20 * s),
        ],
        "#14112a",
    )
    c.rect(x - 7 * s, y - 6 * s, 14 * s, 14 * s, "#ffe6a6")
    for i in range(26):
        c.fir(
            w * i / 25 + c.random.uniform(-18, 18),
            h * 0.93 + c.random.uniform(-8, 30),
            c.random.uniform(60, 130) * s,
            "#110f22",
        )
    c.rect(0, h * 0.93, w, h * 0.07, "#110f22")
    c.grain(0.2)
    if words:
        size = 78 if max(map(len, words.lines)) > 12 else 86
        for i, line in enumerate(words.lines):
            c.text(60, 130 + i * (size + 4), line, size, "DM Serif Display", "#4a2f4b", anchor="start")
        c.text(
            64,
            130 + len(words.lines) * (size + 4) - 26,
            words.tagline,
            27,
            "Cormorant Garamond",
            "#6d4760",
            anchor="start",
            font_style="italic",
            font_weight=600,
        )


def cardamom(c: Canvas, words: Words | None) -> None:
    """A caravan along the crest of a dune."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#7c1f2b"), (0.3, "#d5502c"), (0.55, "#f7a63c"), (0.72, "#ffd98a")))
    c.circle(w * 0.5, h * 0.47, min(w, h) * 0.24, c.linear((0, "#fff2b8"), (1, "#ffc457")))
    c.circle(w * 0.5, h * 0.47, min(w, h) * 0.46, c.radial((0.5, "#ffe08a", 0.5), (1, "#ffe08a", 0)))
    c.swell(h * 0.6, h * 0.03, w * 0.21, c.linear((0, "#e58a3a"), (1, "#b9502a")), 1.2)
    s = min(w, h) / 780

    def crest(x: float) -> float:
        return h * 0.68 + h * 0.045 * (math.sin(x / (w * 0.27) + 0.4) + 0.35 * math.sin(2.3 * x / (w * 0.27) + 0.68))

    for i in range(7):
        x = w * 0.13 + i * w * 0.115
        _camel(c, x, crest(x) + 5 * s, 0.78 * s, "#2b0d16")
    c.swell(h * 0.68, h * 0.045, w * 0.27, c.linear((0, "#c4582b"), (0.6, "#7e2a25"), (1, "#4a151d")), 0.4)
    c.swell(h * 0.8, h * 0.05, w * 0.34, c.linear((0, "#8f3127"), (1, "#32101a")), 3.6)
    c.swell(h * 0.93, h * 0.03, w * 0.2, c.linear((0, "#4d1a20"), (1, "#1f0a12")), 5.0)
    c.grain(0.3)
    if words:
        for i, line in enumerate(words.lines):
            c.text(w / 2, 140 + i * 112, line, 116 if len(line) < 9 else 112, "Rozha One", "#ffe9b8", spacing=2)
        c.text(
            w / 2, 140 + len(words.lines) * 112 - 56, words.tagline.upper(), 22, "Josefin Sans", "#ffd591", spacing=6
        )


def _camel(c: Canvas, x: float, y: float, s: float, colour: str) -> None:
    c.add(
        f'<g transform="translate({x:.1f} {y:.1f}) scale({s:.3f})" fill="{colour}">'
        '<path d="M-34 -36q4 -14 14 -14q6 -22 16 -22q10 2 14 20q10 2 16 0q8 -6 10 -20l2 -12q2 -8 12 -7l10 4q3 3 0 6l-10 2l-4 22q-3 18 -16 22q-4 3 -6 8l2 41h-6l-6 -36l-24 0l-6 36h-6l1 -38q-5 -4 -9 -12z"/>'
        '<path d="M-8 -72l4 -22q2 -8 8 -8q7 1 7 9l0 22z"/><circle cx="4" cy="-106" r="7"/></g>'
    )


def keepers_piano(c: Canvas, words: Words | None) -> None:
    """A lighthouse on a sea of piano keys."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#08232c"), (0.5, "#0f4651"), (0.7, "#2f7a78")))
    c.stars(110, 0.5)
    s = min(w, h) / 780
    x, y = w * 0.68, h * 0.335
    beam = c.define(
        f'<linearGradient id="%s" gradientUnits="userSpaceOnUse" x1="{x}" y1="0" x2="{x - w * 0.85}" y2="0"><stop offset="0" stop-color="#fff3c4" stop-opacity=".9"/><stop offset="1" stop-color="#fff3c4" stop-opacity="0"/></linearGradient>'
    )
    c.polygon([(x, y - 10), (x, y + 10), (-40, y + h * 0.17), (-40, y - h * 0.1)], beam, filter=c.blur(5))
    c.polygon(
        [(x, y - 8), (x, y + 8), (w + 40, y + h * 0.06), (w + 40, y - h * 0.07)],
        "#fff3c4",
        opacity=0.3,
        filter=c.blur(6),
    )
    rock = h * 0.7
    c.polygon(
        [(x - 34 * s, y + 30 * s), (x + 34 * s, y + 30 * s), (x + 58 * s, rock + 20), (x - 58 * s, rock + 20)],
        c.linear((0, "#f5ede0"), (1, "#c9bfae"), x2=1, y2=0),
    )

    def half(level: float) -> float:
        return 34 * s + 24 * s * (level - y - 30 * s) / (rock - y)

    for top in (0.12, 0.47, 0.82):
        y1, y2 = y + 30 * s + (rock - y) * top * 0.9, y + 30 * s + (rock - y) * (top + 0.16) * 0.9
        c.polygon([(x - half(y1), y1), (x + half(y1), y1), (x + half(y2), y2), (x - half(y2), y2)], "#c8402f")
    c.rect(x - 44 * s, y + 20 * s, 88 * s, 12 * s, "#13252b")
    c.rect(x - 24 * s, y - 26 * s, 48 * s, 48 * s, "#ffe9a0")
    c.circle(x, y, 120 * s, c.radial((0, "#fff6d2", 0.95), (0.2, "#ffe9a0", 0.5), (1, "#ffe9a0", 0)))
    c.path(f"M{x - 32 * s} {y - 26 * s}Q{x} {y - 76 * s} {x + 32 * s} {y - 26 * s}Z", "#13252b")
    c.path(
        f"M{x - 150 * s} {rock + 40 * s}Q{x - 100 * s} {rock - 30 * s} {x - 40 * s} {rock - 8 * s}Q{x + 30 * s} {rock - 40 * s} {x + 150 * s} {rock + 50 * s}Z",
        "#0a1d22",
    )
    key = w / (14 if w < h else 21)
    crest = [h * 0.755 + math.sin(i * 0.62) * h * 0.022 + math.sin(i * 0.23 + 1) * h * 0.014 for i in range(-1, 23)]
    for i, top in enumerate(crest):
        x = (i - 1) * key
        c.rect(x + 1, top, key - 2, h, c.linear((0, "#ffffff"), (0.18, "#f2f6f1"), (0.75, "#5e9a98")), rx=7 * s)
        c.rect(x + key - 6 * s, top + 5, 5 * s, h, "#9fbfbb", opacity=0.7)
    for i, top in enumerate(crest):
        if i % 7 in {0, 1, 3, 4, 5}:
            x = i * key
            c.rect(
                x - key * 0.29,
                min(top, crest[min(i + 1, len(crest) - 1)]) - 8 * s,
                key * 0.58,
                h * 0.125,
                c.linear((0, "#2d4a52"), (0.12, "#0a1b20"), (1, "#030a0c")),
                rx=6 * s,
            )
    c.shade(0.88, "#062028", 0.7)
    c.grain(0.2)
    if words:
        for i, line in enumerate(words.lines):
            c.text(58, 124 + i * 88, line, 88, "Playfair Display", "#fdf6e3", anchor="start", font_weight=700)
        c.text(
            62,
            124 + len(words.lines) * 88 - 34,
            words.tagline,
            25,
            "Josefin Sans",
            "#bfe0d8",
            anchor="start",
            spacing=2,
        )


def salt_cathedral(c: Canvas, words: Words | None) -> None:
    """White towers mirrored in a pink lake."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#f9e9e6"), (0.55, "#f3c9c6"), (0.62, "#eaa8ae"), (0.63, "#e8a3ab"), (1, "#a8586c")))
    level = h * 0.62
    s = min(w, h) / 780
    c.circle(w * 0.5, h * 0.36, 150 * s, "#fffaf6")
    towers = (
        (0, 300, 62),
        (-78, 220, 44),
        (78, 220, 44),
        (-140, 140, 40),
        (140, 140, 40),
        (-196, 84, 36),
        (196, 84, 36),
    )
    for flip in (False, True):
        move = f"translate({w / 2:.0f} {level:.0f}) scale({s:.3f} {-s if flip else s:.3f})"
        c.add(f'<g transform="{move}" opacity="{0.34 if flip else 1}">')
        for x, height, width in sorted(towers, key=lambda tower: tower[1]):
            light, dark = "#ffffff", "#d9b3b7"
            c.polygon([(x - width / 2, 0), (x - width / 2, -height), (x, -height - width * 1.9), (x, 0)], light)
            c.polygon([(x, 0), (x, -height - width * 1.9), (x + width / 2, -height), (x + width / 2, 0)], dark)
            c.path(
                f"M{x - width * 0.18} 0v{-height * 0.5}q{width * 0.18} {-width * 0.4} {width * 0.36} 0v{height * 0.5}z",
                "#b97983",
                opacity=0.7,
            )
        c.add("</g>")
    for _ in range(46):
        y = level + (h - level) * c.random.random() ** 1.6
        length = c.random.uniform(40, 240) * s
        x = c.random.uniform(-50, w)
        c.rect(x, y, length, 1.6, "#fff4f0", opacity=f"{c.random.uniform(0.15, 0.6):.2f}")
    x, y = w * 0.5, level + 62 * s
    c.add(
        f'<g transform="translate({x} {y}) scale({s})" fill="#4d1f2e"><circle cx="0" cy="-44" r="6.5"/><path d="M-8 -36q8 -5 16 0l5 36h-26z"/><path d="M-8 2h16l4 30h-24z" opacity=".3"/></g>'
    )
    c.grain(0.16)
    if words:
        for i, line in enumerate(words.lines):
            c.text(w / 2, 120 + i * 70, line, 60, "Syne", "#6d2c3d", spacing=16, font_weight=700)
        c.text(w / 2, 120 + len(words.lines) * 70 - 24, words.tagline.upper(), 19, "Josefin Sans", "#8a4656", spacing=5)


def winter_twice(c: Canvas, words: Words | None) -> None:
    """A red coat between white firs."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#cfdbe3"), (0.5, "#e6edf1"), (1, "#f8fbfc")))
    s = min(w, h) / 780
    for layer, colour in enumerate(("#b9c8d2", "#93a7b5", "#64798a", "#384b5b")):
        n = 26 - layer * 4
        for i in range(n + 1):
            x = w * i / n + c.random.uniform(-24, 24)
            if layer > 1 and abs(x - w / 2) < (40 + 55 * layer) * s:
                continue
            c.fir(x, h * (0.62 + layer * 0.065), c.random.uniform(130, 210) * s * (1 + layer * 0.42), colour)
        c.swell(
            h * (0.62 + layer * 0.06), 5, w * 0.3, c.linear((0, "#e3ebef"), (1, "#fbfdfd")), layer * 1.3, opacity=0.85
        )
    x, y = w * 0.5, h * 0.795
    c.add(
        f'<g transform="translate({x} {y}) scale({s * 1.15})"><ellipse cx="30" cy="2" rx="46" ry="5" fill="#a9bac6" opacity=".6"/><path d="M-18 0q2 -52 10 -62q8 -7 16 0q8 10 10 62q-18 6 -36 0z" fill="#c4162a"/><path d="M-10 -60q-2 -22 10 -24q12 2 10 24q-10 8 -20 0z" fill="#a30f22"/><circle cx="0" cy="-68" r="6.5" fill="#f2d2bd"/></g>'
    )
    for i in range(9):
        c.ellipse(
            x + (7 if i % 2 else -7) * s, y + (16 + i * i * 3.2) * s, (4 + i * 0.5) * s, (2.2 + i * 0.3) * s, "#a4b5c1"
        )
    for _ in range(240):
        c.circle(
            c.random.uniform(0, w),
            c.random.uniform(0, h),
            c.random.uniform(0.8, 4.2) * s,
            "#fff",
            opacity=f"{c.random.uniform(0.4, 0.95):.2f}",
        )
    c.grain(0.12)
    if words:
        for i, line in enumerate(words.lines):
            c.text(w / 2, 120 + i * 82, line, 76, "Cormorant Garamond", "#1f2f3c", spacing=9, font_weight=600)
        c.text(w / 2, 120 + len(words.lines) * 82 - 30, words.tagline.upper(), 21, "Josefin Sans", "#b3152a", spacing=8)


def nordlys(c: Canvas, words: Words | None) -> None:
    """Aurora above a lit station."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#020a18"), (0.5, "#07243a"), (0.75, "#0f3d4d")))
    c.stars(240, 0.62)
    for n, (colour, y, blur) in enumerate(
        (("#2ff3a0", 0.36, 20), ("#59ffd0", 0.3, 9), ("#8f6bff", 0.2, 26), ("#3dffb0", 0.43, 12))
    ):
        points = [
            (x, h * y + math.sin(x / (w * 0.16) + n * 1.9) * h * 0.05 + x * (0.10 - 0.05 * n) * h / w)
            for x in range(-80, w + 90, 14)
        ]
        for x, py in points:
            reach = h * c.random.uniform(0.1, 0.26)
            c.rect(
                x,
                py - reach,
                15,
                reach,
                c.linear((0, colour, 0), (0.8, colour, 0.34), (1, colour, 0.02)),
                filter=c.blur(blur * 0.3),
            )
        c.path(
            "M" + "L".join(f"{x:.0f} {py:.0f}" for x, py in points),
            stroke=colour,
            stroke_width=10,
            opacity=0.28,
            filter=c.blur(blur),
        )
    c.ridge(h * 0.66, h * 0.09, c.linear((0, "#cfe9ee"), (0.3, "#3c6577"), (1, "#0d2a3a")), roughness=0.52)
    c.ridge(h * 0.73, h * 0.05, c.linear((0, "#5a8796"), (0.4, "#153a4b"), (1, "#081f2d")), roughness=0.5)
    c.swell(h * 0.8, h * 0.012, w * 0.3, c.linear((0, "#7fb3bd"), (0.3, "#2a5868"), (1, "#0a2431")), 0.5)
    s = min(w, h) / 780
    x, y = w * 0.62, h * 0.8
    c.circle(x, y - 10 * s, 190 * s, c.radial((0, "#ffb04a", 0.7), (1, "#ffb04a", 0)))
    c.add(
        f'<g transform="translate({x} {y}) scale({s})"><path d="M-92 14v-56h184v56z" fill="#8f2318"/><path d="M-106 -40l30 -42h152l30 42z" fill="#e9f4f6"/><path d="M-106 -40h212l-4 7h-204z" fill="#9fc0c8"/><rect x="-74" y="-28" width="30" height="26" fill="#ffe3a0"/><rect x="-15" y="-28" width="30" height="42" fill="#ffd27a"/><rect x="44" y="-28" width="30" height="26" fill="#ffe3a0"/><path d="M60 -82v-32h14v38z" fill="#5b1710"/><path d="M-140 14v-150M-154 -120h28M-150 -104h20" stroke="#0a1a24" stroke-width="4"/><circle cx="-140" cy="-140" r="5" fill="#ff4433"/></g>'
    )
    c.circle(x - 140 * s, y - 140 * s, 26 * s, c.radial((0, "#ff4433", 0.8), (1, "#ff4433", 0)))
    c.shade(0.86, "#04131d", 0.8)
    c.grain(0.14)
    if words:
        c.text(w / 2, 150, words.lines[0], 138, "Bebas Neue", "#f1fffb", spacing=30)
        c.text(w / 2, 206, words.lines[1], 42, "Josefin Sans", "#c8fbe8", spacing=26)


def copper_street(c: Canvas, words: Words | None) -> None:
    """Rooftops at the end of a shift."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#2a1a1a"), (0.28, "#7a3a22"), (0.52, "#d8793a"), (0.66, "#f2b26a")))
    c.circle(w * 0.3, h * 0.5, w * 0.19, "#ffd9a0", opacity=0.9)
    for i, (colour, y, low, high) in enumerate(
        (
            ("#c06a37", 0.72, 0.1, 0.26),
            ("#8a4526", 0.76, 0.1, 0.28),
            ("#54281b", 0.82, 0.08, 0.26),
            ("#2a1512", 0.92, 0.12, 0.27),
        )
    ):
        c.skyline(
            h * y,
            colour,
            low=h * low,
            high=h * high,
            wide=(54 + 12 * i, 120 + 26 * i),
            windows="#ffdf9b",
            lit=(0.1, 0.14, 0.2, 0.16)[i],
        )
        c.rect(0, h * y - 2, w, h, colour)
    x, y = w * 0.73, h * 0.6
    c.add(
        f'<g transform="translate({x} {y})" fill="#1b0d0c"><path d="M-66 0v-92h132v92z"/><path d="M-76 -92L0 -148l76 56z"/><path d="M-58 0l-14 112h8l16 -112zM58 0l14 112h-8l-16 -112zM-4 0v112h8V0z"/><path d="M-62 56h124v5h-124z"/></g>'
    )
    for dx in (-30, -8, 12, 36, 60):
        c.path(f"M{w * 0.2 + dx * 3} {h * 0.33 + dx}q9 -9 16 0q7 -9 16 0", stroke="#3a1c16", stroke_width=3)
    c.shade(0.8, "#120807", 0.9)
    c.grain(0.34)
    if words:
        c.text(w / 2, 178, words.lines[0], 172, "Anton", "#fbe3bf", spacing=6)
        c.text(w / 2, 268, words.lines[1], 78, "Anton", "#fbe3bf", spacing=44)
        c.text(w / 2, 322, words.tagline.upper(), 19, "Special Elite", "#f3c88f", spacing=1)


def wind_railway(c: Canvas, words: Words | None) -> None:
    """Anime summer: a train across a viaduct of clouds."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#1f7bd8"), (0.5, "#6cc4f5"), (0.8, "#d5f3ff")))
    s = min(w, h) / 780
    _cumulus(c, w * 0.84, h * 0.43, 1.25 * s)
    _cumulus(c, w * 0.12, h * 0.5, 1.15 * s)
    _cumulus(c, w * 0.56, h * 0.575, 0.9 * s)
    c.ridge(h * 0.72, h * 0.03, "#7fb9c9", roughness=0.45)
    c.swell(h * 0.76, h * 0.016, w * 0.2, "#5aa583", 0.4)
    deck = h * 0.66
    c.rect(0, deck, w, 20 * s, "#f3efe6")
    c.rect(0, deck + 20 * s, w, 8 * s, "#b9b2a4")
    span = 150 * s
    for i in range(-1, math.ceil(w / span) + 1):
        x = i * span + 30 * s
        c.path(
            f"M{x} {deck + 28 * s}H{x + span}V{h}H{x + span - 18 * s}V{deck + 110 * s}A{(span - 36 * s) / 2} {(span - 36 * s) / 2} 0 0 0 {x + 18 * s} {deck + 110 * s}V{h}H{x}Z",
            "#e4ddcf",
        )
        c.path(f"M{x + span - 18 * s} {h}V{deck + 110 * s}h{9 * s}V{h}Z", "#c6bdac")
    car = 250 * s
    for i in range(4):
        x = w * 0.1 + i * (car + 8 * s)
        nose = 46 * s if i == 0 else 10 * s
        c.path(
            f"M{x + nose} {deck - 96 * s}H{x + car - 6 * s}q{6 * s} 0 {6 * s} {6 * s}V{deck - 8 * s}H{x}q0 {-50 * s} {nose} {-88 * s}Z",
            "#fdfdfb",
        )
        c.path(f"M{x + 2 * s} {deck - 38 * s}H{x + car}V{deck - 24 * s}H{x}Z", "#e8413b")
        for k in range(5):
            c.rect(
                x + (56 + k * 39) * s, deck - 80 * s, 28 * s, 28 * s, c.linear((0, "#2f6fa8"), (1, "#9bdcf7")), rx=4 * s
            )
        c.rect(x + 12 * s, deck - 8 * s, car - 24 * s, 8 * s, "#454b55")
    c.swell(h * 0.86, h * 0.014, w * 0.17, "#3d8f6a", 2.0)
    c.swell(h * 0.91, h * 0.014, w * 0.14, "#2b7557", 4.0)
    for _ in range(34):
        x, y = c.random.uniform(0, w), h * c.random.uniform(0.88, 0.99)
        c.circle(x, y, c.random.uniform(3, 8) * s, c.random.choice(("#ffd84d", "#fff", "#ff9db5")))
    for _ in range(9):
        x, y = c.random.uniform(0, w), h * c.random.uniform(0.16, 0.6)
        c.path(
            f"M{x} {y}q{60 * s} {-18 * s} {130 * s} 0t{110 * s} {-4 * s}",
            stroke="#fff",
            stroke_width=3 * s,
            opacity=0.5,
            stroke_linecap="round",
        )
    if words:
        if words.small:
            c.text(
                w / 2,
                176,
                words.lines[0],
                150,
                "Dela Gothic One",
                "#fff",
                stroke="#1b5fae",
                stroke_width=16,
                paint_order="stroke",
                stroke_linejoin="round",
            )
            c.text(w / 2, 232, words.small.upper(), 28, "Jost", "#fff", spacing=9, font_weight=600)
        else:
            for i, line in enumerate(words.lines):
                c.text(
                    w / 2,
                    140 + i * 96,
                    line,
                    98,
                    "Righteous",
                    "#fff",
                    stroke="#1b5fae",
                    stroke_width=14,
                    paint_order="stroke",
                    stroke_linejoin="round",
                )


def _cumulus(c: Canvas, x: float, y: float, s: float) -> None:
    puffs = ((-190, 40, 46), (-130, 4, 66), (-62, -52, 84), (22, -92, 92), (96, -34, 78), (166, 16, 58), (214, 50, 36))
    for colour, dx, dy, scale in (("#a9d8f2", 6, 20, 1.0), ("#d9f0fb", 3, 9, 0.99), ("#ffffff", -4, -4, 0.93)):
        for px, py, r in puffs:
            c.circle(x + (px + dx) * s, y + (py + dy) * s, r * s * scale, colour)
        c.rect(x - 190 * s, y + (20 + dy) * s, 400 * s, 62 * s, colour, rx=30 * s)


def quiet_signal(c: Canvas, words: Words | None) -> None:
    """A dish, and rings of something coming back."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#0a0d1c"), (0.55, "#1c2447"), (0.78, "#5b4a78"), (0.86, "#d98c74")))
    c.stars(210, 0.66)
    s = min(w, h) / 780
    x, y = w * 0.62, h * 0.34
    for i in range(11):
        c.circle(
            x,
            y,
            (34 + i * i * 4.6 + i * 18) * s,
            stroke="#f6d7c3",
            stroke_width=2.4 * s,
            opacity=f"{0.9 - i * 0.08:.2f}",
            stroke_dasharray="none" if i % 3 else f"{4 * s} {9 * s}",
        )
    c.circle(x, y, 90 * s, c.radial((0, "#fff1e0"), (0.22, "#ffd9b8", 0.8), (1, "#ffd9b8", 0)))
    c.circle(x, y, 9 * s, "#fff")
    c.ridge(h * 0.83, h * 0.035, "#171a33", roughness=0.5)
    dx, dy = w * 0.33, h * 0.74
    c.add(
        f'<g transform="translate({dx} {dy}) scale({s * 1.2})" fill="#090b18"><path d="M-14 0l-44 150h116l-44 -150z"/><g transform="rotate(28)"><path d="M-150 -20Q0 70 150 -20Q120 70 0 78Q-120 70 -150 -20z"/><path d="M-150 -20Q0 70 150 -20Q0 26 -150 -20z" fill="#39406e"/><path d="M-96 8L0 -110L96 8" fill="none" stroke="#090b18" stroke-width="5"/><rect x="-9" y="-128" width="18" height="26"/></g></g>'
    )
    c.rect(0, h * 0.87, w, h * 0.13, "#0b0d1d")
    c.circle(dx + 76 * s, dy - 148 * s, 4 * s, "#ff5a4a")
    c.shade(0.8, "#070814", 0.8)
    c.grain(0.2)
    if words:
        for i, line in enumerate(words.lines):
            c.text(56, 128 + i * 84, line, 84, "Space Grotesk", "#fdeee4", anchor="start", spacing=4, font_weight=300)


def moss(c: Canvas, words: Words | None) -> None:
    """Ferns, close up."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#dfe9c0"), (0.4, "#7fa65a"), (1, "#0f2a17")))
    c.circle(
        w * 0.56, h * 0.3, min(w, h) * 0.62, c.radial((0, "#fffbdc", 0.95), (0.4, "#f1f5c0", 0.5), (1, "#f1f5c0", 0))
    )
    s = min(w, h) / 780
    for _ in range(26):
        r = c.random.uniform(10, 52) * s
        c.circle(
            c.random.uniform(0, w),
            c.random.uniform(0, h * 0.6),
            r,
            "#fffde0",
            opacity=f"{c.random.uniform(0.08, 0.28):.2f}",
        )
    for layer, (colour, blur, number) in enumerate(
        (("#6f9a4c", 7, 9), ("#3f7436", 2.5, 9), ("#1c4f28", 0, 9), ("#0b2e1a", 0, 8))
    ):
        soft = {"filter": c.blur(blur)} if blur else {}
        c.add(f'<g filter="{soft["filter"]}">' if soft else "<g>")
        for i in range(number):
            x = w * (i + c.random.uniform(0, 0.8)) / number
            _fern(
                c,
                x,
                h * (0.86 + layer * 0.07),
                h * c.random.uniform(0.28, 0.44) * (1 - layer * 0.13),
                c.random.uniform(-0.7, 0.7),
                colour,
            )
        c.add("</g>")
    c.shade(0.76, "#04130a", 0.85)
    c.grain(0.2)
    if words:
        c.text(w / 2, 196, words.lines[0], 148, "Syne", "#173a1f", font_weight=800, spacing=-4)
        c.text(w / 2, 256, words.tagline.upper(), 23, "Jost", "#24502b", spacing=8, font_weight=500)


def _fern(c: Canvas, x: float, y: float, length: float, lean: float, colour: str) -> None:
    d, angle, n = [], -math.pi / 2 + lean * 0.3, 24
    step = length / n
    for i in range(n):
        angle += lean * 0.055
        nx, ny = x + math.cos(angle) * step, y + math.sin(angle) * step
        reach = length * 0.27 * math.sin(math.pi * (0.12 + 0.88 * (1 - i / n))) * (1 - i / n) ** 0.35
        for side in (-1, 1):
            tilt = angle + side * 1.12
            tip = (nx + math.cos(tilt) * reach, ny + math.sin(tilt) * reach)
            bend = (nx + math.cos(tilt - side * 0.35) * reach * 0.6, ny + math.sin(tilt - side * 0.35) * reach * 0.6)
            back = (nx + math.cos(tilt + side * 0.3) * reach * 0.5, ny + math.sin(tilt + side * 0.3) * reach * 0.5)
            d.append(
                f"M{x:.0f} {y:.0f}Q{bend[0]:.0f} {bend[1]:.0f} {tip[0]:.0f} {tip[1]:.0f}Q{back[0]:.0f} {back[1]:.0f} {nx:.0f} {ny:.0f}Z"
            )
        x, y = nx, ny
    c.path("".join(d), colour)


def _mix(a: str, b: str, share: float) -> str:
    pairs = zip(bytes.fromhex(a[1:]), bytes.fromhex(b[1:]), strict=True)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pairs)
