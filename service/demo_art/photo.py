"""Posters made from photographs (see the list of sources in README.md)."""

from canvas import Canvas, Words

LIFTOFF = "poster_liftoff_2000x2962_420_q85.jpg"
CAT = "backdrop_whiskers_1920x1080_420.jpg"
RETINA = "poster_macula_1000x1426_420.jpg"


def countdown(c: Canvas, words: Words | None) -> None:
    """A rocket that stayed, in the colours of an old slide."""
    w, h = c.w, c.h
    c.fill("#101a33")
    if w < h:
        c.photo(LIFTOFF, (420, 700, 1560, 2040), 0, h * 0.235, w, h * 0.785)
        c.rect(0, h * 0.2, w, h * 0.3, c.linear((0, "#101a33"), (0.3, "#101a33", 0.9), (1, "#101a33", 0)))
    else:
        c.photo(LIFTOFF, (60, 880, 1980, 1960), 0, 0, w, h)
    c.add(f'<rect width="{w}" height="{h}" fill="#ff9d3c" opacity=".28" style="mix-blend-mode:overlay"/>')
    c.add(
        f'<rect width="{w}" height="{h}" fill="{c.linear((0, "#00e0c6", 0.25), (1, "#ff3d1f", 0.5))}" style="mix-blend-mode:soft-light"/>'
    )
    c.shade(0.74, "#070b16", 0.96)
    c.vignette(0.5)
    if words:
        c.rect(52, 70, 88, 10, "#ff6a3d")
        for i, line in enumerate(words.lines):
            c.text(50, 174 + i * 100, line, 112, "Bebas Neue", "#f7ead2", anchor="start", spacing=3)
        c.text(52, 174 + len(words.lines) * 100 - 52, words.tagline, 24, "Special Elite", "#ffc99a", anchor="start")


def whiskers(c: Canvas, words: Words | None) -> None:
    """Two eyes through a letter box."""
    w, h = c.w, c.h
    if w > h:
        c.photo(CAT, (330, 40, 1530, 715), 0, 0, w, h)
        c.vignette(0.5)
        c.shade(0.72, "#140a06", 0.75)
        return
    c.fill("#f3efe7")
    c.photo(CAT, (540, 60, 1520, 650), 0, h * 0.33, w, h * 0.4)
    c.rect(0, h * 0.33, w, 7, "#17130f")
    c.rect(0, h * 0.73 - 7, w, 7, "#17130f")
    c.path(
        f"M{w * 0.3} {h * 0.335}L{w * 0.2} {h * 0.262}L{w * 0.41} {h * 0.335}ZM{w * 0.6} {h * 0.335}L{w * 0.81} {h * 0.262}L{w * 0.71} {h * 0.335}Z",
        "#17130f",
    )
    c.rect(0, h * 0.86, w, h * 0.14, "#17130f")
    for i in range(3):
        c.path(
            f"M{w * 0.5 + 60} {h * 0.775 + i * 16}Q{w * 0.72} {h * 0.76 + i * 20} {w * 0.9} {h * 0.748 + i * 34}M{w * 0.5 - 60} {h * 0.775 + i * 16}Q{w * 0.28} {h * 0.76 + i * 20} {w * 0.1} {h * 0.748 + i * 34}",
            stroke="#17130f",
            stroke_width=3.5,
            stroke_linecap="round",
        )
    c.path(f"M{w * 0.5 - 22} {h * 0.772}q22 -14 44 0q-6 22 -22 26q-16 -4 -22 -26z", "#d7816f")
    c.grain(0.16)
    if words:
        c.text(w / 2, 176, words.lines[0], 144, "DM Serif Display", "#17130f", spacing=-2)
        c.text(w / 2, 236, words.lines[1].upper(), 31, "Josefin Sans", "#17130f", spacing=19)


def macula(c: Canvas, words: Words | None) -> None:
    """An eye that fills the night."""
    w, h = c.w, c.h
    c.fill("#080305")
    cx, cy, r = w * 0.5, h * 0.53, w * 0.44
    c.circle(cx, cy, r * 1.5, c.radial((0.5, "#ff2a1c", 0.5), (1, "#ff2a1c", 0)))
    iris = c.clip(f'<circle cx="{cx}" cy="{cy}" r="{r}"/>')
    c.add(f'<g clip-path="{iris}">')
    c.photo(RETINA, (140, 270, 880, 1010), cx - r, cy - r, 2 * r, 2 * r)
    c.add(f'<circle cx="{cx}" cy="{cy}" r="{r}" fill="#ff1500" opacity=".45" style="mix-blend-mode:multiply"/>')
    c.circle(cx, cy, r, c.radial((0.3, "#000", 0), (0.8, "#000", 0.35), (1, "#000", 0.95)))
    c.add("</g>")
    c.circle(cx, cy, r * 0.36, c.radial((0, "#000"), (0.8, "#000"), (1, "#000", 0)))
    c.ellipse(cx - r * 0.16, cy - r * 0.17, r * 0.07, r * 0.05, "#ffd9d0", opacity=0.9, filter=c.blur(3))
    c.shade(0.74, "#040102", 0.95)
    c.grain(0.3)
    if words:
        c.text(w / 2, 148, words.lines[0], 104, "Cormorant Garamond", "#ffd9cf", spacing=46, font_weight=500)
        c.text(w / 2, 204, words.tagline.upper(), 19, "Josefin Sans", "#e0705c", spacing=9)


def deep_field(c: Canvas, words: Words | None) -> None:
    """Ten thousand galaxies behind one door."""
    w, h = c.w, c.h
    c.fill("#01030a")
    if w < h:
        c.photo(
            LIFTOFF,
            (0, 0, 2000, 860),
            0,
            0,
            w,
            h,
            rotate=90,
            style="filter:contrast(1.7) brightness(.72) saturate(1.25)",
        )
    else:
        c.photo(LIFTOFF, (0, 0, 1530, 860), 0, 0, w, h, style="filter:contrast(1.7) brightness(.72) saturate(1.25)")
    c.fill(c.radial((0, "#02040c", 0), (0.6, "#02040c", 0.25), (1, "#02040c", 0.92), r=0.72))
    s = min(w, h) / 780
    cx, cy = w * 0.5, h * 0.56
    c.circle(cx, cy, 250 * s, "#000", opacity=0.96)
    c.circle(cx, cy, 252 * s, stroke="#cfe4ff", stroke_width=3 * s)
    c.circle(cx, cy, 254 * s, stroke="#8fc0ff", stroke_width=15 * s, opacity=0.65, filter=c.blur(12 * s))
    c.add(
        f'<g transform="translate({cx} {cy + 84 * s}) scale({s * 0.95})" fill="#e9f1ff"><circle cx="0" cy="-88" r="24"/><path d="M-11 -94h22q6 10 0 20h-22q-6 -10 0 -20z" fill="#000"/><path d="M-22 -64h44l8 62h-13l-2 48h-13l-2 -38l-2 38h-13l-2 -48h-13z"/><path d="M-22 -62l-22 50l10 4l18 -36zM22 -62l22 50l-10 4l-18 -36z"/></g>'
    )
    c.path(
        f"M{cx} {cy + 126 * s}C{cx - 40 * s} {cy + 190 * s} {cx + 60 * s} {cy + 230 * s} {cx + 10 * s} {cy + 330 * s}",
        stroke="#e9f1ff",
        stroke_width=2.4 * s,
        opacity=0.8,
    )
    c.shade(0.8, "#000", 0.9)
    if words:
        c.text(w / 2, 176, words.lines[0], 76, "Jost", "#f2f7ff", spacing=28, font_weight=300)
        c.text(w / 2, 230, words.tagline.upper(), 19, "Jost", "#a9c9f5", spacing=7)


def long_quiet(c: Canvas, words: Words | None) -> None:
    """An astronaut's visor, and what is mirrored in it."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#d9d4c7"), (0.6, "#b8a890"), (1, "#3b2f2a")))
    s = min(w, h) / 780
    cx, cy = w * 0.5, h * 0.6
    c.circle(cx, cy - 30 * s, 420 * s, c.radial((0, "#fffaf0", 0.9), (1, "#fffaf0", 0)))
    c.path(
        f"M{cx - 420 * s} {h}Q{cx - 400 * s} {cy + 270 * s} {cx - 190 * s} {cy + 215 * s}H{cx + 190 * s}Q{cx + 400 * s} {cy + 270 * s} {cx + 420 * s} {h}Z",
        c.linear((0, "#f2eee6"), (1, "#8e8478")),
    )
    c.path(
        f"M{cx - 210 * s} {cy + 240 * s}Q{cx} {cy + 310 * s} {cx + 210 * s} {cy + 240 * s}L{cx + 190 * s} {cy + 176 * s}H{cx - 190 * s}Z",
        c.linear((0, "#d8502e"), (1, "#9a3119")),
    )
    c.circle(cx, cy, 250 * s, c.radial((0.55, "#fbf9f4"), (1, "#b6ad9f"), cx=0.4, cy=0.32, r=0.8))
    visor = c.clip(
        f'<path d="M{cx - 200 * s} {cy - 20 * s}Q{cx - 200 * s} {cy - 176 * s} {cx} {cy - 180 * s}Q{cx + 200 * s} {cy - 176 * s} {cx + 200 * s} {cy - 20 * s}Q{cx + 196 * s} {cy + 150 * s} {cx} {cy + 156 * s}Q{cx - 196 * s} {cy + 150 * s} {cx - 200 * s} {cy - 20 * s}Z"/>'
    )
    c.add(f'<g clip-path="{visor}">')
    c.rect(cx - 210 * s, cy - 190 * s, 420 * s, 360 * s, c.linear((0, "#0c1020"), (0.6, "#20305a"), (1, "#0a0d18")))
    c.photo(
        LIFTOFF,
        (0, 0, 1000, 860),
        cx - 210 * s,
        cy - 190 * s,
        420 * s,
        360 * s,
        style="mix-blend-mode:screen",
        opacity=0.85,
    )
    c.circle(
        cx + 74 * s,
        cy - 28 * s,
        78 * s,
        c.radial((0, "#a9e1ff"), (0.55, "#2f7fd0"), (1, "#0a2a5c"), cx=0.35, cy=0.35, r=0.75),
    )
    c.path(
        f"M{cx + 24 * s} {cy - 58 * s}q{30 * s} {-26 * s} {60 * s} {-6 * s}q{12 * s} {22 * s} {-16 * s} {28 * s}q{-30 * s} {4 * s} {-44 * s} {-22 * s}zM{cx + 88 * s} {cy + 2 * s}q{36 * s} {-10 * s} {46 * s} {8 * s}q{-16 * s} {30 * s} {-40 * s} {20 * s}z",
        "#6fc08a",
        opacity=0.85,
    )
    c.add("</g>")
    c.path(
        f"M{cx - 200 * s} {cy - 20 * s}Q{cx - 200 * s} {cy - 176 * s} {cx} {cy - 180 * s}Q{cx + 200 * s} {cy - 176 * s} {cx + 200 * s} {cy - 20 * s}Q{cx + 196 * s} {cy + 150 * s} {cx} {cy + 156 * s}Q{cx - 196 * s} {cy + 150 * s} {cx - 200 * s} {cy - 20 * s}Z",
        stroke="#d9a441",
        stroke_width=12 * s,
    )
    c.path(
        f"M{cx - 160 * s} {cy - 30 * s}Q{cx - 156 * s} {cy - 130 * s} {cx - 60 * s} {cy - 146 * s}",
        stroke="#fff",
        stroke_width=10 * s,
        opacity=0.7,
        stroke_linecap="round",
    )
    for side in (-1, 1):
        c.rect(cx + side * 250 * s - 24 * s, cy - 60 * s, 48 * s, 120 * s, "#8e8478", rx=16 * s)
        c.circle(cx + side * 250 * s, cy, 12 * s, "#d8502e")
    c.shade(0.8, "#1c1512", 0.92)
    c.grain(0.3)
    if words:
        c.text(w / 2, 138, words.lines[0], 62, "Josefin Sans", "#3b2f2a", spacing=22)
        c.text(w / 2, 238, words.lines[1], 112, "Josefin Sans", "#3b2f2a", spacing=24, font_weight=700)
        c.text(w / 2, 292, words.tagline, 29, "Cormorant Garamond", "#5d4a40", font_style="italic", font_weight=600)
