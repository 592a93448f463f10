"""Flat shapes, cut paper and type."""

import math

from canvas import Canvas, Words


def paper_harbour(c: Canvas, words: Words | None) -> None:
    """1922: a woodcut of crooked houses and a folded ship."""
    w, h = c.w, c.h
    paper, ink, red = "#e9dcc0", "#17130f", "#b3271e"
    c.fill(paper)
    c.circle(w * 0.66, h * 0.36, min(w, h) * 0.21, red, filter=c.rough(10, 0.02))
    c.add(f'<g filter="{c.rough(7, 0.03)}">')
    for _ in range(60):
        y = c.random.uniform(h * 0.02, h * 0.6)
        x = c.random.uniform(-60, w)
        c.polygon([(x, y), (x + c.random.uniform(80, 300), y - 14), (x + 40, y + 5)], ink, opacity=0.16)
    x = -40.0
    while x < w + 40:
        width, height = c.random.uniform(70, 130), c.random.uniform(0.16, 0.36) * h
        lean = c.random.uniform(-38, 38)
        foot = h * 0.72
        c.polygon(
            [
                (x, foot),
                (x + lean, foot - height),
                (x + lean + width * 0.5, foot - height - width * c.random.uniform(0.6, 1.2)),
                (x + width + lean, foot - height),
                (x + width, foot),
            ],
            ink,
        )
        for k in range(3):
            wy = foot - height * (0.3 + 0.22 * k)
            wx = x + width * 0.3 + lean * (0.3 + 0.22 * k)
            c.polygon(
                [(wx, wy), (wx + 18, wy - 6), (wx + 22, wy - 34), (wx + 3, wy - 28)],
                paper if c.random.random() < 0.75 else red,
            )
        x += width * 0.8
    c.rect(-10, h * 0.715, w + 20, h * 0.3, ink)
    for i in range(34):
        y = h * (0.73 + 0.27 * (i / 34) ** 1.2)
        start = c.random.uniform(-80, w)
        c.polygon(
            [(start, y), (start + c.random.uniform(80, 260), y - 3), (start + 120, y + 5 + i * 0.12)],
            paper,
            opacity=0.8,
        )
    s = min(w, h) / 780
    bx, by = w * 0.4, h * 0.79
    c.add(
        f'<g transform="translate({bx} {by}) scale({s * 1.25}) rotate(-4)"><path d="M-170 0L-110 72H110L170 0L60 14L0 -120L-60 14Z" fill="{paper}" stroke="{ink}" stroke-width="6"/><path d="M0 -120V72M-60 14L0 72L60 14" fill="none" stroke="{ink}" stroke-width="5"/><path d="M0 -120L60 14L0 72Z" fill="#c9b790"/><path d="M110 72L170 0L60 14L0 72Z" fill="#bca77c"/></g>'
    )
    c.add("</g>")
    c.shade(0.88, ink, 1)
    c.grain(0.4, 0.6)
    if words:
        rough = c.rough(3, 0.05)
        for i, line in enumerate(words.lines):
            c.text(
                w / 2,
                128 + i * 100,
                line,
                104 if len(line) < 10 else 88,
                "UnifrakturCook",
                ink,
                filter=rough,
                font_weight=700,
            )


def tulip_people(c: Canvas, words: Words | None) -> None:
    """Pulp: tulips taller than the town."""
    w, h = c.w, c.h
    c.fill(c.radial((0, "#ffe14d"), (0.6, "#ff9f1c"), (1, "#d93a1e"), cy=0.55, r=0.75))
    cx, cy = w * 0.5, h * 0.55
    for i in range(22):
        a, b = 2 * math.pi * i / 22, 2 * math.pi * (i + 0.5) / 22
        c.polygon(
            [
                (cx, cy),
                (cx + 1500 * math.cos(a), cy + 1500 * math.sin(a)),
                (cx + 1500 * math.cos(b), cy + 1500 * math.sin(b)),
            ],
            "#fff3a0",
            opacity=0.2,
        )
    for x, y, s, colour, lean in (
        (w * 0.5, h * 0.52, 1.65, "#e0182d", 0),
        (w * 0.14, h * 0.62, 1.1, "#8c1d6b", -9),
        (w * 0.87, h * 0.61, 1.15, "#c2185b", 8),
    ):
        _tulip_monster(c, x, y, s * min(w, h) / 780, colour, lean, h)
    c.skyline(h * 0.87, "#241333", low=h * 0.03, high=h * 0.12, wide=(34, 74), windows="#ffe14d", lit=0.35)
    c.rect(0, h * 0.865, w, h * 0.14, "#241333")
    for i in range(26):
        x, y = w * (0.03 + 0.94 * i / 25), h * 0.905 + c.random.uniform(-8, 12)
        c.add(
            f'<g transform="translate({x:.0f} {y:.0f}) scale(.62) rotate({c.random.uniform(-14, 14):.0f})" fill="#ff9f1c"><circle cx="0" cy="-38" r="8"/><path d="M-8 -28h16l4 26l8 20h-8l-8 -16l-6 18h-8l4 -22z"/><path d="M-8 -28l-18 -20l5 -5l18 18zM8 -28l18 -20l-5 -5l-18 18z"/></g>'
        )
    dots = c.define(
        '<pattern id="%s" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(22)"><circle cx="4.5" cy="4.5" r="1.5" fill="#5a1020"/></pattern>'
    )
    c.fill(dots, 0.2)
    c.shade(0.9, "#160b20", 0.9)
    c.grain(0.3)
    if words:
        for i, (line, size) in enumerate(zip(words.lines, (74, 150, 124), strict=False)):
            y = (92, 212, 322)[i]
            c.add(f'<g transform="rotate(-4 {w / 2} {y})">')
            c.text(w / 2 + 7, y + 7, line, size, "Bangers", "#241333", spacing=4)
            c.text(
                w / 2,
                y,
                line,
                size,
                "Bangers",
                "#fff6c2" if i != 1 else "#e0182d",
                spacing=4,
                stroke="#241333",
                stroke_width=10,
                paint_order="stroke",
            )
            c.add("</g>")


def _tulip_monster(c: Canvas, x: float, y: float, s: float, colour: str, lean: int, h: int) -> None:
    c.path(
        f"M{x - 16 * s} {y + 100 * s}Q{x - 40 * s} {y + 300 * s} {x - 20 * s} {h}H{x + 28 * s}Q{x + 6 * s} {y + 280 * s} {x + 18 * s} {y + 100 * s}Z",
        "#1d6b3a",
    )
    c.path(
        f"M{x} {y + 260 * s}Q{x - 170 * s} {y + 120 * s} {x - 150 * s} {y + 10 * s}Q{x - 90 * s} {y + 130 * s} {x} {y + 330 * s}Z",
        "#24853f",
    )
    c.path(
        f"M{x} {y + 300 * s}Q{x + 190 * s} {y + 150 * s} {x + 160 * s} {y + 40 * s}Q{x + 80 * s} {y + 150 * s} {x} {y + 360 * s}Z",
        "#185c31",
    )
    c.add(
        f'<g transform="translate({x} {y}) rotate({lean}) scale({s})"><path d="M-118 -90Q-96 -40 -60 -60Q-40 -150 0 -176Q40 -150 60 -60Q96 -40 118 -90Q150 60 60 116Q0 136 -60 116Q-150 60 -118 -90z" fill="{colour}"/><path d="M-118 -90Q-150 60 -60 116Q-30 126 0 128Q-80 60 -60 -60Q-96 -40 -118 -90z" fill="#000" opacity=".16"/><path d="M-60 -60Q-40 -150 0 -176Q40 -150 60 -60Q40 20 0 30Q-40 20 -60 -60z" fill="#fff" opacity=".13"/><path d="M-62 2L-12 22Q-22 44 -44 40Q-60 30 -62 2zM62 2L12 22Q22 44 44 40Q60 30 62 2z" fill="#fff3a0"/><circle cx="-36" cy="26" r="7" fill="#160b20"/><circle cx="36" cy="26" r="7" fill="#160b20"/><path d="M-66 66Q0 52 66 66Q40 112 0 112Q-40 112 -66 66z" fill="#160b20"/><path d="M-60 66l12 20l10 -22l12 24l12 -26l14 27l12 -27l12 24l10 -22l10 20z" fill="#fffbe0"/></g>'
    )


def oiseaux(c: Canvas, words: Words | None) -> None:
    """Birds on five wires, like a tune."""
    w, h = c.w, c.h
    c.fill("#efe9dc")
    c.rect(0, 0, w, h * 0.46, "#2456a6")
    c.circle(w * 0.74, h * 0.46, w * 0.2, "#d8352a")
    c.rect(0, h * 0.46, w, h * 0.0, "#efe9dc")
    for i in range(5):
        y = h * (0.5 + i * 0.058)
        c.path(f"M-10 {y}Q{w / 2} {y + 46} {w + 10} {y - 6}", stroke="#1b1b1f", stroke_width=2.6)
    for x, wire, flip in (
        (0.12, 0, 1),
        (0.21, 2, 1),
        (0.33, 1, -1),
        (0.45, 3, 1),
        (0.53, 3, -1),
        (0.63, 0, 1),
        (0.75, 2, -1),
        (0.86, 4, 1),
        (0.92, 1, -1),
    ):
        t = x
        y = h * (0.5 + wire * 0.058)
        yy = (1 - t) ** 2 * y + 2 * t * (1 - t) * (y + 46) + t * t * (y - 6)
        _bird(c, x * w, yy, flip)
    c.add(
        f'<g transform="translate({w * 0.3} {h * 0.3}) scale(1.1)"><path d="M0 0Q-50 -60 -130 -50Q-70 -30 -46 14Q-20 40 30 34Q60 10 104 12Q70 -8 40 -6Q60 -60 120 -96Q30 -80 0 0z" fill="#efe9dc"/></g>'
    )
    c.grain(0.26, 0.7)
    if words:
        for i, line in enumerate(words.lines):
            c.text(52, 120 + i * 96, line, 92, "Jost", "#f6f1e4", anchor="start", font_weight=700, spacing=-2)
        c.text(w - 52, h * 0.845, words.tagline, 24, "Jost", "#1b1b1f", anchor="end", font_weight=500)


def _bird(c: Canvas, x: float, y: float, flip: int) -> None:
    c.add(
        f'<g transform="translate({x:.0f} {y:.0f}) scale({flip * 1.05} 1.05)" fill="#1b1b1f"><path d="M-30 14Q-34 -6 -20 -26Q-10 -42 6 -40Q18 -40 20 -28L30 -24L19 -20Q18 -2 2 2Q-10 4 -22 26z"/><circle cx="10" cy="-30" r="2.2" fill="#efe9dc"/></g>'
    )


def quarter_past_never(c: Canvas, words: Words | None) -> None:
    """A clock that has given up."""
    w, h = c.w, c.h
    c.fill("#f4b400")
    cx, cy, r = w * 0.5, h * 0.56, w * 0.4
    c.circle(cx + 16, cy + 20, r, "#8d5f00", opacity=0.45)
    c.circle(cx, cy, r, "#fbf6e6")
    c.circle(cx, cy, r - 8, stroke="#1a1a1a", stroke_width=16)
    for i in range(12):
        a = 2 * math.pi * i / 12
        inner = r - (72 if i % 3 == 0 else 48)
        drop = 0 if i not in {4, 5, 7} else (190, 265, 225)[(4, 5, 7).index(i)]
        x1, y1 = cx + math.sin(a) * inner, cy - math.cos(a) * inner + drop
        x2, y2 = cx + math.sin(a) * (r - 28), cy - math.cos(a) * (r - 28) + drop
        if drop:
            y1, y2 = min(y1, h * 0.86), min(y2, h * 0.86 + 20)
            x2 = x1 + 40
        c.line(x1, y1, x2, y2, "#1a1a1a", 18 if i % 3 == 0 else 11)
    c.line(cx, cy, cx + r * 0.72, cy - 4, "#d3222a", 16, stroke_linecap="round")
    c.line(cx, cy, cx - r * 0.08, cy + r * 0.5, "#1a1a1a", 22, stroke_linecap="round")
    c.circle(cx, cy, 25, "#1a1a1a")
    c.add(
        f'<g transform="translate({cx + r * 0.60} {cy - 14})" fill="#1a1a1a"><circle cx="0" cy="-70" r="11"/><path d="M-11 -56h22l4 34h-30z"/><path d="M-12 -22l-10 22h10l10 -20l16 20h10l-14 -24z"/><path d="M10 -54l26 14l-3 6l-26 -10z"/><rect x="30" y="-44" width="22" height="16"/></g>'
    )
    c.grain(0.24, 0.7)
    if words:
        for i, line in enumerate(words.lines):
            c.text(56, 138 + i * 98, line, 112, "Archivo Black", "#1a1a1a", anchor="start", spacing=-4)
        c.text(58, h * 0.245 + 34, words.tagline, 26, "Special Elite", "#5a3d00", anchor="start")


def starlight_coffee(c: Canvas, words: Words | None) -> None:
    """A galaxy in a cup."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#1a1346"), (0.55, "#3c2a86"), (0.8, "#9a4f9e"), (1, "#e98a8f")))
    c.stars(200, 0.75, 2.2, "#fff7d6")
    s = min(w, h) / 780
    cx, cy = w * 0.5, h * 0.66
    for i, (dx, a) in enumerate(((-70, 0.5), (10, 0.9), (90, 0.6))):
        x = cx + dx * s
        d = f"M{x} {cy - 60 * s}C{x - 120 * s} {cy - 180 * s} {x + 130 * s} {cy - 240 * s} {x + (i - 1) * 30 * s} {cy - 390 * s}"
        c.path(
            d, stroke="#fbe7ff", stroke_width=34 * s, opacity=a * 0.35, filter=c.blur(14 * s), stroke_linecap="round"
        )
        c.path(
            d,
            stroke="#fff",
            stroke_width=5 * s,
            opacity=a * 0.6,
            stroke_linecap="round",
            stroke_dasharray=f"{2 * s} {16 * s}",
        )
    for _ in range(70):
        t = c.random.random()
        x = cx + (c.random.uniform(-150, 150) * (0.4 + t)) * s
        _sparkle(
            c,
            x,
            cy - 60 * s - t * 400 * s,
            c.random.uniform(2, 11) * s,
            c.random.choice(("#fff6c9", "#ffd1ec", "#c9f1ff")),
        )
    c.ellipse(cx, cy + 226 * s, 300 * s, 46 * s, "#241a52", opacity=0.5)
    c.ellipse(cx, cy + 206 * s, 286 * s, 44 * s, "#f7f1ff")
    c.ellipse(cx, cy + 198 * s, 230 * s, 30 * s, "#d9c9f0")
    c.path(
        f"M{cx + 200 * s} {cy + 10 * s}q{130 * s} {-6 * s} {110 * s} {80 * s}q{-22 * s} {74 * s} {-146 * s} {62 * s}l{14 * s} {-34 * s}q{74 * s} {4 * s} {90 * s} {-40 * s}q{10 * s} {-38 * s} {-74 * s} {-32 * s}z",
        "#e6dcf5",
    )
    c.path(
        f"M{cx - 220 * s} {cy - 40 * s}Q{cx - 210 * s} {cy + 200 * s} {cx - 70 * s} {cy + 206 * s}H{cx + 70 * s}Q{cx + 210 * s} {cy + 200 * s} {cx + 220 * s} {cy - 40 * s}Z",
        c.linear((0, "#ffffff"), (0.6, "#f3ebff"), (1, "#c4b1e6"), x2=1, y2=0),
    )
    c.ellipse(cx, cy - 40 * s, 220 * s, 62 * s, "#fff")
    cup = c.clip(f'<ellipse cx="{cx}" cy="{cy - 38 * s}" rx="{200 * s}" ry="{50 * s}"/>')
    c.add(f'<g clip-path="{cup}">')
    c.ellipse(
        cx, cy - 38 * s, 200 * s, 50 * s, c.radial((0, "#fff3c0"), (0.2, "#ff9ad0"), (0.5, "#5b3bc0"), (1, "#150c3f"))
    )
    for k in range(2):
        for i in range(90):
            a = i * 0.085 + k * math.pi
            r = 6 + i * 2.15
            c.circle(
                cx + math.cos(a) * r * s,
                cy - 38 * s + math.sin(a) * r * 0.25 * s,
                c.random.uniform(0.8, 3.6) * s,
                c.random.choice(("#fff", "#ffe9a8", "#ffc4ea", "#bfeaff")),
            )
    c.add("</g>")
    c.add(
        f'<g transform="translate({cx} {cy + 86 * s}) scale({s})"><path d="M-54 -4q14 16 28 0M26 -4q14 16 28 0" stroke="#5b4a86" stroke-width="5" fill="none" stroke-linecap="round"/><path d="M-9 16q9 9 18 0" stroke="#5b4a86" stroke-width="4.5" fill="none" stroke-linecap="round"/><ellipse cx="-72" cy="14" rx="17" ry="9" fill="#ffb3cf" opacity=".8"/><ellipse cx="72" cy="14" rx="17" ry="9" fill="#ffb3cf" opacity=".8"/></g>'
    )
    c.shade(0.87, "#2a1648", 0.6)
    if words:
        if words.small:
            c.text(w / 2, 168, words.lines[0], 128, "Zen Antique", "#fff6d8", spacing=4)
            c.text(w / 2, 226, words.small.upper(), 25, "Josefin Sans", "#f5c9e6", spacing=12)
        else:
            for i, line in enumerate(words.lines):
                c.text(w / 2, 136 + i * 96, line, 92, "Righteous", "#fff6d8", spacing=2)


def _sparkle(c: Canvas, x: float, y: float, r: float, colour: str) -> None:
    k = r * 0.16
    c.path(
        f"M{x:.1f} {y - r:.1f}L{x + k:.1f} {y - k:.1f}L{x + r:.1f} {y:.1f}L{x + k:.1f} {y + k:.1f}L{x:.1f} {y + r:.1f}L{x - k:.1f} {y + k:.1f}L{x - r:.1f} {y:.1f}L{x - k:.1f} {y - k:.1f}Z",
        colour,
        opacity=0.9,
    )


def theory_of_rain(c: Canvas, words: Words | None) -> None:
    """Two umbrellas from above."""
    w, h = c.w, c.h
    c.fill("#27464f")
    for i in range(-20, 46):
        for k in range(26):
            x = i * 34 + (k % 2) * 17 + k * 9
            y = k * 50 + (i * 37 % 50)
            c.line(x, y, x + 8, y + 26, "#4f7a84", 2.2, opacity=0.75)
    for x, y, r, a, colour in (
        (w * 0.36, h * 0.5, 205, "#f2c14e", "#e0a52c"),
        (w * 0.67, h * 0.69, 178, "#e4572e", "#bf3f1b"),
    ):
        c.circle(x + 22, y + 26, r, "#0e2229", opacity=0.5, filter=c.blur(9))
        for i in range(8):
            t1, t2 = 2 * math.pi * i / 8 + 0.2, 2 * math.pi * (i + 1) / 8 + 0.2
            m = (t1 + t2) / 2
            p1, p2 = (x + r * math.cos(t1), y + r * math.sin(t1)), (x + r * math.cos(t2), y + r * math.sin(t2))
            q = (x + r * 0.86 * math.cos(m), y + r * 0.86 * math.sin(m))
            c.path(
                f"M{x} {y}L{p1[0]:.0f} {p1[1]:.0f}Q{q[0]:.0f} {q[1]:.0f} {p2[0]:.0f} {p2[1]:.0f}Z",
                a if i % 2 else colour,
            )
        c.circle(x, y, 9, "#fff7e3")
    for _ in range(30):
        x, y, r = c.random.uniform(0, w), c.random.uniform(h * 0.28, h), c.random.uniform(6, 22)
        c.ellipse(x, y, r, r * 0.42, stroke="#7fa5ab", stroke_width=1.6, opacity=0.6)
    c.shade(0.84, "#14282e", 0.85)
    c.grain(0.22)
    if words:
        for i, line in enumerate(words.lines):
            c.text(54, 128 + i * 100, line, 100, "Abril Fatface", "#fff7e3", anchor="start")
        c.text(
            w - 54,
            128 + (len(words.lines) - 1) * 100,
            "∂r / ∂t = 2",
            34,
            "Cormorant Garamond",
            "#f2c14e",
            anchor="end",
            font_style="italic",
        )


def little_cloud(c: Canvas, words: Words | None) -> None:
    """For the little ones."""
    w, h = c.w, c.h
    c.fill(c.linear((0, "#8fd8f7"), (0.6, "#cfeffc"), (0.75, "#fff4d8")))
    for i, colour in enumerate(("#ff8fa3", "#ffb86b", "#ffe27a", "#a6e3a1", "#8ec9ff")):
        c.circle(w * 0.5, h * 0.92, 470 - i * 42, stroke=colour, stroke_width=42, opacity=0.85)
    c.swell(h * 0.84, 22, 150, "#8fd694", 0.4)
    c.swell(h * 0.9, 18, 120, "#63bd78", 2.4)
    x, y = w * 0.5, h * 0.53
    for dx, dy, r in ((-165, 40, 74), (-92, -34, 104), (30, -74, 128), (138, -6, 98), (196, 52, 64)):
        c.circle(x + dx, y + dy + 12, r, "#b9dcea", opacity=0.6)
    for dx, dy, r in ((-165, 40, 74), (-92, -34, 104), (30, -74, 128), (138, -6, 98), (196, 52, 64)):
        c.circle(x + dx, y + dy, r, "#ffffff")
    c.rect(x - 210, y + 10, 440, 106, "#fff", rx=53)
    c.add(
        f'<g transform="translate({x + 14} {y + 8})"><circle cx="-58" cy="0" r="15" fill="#33475b"/><circle cx="58" cy="0" r="15" fill="#33475b"/><circle cx="-53" cy="-5" r="5" fill="#fff"/><circle cx="63" cy="-5" r="5" fill="#fff"/><path d="M-24 24q24 28 48 0" stroke="#33475b" stroke-width="8" fill="none" stroke-linecap="round"/><ellipse cx="-92" cy="28" rx="20" ry="12" fill="#ffc2cf"/><ellipse cx="92" cy="28" rx="20" ry="12" fill="#ffc2cf"/></g>'
    )
    c.path(
        f"M{x - 60} {y + 112}v74q0 10 -26 10M{x + 60} {y + 112}v74q0 10 26 10",
        stroke="#33475b",
        stroke_width=8,
        stroke_linecap="round",
    )
    c.add(
        f'<g transform="translate({x + 232} {y + 84}) rotate(12)"><path d="M-30 0h60l8 62h-76z" fill="#ff7b72"/><path d="M-16 0q0 -28 16 -28q16 0 16 28" fill="none" stroke="#d9534b" stroke-width="7"/></g>'
    )
    for cx, cy, r in ((90, 420, 26), (690, 350, 20), (640, 760, 14), (120, 720, 18)):
        _sparkle(c, cx, cy, r, "#fff")
    if words:
        for i, line in enumerate(words.lines):
            c.text(
                w / 2,
                136 + i * 98,
                line,
                100 if len(line) < 13 else 84,
                "Fredoka",
                "#fff",
                font_weight=700,
                stroke="#2b7fb3",
                stroke_width=14,
                paint_order="stroke",
                stroke_linejoin="round",
            )


def cartographer(c: Canvas, words: Words | None) -> None:
    """Contour lines that draw a profile of hills and a route."""
    w, h = c.w, c.h
    c.fill("#f3e6c8")
    for cx, cy, n, size, phase in (
        (w * 0.32, h * 0.5, 13, 25, 0.3),
        (w * 0.76, h * 0.7, 10, 24, 1.9),
        (w * 0.82, h * 0.4, 7, 22, 4.0),
    ):
        for i in range(n, 0, -1):
            points = []
            for k in range(73):
                a = 2 * math.pi * k / 72
                r = (
                    i
                    * size
                    * (
                        1
                        + 0.16 * math.sin(2 * a + phase)
                        + 0.1 * math.sin(3 * a + 2 * phase)
                        + 0.05 * math.sin(5 * a + i * 0.4)
                    )
                )
                points.append((cx + r * math.cos(a) * 1.06, cy + r * math.sin(a)))
            tone = (
                "#dfe6c0",
                "#d3dcaa",
                "#c3d096",
                "#b2c283",
                "#a1b373",
                "#d9b77e",
                "#cda266",
                "#bd8a52",
                "#ab7443",
                "#996138",
                "#8a5230",
                "#7b4529",
                "#fff7ea",
            )[n - i if n > 10 else (n - i) + 1]
            c.polygon(points, tone, stroke="#6d5a36", stroke_width=1.5)
    sea = "#8fbcc0"
    c.path(
        f"M0 {h * 0.84}Q{w * 0.2} {h * 0.79} {w * 0.45} {h * 0.85}T{w} {h * 0.82}V{h}H0Z",
        sea,
        stroke="#4c7f86",
        stroke_width=2,
    )
    for i in range(1, 5):
        c.path(
            f"M0 {h * 0.84 + i * 16}Q{w * 0.2} {h * 0.79 + i * 16} {w * 0.45} {h * 0.85 + i * 16}T{w} {h * 0.82 + i * 16}",
            stroke="#4c7f86",
            stroke_width=1.2,
            opacity=0.5,
        )
    route = f"M{w * 0.1} {h * 0.83}C{w * 0.3} {h * 0.76} {w * 0.14} {h * 0.58} {w * 0.36} {h * 0.56}S{w * 0.5} {h * 0.72} {w * 0.66} {h * 0.66}S{w * 0.62} {h * 0.46} {w * 0.8} {h * 0.42}"
    c.path(route, stroke="#b3202a", stroke_width=6, stroke_dasharray="18 12", stroke_linecap="round")
    x, y = w * 0.8, h * 0.42
    c.path(
        f"M{x - 16} {y - 16}l32 32M{x + 16} {y - 16}l-32 32", stroke="#b3202a", stroke_width=9, stroke_linecap="round"
    )
    c.add(
        f'<g transform="translate({w * 0.13} {h * 0.855})"><path d="M-52 0h104l-20 28h-64z" fill="#5a2f1c"/><path d="M0 -4v-84l46 76zM-4 -8v-66l-38 60z" fill="#fffaf0" stroke="#5a2f1c" stroke-width="3"/></g>'
    )
    c.add(
        f'<g transform="translate({w * 0.86} {h * 0.255})"><circle r="50" fill="none" stroke="#6d5a36" stroke-width="2"/><path d="M0 -66L11 -11L66 0L11 11L0 66L-11 11L-66 0L-11 -11Z" fill="#6d5a36"/><path d="M0 -66L11 -11L0 0ZM66 0L11 11L0 0ZM0 66L-11 11L0 0ZM-66 0L-11 -11L0 0Z" fill="#f3e6c8"/></g>'
    )
    c.grain(0.35, 0.5)
    c.vignette(0.22)
    if words:
        c.text(
            54,
            116,
            words.lines[0],
            46,
            "Cormorant Garamond",
            "#4d3418",
            anchor="start",
            font_style="italic",
            font_weight=600,
        )
        c.text(50, 206, words.lines[1], 94, "Playfair Display", "#4d2a12", anchor="start", font_weight=900)
        c.text(50, 292, words.lines[2], 94, "Playfair Display", "#4d2a12", anchor="start", font_weight=900)


def hundred_doors(c: Canvas, words: Words | None) -> None:
    """A hundred doors; one is open."""
    w, h = c.w, c.h
    c.fill("#1f1d2b")
    colours = ("#d8573f", "#e3a23b", "#3f8f8b", "#325a8c", "#7d4f7c", "#c9c2ae", "#5e7f4e", "#b5455f")
    columns, rows = 8, 11
    dw, dh = w / columns, h * 0.86 / rows
    for row in range(rows):
        for column in range(columns):
            x, y = column * dw + 9, row * dh + 12 + h * 0.0
            opened = (row, column) == (6, 5)
            colour = colours[(row * 5 + column * 3 + row * row) % 8]
            if opened:
                c.rect(x, y, dw - 18, dh - 16, "#fff3c4")
                c.circle(x + dw / 2 - 9, y + dh / 2, 120, c.radial((0, "#ffe9a0", 0.75), (1, "#ffe9a0", 0)))
                c.polygon([(x, y), (x + 20, y + 9), (x + 20, y + dh - 4), (x, y + dh - 16)], "#7a2b1d")
                c.polygon(
                    [
                        (x + 20, y + dh - 16),
                        (x + dw - 18, y + dh - 16),
                        (x + dw + 46, y + dh * 2.1),
                        (x + 40, y + dh * 2.1),
                    ],
                    "#ffe9a0",
                    opacity=0.16,
                )
                c.add(
                    f'<g transform="translate({x + dw * 0.5} {y + dh - 16}) scale(.5)" fill="#1f1d2b"><circle cx="0" cy="-92" r="13"/><path d="M-15 -76h30l8 76h-46z"/></g>'
                )
            else:
                c.rect(x, y, dw - 18, dh - 16, colour)
                c.rect(x, y, dw - 18, dh - 16, c.linear((0, "#000", 0), (1, "#000", 0.32)))
                for py in (0.12, 0.54):
                    c.rect(
                        x + 14,
                        y + dh * py,
                        dw - 46,
                        dh * 0.27,
                        "none",
                        stroke="#000",
                        stroke_opacity=0.3,
                        stroke_width=3,
                    )
                c.circle(x + dw - 28, y + dh * 0.46, 3.4, "#f4dfa0")
    c.rect(0, h * 0.86, w, h * 0.14, "#14121d")
    c.shade(0.7, "#14121d", 1)
    c.rect(0, 0, w, h * 0.36, c.linear((0, "#14121d", 0.96), (0.6, "#14121d", 0.86), (1, "#14121d", 0)))
    c.grain(0.2)
    if words:
        c.text(w / 2, 148, words.lines[0], 58, "Josefin Sans", "#f4ead2", spacing=26)
        c.text(w / 2, 252, words.lines[1], 124, "Josefin Sans", "#f4ead2", spacing=22, font_weight=700)


def lisbon_project(c: Canvas, words: Words | None) -> None:
    """Nothing but type and a stripe of sun."""
    w, h = c.w, c.h
    c.fill("#f2ede4")
    c.rect(0, h * 0.47, w, h * 0.53, "#f6c445")
    c.rect(0, h * 0.47, w, 12, "#1e1e22")
    for i in range(9):
        c.rect(w * 0.1 * (i + 0.5), h * 0.47, w * 0.05, h * 0.53, "#f2ede4", opacity=0.35)
    x, y = w * 0.7, h * 0.47
    c.add(
        f'<g transform="translate({x} {y}) rotate(-0)"><path d="M-128 0v-118q0 -22 22 -22h212q22 0 22 22v118z" fill="#f2b90f"/><rect x="-128" y="-48" width="256" height="13" fill="#fff"/><g fill="#1e1e22"><rect x="-106" y="-122" width="48" height="54" rx="5"/><rect x="-48" y="-122" width="42" height="54" rx="5"/><rect x="6" y="-122" width="42" height="54" rx="5"/><rect x="58" y="-122" width="48" height="54" rx="5"/></g><circle cx="0" cy="-22" r="13" fill="#fff7d6"/><path d="M-20 -140L10 -196L44 -140" fill="none" stroke="#1e1e22" stroke-width="5"/><circle cx="-74" cy="4" r="20" fill="#1e1e22"/><circle cx="74" cy="4" r="20" fill="#1e1e22"/></g>'
    )
    c.line(0, y - 196, w, y - 202, "#1e1e22", 2.5)
    c.grain(0.25, 0.6)
    if words:
        for i, line in enumerate(words.lines):
            c.text(52, 112 + i * 62, line, 64, "Space Grotesk", "#1e1e22", anchor="start", font_weight=700, spacing=-2)
        c.text(52, h * 0.47 + 66, words.tagline, 26, "Space Grotesk", "#1e1e22", anchor="start", font_weight=500)


def last_vinyl(c: Canvas, words: Words | None) -> None:
    """A record."""
    w, h = c.w, c.h
    c.fill("#e8d9c3")
    cx, cy, r = w * 0.5, h * 0.62, w * 0.58
    c.circle(cx, cy, r, "#141316")
    for i in range(46):
        c.circle(cx, cy, r - 12 - i * 6.4, stroke="#2b292f" if i % 7 else "#3a3740", stroke_width=1.6)
    for a in (-0.5, 2.64):
        for k in range(16):
            t = a + k * 0.018
            c.path(
                f"M{cx} {cy}L{cx + r * math.cos(t):.0f} {cy + r * math.sin(t):.0f}L{cx + r * math.cos(t + 0.022):.0f} {cy + r * math.sin(t + 0.022):.0f}Z",
                "#fff",
                opacity=0.012 * (8 - abs(8 - k)),
            )
    c.circle(cx, cy, r * 0.35, "#d9482b")
    c.circle(cx, cy, r * 0.31, stroke="#f5d9a8", stroke_width=2)
    c.circle(cx, cy, 15, "#e8d9c3")
    c.text(cx, cy - 66, "SIDE B", 32, "Oswald", "#f5d9a8", spacing=8)
    c.text(cx, cy + 84, "33⅓ RPM", 22, "Oswald", "#f5d9a8", spacing=4)
    c.shade(0.85, "#0b0a0c", 0.9)
    c.grain(0.3)
    if words:
        c.text(50, 120, words.lines[0], 92, "Righteous", "#141316", anchor="start")
        c.text(50, 208, words.lines[1], 92, "Righteous", "#d9482b", anchor="start")


def allotment(c: Canvas, words: Words | None) -> None:
    """Screen-printed vegetables."""
    w, h = c.w, c.h
    c.fill("#f6efd9")
    c.add(f'<g filter="{c.rough(4, 0.03)}">')
    plots = (
        (0, 0.33, "#e9b44c"),
        (1, 0.33, "#c65d3b"),
        (2, 0.33, "#5b8c5a"),
        (0, 0.555, "#5b8c5a"),
        (1, 0.555, "#f0d9a8"),
        (2, 0.555, "#7d5ba6"),
        (0, 0.78, "#c65d3b"),
        (1, 0.78, "#2f5d50"),
        (2, 0.78, "#e9b44c"),
    )
    size = w / 3
    draw = (_carrot, _beet, _pea, _leek, _tomato, _aubergine, _radish, _cabbage, _beet)
    for (column, y, colour), vegetable in zip(plots, draw, strict=True):
        x0, y0 = column * size + 8, h * y
        c.rect(x0, y0, size - 16, h * 0.215, colour, rx=6)
        vegetable(c, x0 + (size - 16) / 2, y0 + h * 0.108)
    c.add("</g>")
    c.shade(0.86, "#20301f", 0.85)
    c.grain(0.3, 0.6)
    if words:
        c.text(w / 2, 112, words.lines[0], 62, "Pacifico", "#c65d3b")
        c.text(w / 2, 246, words.lines[1], 132 if len(words.lines[1]) < 10 else 104, "Abril Fatface", "#2f5d50")
        c.text(w / 2, 316, words.tagline.upper(), 25, "Josefin Sans", "#2f5d50", spacing=12)


def _carrot(c: Canvas, x: float, y: float) -> None:
    c.path(
        f"M{x - 40} {y - 30}Q{x} {y - 58} {x + 40} {y - 30}Q{x + 24} {y + 60} {x} {y + 104}Q{x - 24} {y + 60} {x - 40} {y - 30}Z",
        "#e2571f",
    )
    for dx in (-26, -8, 10, 28):
        c.path(
            f"M{x} {y - 40}Q{x + dx} {y - 70} {x + dx * 1.4} {y - 106}",
            stroke="#2f5d50",
            stroke_width=9,
            stroke_linecap="round",
        )
    for dy in (-6, 24, 52):
        c.path(f"M{x - 22} {y + dy}q14 8 26 4", stroke="#b5400f", stroke_width=4)


def _beet(c: Canvas, x: float, y: float) -> None:
    c.path(
        f"M{x - 62} {y + 6}Q{x - 52} {y - 40} {x} {y - 38}Q{x + 52} {y - 40} {x + 62} {y + 6}Q{x + 50} {y + 64} {x} {y + 74}L{x - 4} {y + 110}L{x - 8} {y + 74}Q{x - 52} {y + 62} {x - 62} {y + 6}Z",
        "#7b1e3a",
    )
    for dx in (-30, 0, 30):
        c.path(
            f"M{x} {y - 34}Q{x + dx * 0.6} {y - 80} {x + dx * 1.5} {y - 108}",
            stroke="#f0d9a8",
            stroke_width=8,
            stroke_linecap="round",
        )
    c.path(f"M{x - 40} {y + 4}q10 -22 30 -24", stroke="#f6efd9", stroke_width=5, stroke_linecap="round", opacity=0.7)


def _pea(c: Canvas, x: float, y: float) -> None:
    c.path(f"M{x - 102} {y - 40}Q{x} {y + 110} {x + 102} {y - 24}Q{x + 10} {y + 10} {x - 102} {y - 40}Z", "#d7e7a1")
    for i in range(5):
        c.circle(x - 58 + i * 30, y + (2, 22, 30, 25, 8)[i], 17, "#8dbb4b")


def _leek(c: Canvas, x: float, y: float) -> None:
    c.rect(x - 20, y - 20, 40, 112, "#f6efd9", rx=16)
    for dx in (-60, -22, 22, 60):
        c.path(
            f"M{x - 20} {y - 10}Q{x + dx * 0.4} {y - 60} {x + dx} {y - 106}Q{x + dx * 0.9 + 18} {y - 60} {x + 20} {y - 10}Z",
            "#cfe0a3",
            opacity=0.9,
        )
    c.path(f"M{x - 14} {y + 90}l-10 20M{x} {y + 92}v22M{x + 14} {y + 90}l10 20", stroke="#f6efd9", stroke_width=4)


def _tomato(c: Canvas, x: float, y: float) -> None:
    c.circle(x, y + 12, 76, "#d5362c")
    c.path(f"M{x} {y - 58}l14 26l44 -12l-26 34l10 30l-42 -20l-42 20l10 -30l-26 -34l44 12z", "#2f5d50")


def _aubergine(c: Canvas, x: float, y: float) -> None:
    c.path(
        f"M{x + 30} {y - 66}Q{x + 74} {y - 20} {x + 24} {y + 50}Q{x - 20} {y + 108} {x - 66} {y + 70}Q{x - 92} {y + 22} {x - 24} {y - 20}Q{x - 4} {y - 40} {x + 2} {y - 72}Z",
        "#2b173f",
    )
    c.path(
        f"M{x - 6} {y - 60}Q{x + 20} {y - 100} {x + 52} {y - 104}Q{x + 50} {y - 70} {x + 44} {y - 44}Q{x + 20} {y - 66} {x - 6} {y - 60}Z",
        "#9ccf7a",
    )


def _radish(c: Canvas, x: float, y: float) -> None:
    c.circle(x, y + 16, 54, "#f6efd9")
    c.path(f"M{x - 54} {y + 12}A54 54 0 0 1 {x + 54} {y + 12}Q{x} {y + 50} {x - 54} {y + 12}Z", "#e8476a")
    c.path(f"M{x} {y + 68}q4 22 -6 44", stroke="#f6efd9", stroke_width=5)
    for dx in (-40, 0, 40):
        c.ellipse(x + dx, y - 66, 18, 42, "#8dbb4b", transform=f"rotate({dx * 0.7} {x + dx} {y - 66})")


def _cabbage(c: Canvas, x: float, y: float) -> None:
    for r, colour in ((88, "#7fae5a"), (66, "#9cc873"), (44, "#bfe096"), (22, "#e3f2c1")):
        points = [
            (
                x + r * (1 + 0.07 * math.sin(9 * a / 10)) * math.cos(a / 10),
                y + r * (1 + 0.07 * math.sin(9 * a / 10)) * math.sin(a / 10),
            )
            for a in range(63)
        ]
        c.polygon(points, colour, stroke="#f6efd9", stroke_width=3)


def pixel_pirates(c: Canvas, words: Words | None) -> None:
    """A ship of squares."""
    w, h = c.w, c.h
    p = 15
    rows, columns = h // p, w // p
    sky = ("#22c1e8", "#3fcdf0", "#62d9f5", "#8be5f8", "#b6f0fb")
    for row in range(rows):
        c.rect(0, row * p, w, p + 1, sky[min(4, row * 6 // rows)])
    ship = (
        "..................K................",
        "..................KRR..............",
        "..................KRRRR............",
        "..................K................",
        "........WWWWWW....K................",
        ".......WWWWWWWW...KWWWWWW..........",
        "......WWWKKWKKWW..KWWWWWWW.........",
        "......WWWKKWKKWW..KWWWWWWWW........",
        "......WWWWWKWWWW..KWWWWWWWWW.......",
        ".......WWKWKWKW...KWWWWWWWWW.......",
        "........WWWWWW....KWWWWWWWWWW......",
        "..........K.......KWWWWWWWWWW......",
        "..........K.......KWWWWWWWWWW......",
        "..........K.......K................",
        "..B.......K.......K............BBB.",
        ".BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB.",
        ".BBYYBBBYYBBBYYBBBYYBBBYYBBBYYBBBB.",
        "..BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB..",
        "..DDKKDDDKKDDDKKDDDKKDDDKKDDDDDDD..",
        "...DDDDDDDDDDDDDDDDDDDDDDDDDDDDD...",
        "....DDDDDDDDDDDDDDDDDDDDDDDDDDD....",
        ".....DDDDDDDDDDDDDDDDDDDDDDDDD.....",
    )
    colours = {"K": "#2b1d2e", "R": "#e8344a", "W": "#fdf7e3", "B": "#b5652b", "D": "#8a4520", "Y": "#ffd23f"}
    for x, y, n in ((4, 26, 8), (36, 34, 9), (24, 22, 6), (44, 24, 5)):
        c.rect(x * p, y * p, n * p, 2 * p, "#fff")
        c.rect((x + 1) * p, (y - 1) * p, (n - 3) * p, p, "#fff")
    c.rect(39 * p, 27 * p - 120, 6 * p, 6 * p, "#ffe45c")
    c.rect(38 * p, 28 * p - 120, 8 * p, 4 * p, "#ffe45c")
    top = int(rows * 0.44)
    for r, line in enumerate(ship):
        for k, cell in enumerate(line):
            if cell != ".":
                c.rect((k + 9) * p, (top + r) * p, p + 0.5, p + 0.5, colours[cell])
    for row in range(top + 20, rows + 1):
        for column in range(columns + 1):
            depth = row - top - 20
            wave = (math.sin(column * 0.55 + depth * 0.8) + math.sin(column * 0.21 - depth * 0.5)) / 2
            if depth == 0 and wave < 0.1:
                continue
            shades = ("#1267b8", "#0f57a3", "#0c478d", "#0a3877")
            c.rect(
                column * p,
                row * p,
                p + 0.5,
                p + 0.5,
                "#dff7ff" if wave > 0.83 and depth < 9 else shades[min(3, depth // 5)],
            )
    c.shade(0.88, "#041b3f", 0.8)
    if words:
        for i, line in enumerate(words.lines):
            y = 142 + i * 104
            c.text(w / 2 + 8, y + 8, line, 94, "Press Start 2P", "#0c478d", spacing=-2)
            c.text(w / 2, y, line, 94, "Press Start 2P", ("#ffd23f", "#fdf7e3")[i], spacing=-2)


def commissaire(c: Canvas, words: Words | None) -> None:
    """A magnifying glass served on a plate."""
    w, h = c.w, c.h
    c.fill("#b01c2e")
    n = 78
    for i in range(w // n + 1):
        c.rect(i * n, 0, n / 2, h, "#fff", opacity=0.84)
    for i in range(h // n + 1):
        c.rect(0, i * n, w, n / 2, "#fff", opacity=0.42)
    cx, cy, r = w * 0.5, h * 0.585, w * 0.36
    c.circle(cx + 10, cy + 18, r, "#3b0a12", opacity=0.45, filter=c.blur(12))
    c.circle(cx, cy, r, "#fdfaf4")
    c.circle(cx, cy, r * 0.74, stroke="#d8d0c2", stroke_width=4)
    c.circle(cx, cy, r * 0.95, stroke="#1d3a6b", stroke_width=5)
    c.add(
        f'<g transform="translate({cx - 24} {cy - 24}) rotate(-45)"><rect x="-15" y="122" width="30" height="168" rx="14" fill="#2a1b14"/><rect x="-19" y="116" width="38" height="24" fill="#c79a3a"/><circle r="122" fill="#cfe6ee" opacity=".75"/><circle r="122" fill="none" stroke="#c79a3a" stroke-width="18"/><path d="M-80 -40A90 90 0 0 1 -20 -86" stroke="#fff" stroke-width="12" fill="none" stroke-linecap="round"/></g>'
    )
    c.add(
        f'<g transform="translate({cx - 24} {cy - 14})"><path d="M-66 18q14 -30 44 -14q22 10 44 0q30 -16 44 14q-22 26 -48 12q-18 -10 -36 0q-26 14 -48 -12z" fill="#1b1410"/></g>'
    )
    for x, blade in ((w * 0.07, False), (w * 0.93, True)):
        metal = c.linear((0, "#f4f4f4"), (0.5, "#b9bcc2"), (1, "#ececec"), x2=1, y2=0)
        if blade:
            c.path(
                f"M{x - 14} {cy + 250}V{cy - 60}Q{x - 16} {cy - 210} {x + 14} {cy - 250}V{cy + 250}Q{x} {cy + 266} {x - 14} {cy + 250}Z",
                metal,
            )
        else:
            c.path(
                f"M{x - 12} {cy + 250}V{cy - 70}Q{x - 40} {cy - 90} {x - 36} {cy - 240}h9v110h12v-110h10v110h12v-110h9Q{x + 42} {cy - 90} {x + 12} {cy - 70}V{cy + 250}Q{x} {cy + 266} {x - 12} {cy + 250}Z",
                metal,
            )
    c.shade(0.84, "#2a060c", 0.9)
    c.rect(0, 58, w, 236, "#1d3a6b")
    c.rect(0, 68, w, 216, "none", stroke="#fff", stroke_width=2)
    c.grain(0.2)
    if words:
        c.text(w / 2, 172, words.lines[0], 92, "Pacifico", "#fff6e3")
        c.text(w / 2, 248, words.lines[1], 54, "Josefin Sans", "#fff6e3", spacing=20, font_weight=600)


def azulejos(c: Canvas, words: Words | None) -> None:
    """Blue tiles, one missing."""
    w, h = c.w, c.h
    c.fill("#f4f1e8")
    n = w / 5
    blue, light, gold = "#1f4e9c", "#6f9bd8", "#e8b33a"
    for row in range(math.ceil(h / n)):
        for column in range(5):
            x, y = column * n, row * n
            cx, cy = x + n / 2, y + n / 2
            c.rect(x + 2, y + 2, n - 4, n - 4, "#fbfaf5", rx=3)
            if (row, column) == (4, 2):
                c.rect(x + 2, y + 2, n - 4, n - 4, "#a3805c")
                c.rect(x + 2, y + 2, n - 4, 18, "#6e5237")
                c.add(
                    f'<g transform="translate({cx} {cy}) rotate(-8)"><rect x="-52" y="-34" width="104" height="70" fill="#fdf3dc"/><path d="M-52 -34L0 8L52 -34" fill="none" stroke="#c9a56f" stroke-width="4"/><path d="M0 14c-16 -16 -26 -24 -18 -34c6 -8 15 -4 18 4c3 -8 12 -12 18 -4c8 10 -2 18 -18 34z" fill="#c4162a"/></g>'
                )
                continue
            for k in range(4):
                c.add(
                    f'<g transform="translate({cx} {cy}) rotate({90 * k})"><path d="M0 0C{n * 0.05} {-n * 0.16} {n * 0.16} {-n * 0.2} {n * 0.0} {-n * 0.42}C{-n * 0.16} {-n * 0.2} {-n * 0.05} {-n * 0.16} 0 0z" fill="{blue}"/><path d="M0 {-n * 0.1}C{n * 0.03} {-n * 0.2} {n * 0.05} {-n * 0.24} 0 {-n * 0.34}C{-n * 0.05} {-n * 0.24} {-n * 0.03} {-n * 0.2} 0 {-n * 0.1}z" fill="{light}"/><path d="M{n * 0.48} {n * 0.48}A{n * 0.26} {n * 0.26} 0 0 0 {n * 0.22} {n * 0.48}z" fill="{blue}" opacity=".9"/><path d="M{n * 0.48} {n * 0.48}A{n * 0.15} {n * 0.15} 0 0 0 {n * 0.33} {n * 0.48}z" fill="{gold}"/><circle cx="{n * 0.25}" cy="{n * 0.25}" r="{n * 0.052}" fill="{light}"/></g>'
                )
            c.circle(cx, cy, n * 0.062, gold)
            c.rect(x + 2, y + 2, n - 4, n - 4, "none", stroke="#9db4d6", stroke_width=1.4, rx=3)
            if c.random.random() < 0.18:
                c.path(
                    f"M{x + c.random.uniform(10, n - 10):.0f} {y + 3}l{c.random.uniform(-26, 26):.0f} {n * 0.5:.0f}l{c.random.uniform(-20, 20):.0f} {n * 0.46:.0f}",
                    stroke="#7f8aa0",
                    stroke_width=1.4,
                )
    c.fill(c.linear((0, "#ffe9b8", 0.4), (0.5, "#ffe9b8", 0), (1, "#0b1f45", 0.55), x2=0.35))
    c.shade(0.82, "#0b1f45", 0.8)
    c.grain(0.16)
    if words:
        c.rect(0, 74, w, 208, "#1f4e9c")
        c.rect(0, 84, w, 188, "none", stroke=gold, stroke_width=3)
        c.text(w / 2, 148, words.lines[0], 48, "Cormorant Garamond", "#fbfaf5", font_style="italic", font_weight=600)
        c.text(w / 2, 240, words.lines[1], 96, "Rozha One", "#fbfaf5", spacing=6)


def underground_gods(c: Canvas, words: Words | None) -> None:
    """A shrine where the lines meet."""
    w, h = c.w, c.h
    c.fill("#10131f")
    lines = (
        ("#e4003b", [(0.08, 1.02), (0.08, 0.74), (0.3, 0.6), (0.5, 0.6), (0.92, 0.33), (0.92, -0.02)]),
        ("#0098d8", [(-0.02, 0.44), (0.24, 0.44), (0.42, 0.56), (0.58, 0.66), (0.8, 0.8), (0.8, 1.02)]),
        ("#ffd329", [(1.02, 0.56), (0.7, 0.56), (0.62, 0.6), (0.38, 0.6), (0.2, 0.72), (0.2, 1.02)]),
        ("#00a166", [(0.5, 1.02), (0.5, 0.36), (0.36, 0.27), (-0.02, 0.27)]),
        ("#9b5bd6", [(1.02, 0.72), (0.74, 0.72), (0.5, 0.565), (0.28, 0.42), (0.28, -0.02)]),
    )
    for colour, points in lines:
        d = "M" + "L".join(f"{x * w:.0f} {y * h:.0f}" for x, y in points)
        c.path(d, stroke=colour, stroke_width=26, opacity=0.25, filter=c.blur(12), stroke_linejoin="round")
        c.path(d, stroke=colour, stroke_width=15, stroke_linejoin="round")
    for x, y in (
        (0.3, 0.6),
        (0.24, 0.44),
        (0.7, 0.56),
        (0.8, 0.8),
        (0.5, 0.36),
        (0.92, 0.42),
        (0.08, 0.8),
        (0.74, 0.72),
        (0.2, 0.8),
        (0.28, 0.34),
        (0.5, 0.78),
    ):
        c.circle(w * x, h * y, 15, "#10131f", stroke="#fff", stroke_width=6)
    cx, cy = w * 0.5, h * 0.585
    c.circle(cx, cy, 290, c.radial((0, "#ffdf8a", 0.5), (1, "#ffdf8a", 0)))
    c.circle(cx, cy, 128, "#10131f", stroke="#ffe9b0", stroke_width=9)
    for i in range(24):
        a = 2 * math.pi * i / 24
        c.line(
            cx + 142 * math.cos(a),
            cy + 142 * math.sin(a),
            cx + (164 + 14 * (i % 2)) * math.cos(a),
            cy + (164 + 14 * (i % 2)) * math.sin(a),
            "#ffe9b0",
            4,
        )
    c.add(
        f'<g transform="translate({cx} {cy + 8})"><path d="M-62 76Q-70 -20 -44 -46L-56 -92L-18 -66Q0 -72 18 -66L56 -92L44 -46Q70 -20 62 76Q0 92 -62 76z" fill="#ffe9b0"/><path d="M-38 -14q14 -14 28 0M10 -14q14 -14 28 0" stroke="#10131f" stroke-width="7" fill="none" stroke-linecap="round"/><path d="M-8 6h16l-8 10zM0 16v8M0 24q-12 12 -22 2M0 24q12 12 22 2" stroke="#10131f" stroke-width="4" fill="#10131f"/><circle cx="0" cy="52" r="12" fill="#e4003b"/></g>'
    )
    c.shade(0.85, "#080a12", 0.85)
    c.grain(0.16)
    c.rect(0, 0, w, h * 0.31, c.linear((0, "#10131f", 1), (0.7, "#10131f", 0.92), (1, "#10131f", 0)))
    if words:
        for i, line in enumerate(words.lines):
            c.text(
                w / 2,
                108 + i * 84,
                line,
                (56, 92, 56)[i] if len(words.lines) == 3 else 80,
                "Syne",
                "#fff6dc",
                font_weight=800,
            )


def saudade(c: Canvas, words: Words | None) -> None:
    """A pitch seen from the last row."""
    w, h = c.w, c.h
    c.fill("#0c6b45")
    for i in range(14):
        c.rect(0, i * h / 13, w, h / 26, "#0f7a50")
    white = "#f3f0e2"
    c.circle(w * 0.5, h * 0.6, w * 0.3, stroke=white, stroke_width=7)
    c.line(0, h * 0.6, w, h * 0.6, white, 7)
    c.circle(w * 0.5, h * 0.6, 9, white)
    x, y = w * 0.5, h * 0.6
    c.path(f"M{x - 30} {y - 8}L{x + 420} {y + 470}L{x + 560} {y + 370}L{x + 34} {y - 34}Z", "#04271a", opacity=0.55)
    c.add(
        f'<g transform="translate({x} {y})"><circle r="70" fill="{white}"/><g fill="#12211b"><path d="M0 -27l26 19l-10 31h-32l-10 -31z"/><path d="M-22 -66l22 14l22 -14q-22 -9 -44 0zM66 -22l-18 16l8 27l18 -4q2 -22 -8 -39zM-66 -22l18 16l-8 27l-18 -4q-2 -22 8 -39zM-48 51l8 -18l27 3l5 24q-24 3 -40 -9zM48 51l-8 -18l-27 3l-5 24q24 3 40 -9z"/></g></g>'
    )
    for k, (px, colour) in enumerate(((0.2, "#d8342b"), (0.8, "#d8342b"), (0.34, "#f3c331"), (0.68, "#f3c331"))):
        py = h * (0.42, 0.46, 0.76, 0.8)[k]
        c.path(f"M{w * px} {py}l150 160l24 -26l-150 -152z", "#04271a", opacity=0.45)
        c.circle(w * px, py, 26, colour)
        c.circle(w * px, py - 1, 12, "#3a2216")
    c.shade(0.84, "#032117", 0.85)
    c.rect(0, 0, w, h * 0.36, c.linear((0, "#053222", 0.95), (0.6, "#053222", 0.7), (1, "#053222", 0)))
    c.grain(0.3)
    if words:
        c.text(w / 2, 196, words.lines[0], 150, "Anton", "#f3c331", spacing=4)
        c.text(w / 2, 280, words.lines[1], 68, "Anton", "#f3f0e2", spacing=34)
        c.text(w / 2, 336, words.tagline, 27, "Caveat", "#f3f0e2", font_weight=700)
