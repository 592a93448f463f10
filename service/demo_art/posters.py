# ruff: noqa: RUF001 - the apostrophes are typographic on purpose
"""Which picture is drawn how, and what is written on it in which language."""

from collections.abc import Iterator

import graphic
import land
import photo
from canvas import Canvas, Words

W = Words
POSTERS = {
    "midnight-tram": (
        land.midnight_tram,
        {
            "en": W(("MIDNIGHT", "TRAM"), "The last stop is a confession"),
            "fr": W(("LE TRAM", "DE MINUIT"), "Le terminus est un aveu"),
        },
    ),
    "neon-orchard": (
        land.neon_orchard,
        {
            "en": W(("NEON", "ORCHARD"), "Pick your future. Mind the thorns."),
            "fr": W(("VERGER", "NÉON"), "Cueillez l'avenir. Gare aux épines."),
            "00": None,
        },
    ),
    "seven-ridges": (
        land.seven_ridges,
        {
            "de": W(("Hinter den", "sieben Bergen"), "Ein Licht brennt noch."),
            "en": W(("Behind the", "Seven Ridges"), "One lamp, still burning."),
        },
    ),
    "cardamom": (land.cardamom, {"en": W(("DUST AND", "CARDAMOM"), "Forty camels, one secret")}),
    "keepers-piano": (land.keepers_piano, {"en": W(("The", "Keeper’s", "Piano"), "The sea keeps time."), "00": None}),
    "salt-cathedral": (land.salt_cathedral, {"es": W(("CATEDRAL", "DE SAL"), "La fe, medida en metros")}),
    "winter-twice": (land.winter_twice, {"en": W(("WINTER", "COMES TWICE"), "February 2027")}),
    "nordlys": (land.nordlys, {"en": W(("NORDLYS", "STATION"), ""), "00": None}),
    "copper-street": (land.copper_street, {"en": W(("COPPER", "STREET"), "Everybody on the block knows. Nobody saw.")}),
    "wind-railway": (
        land.wind_railway,
        {"ja": W(("風の鉄道",), "", "Railway of the Wind"), "en": W(("Railway", "of the Wind"), ""), "00": None},
    ),
    "quiet-signal": (
        land.quiet_signal,
        {"en": W(("quiet", "signal"), ""), "de": W(("stilles", "signal"), ""), "00": None},
    ),
    "paper-harbour": (
        graphic.paper_harbour,
        {"de": W(("Der papierne", "Hafen"), ""), "en": W(("The Paper", "Harbour"), ""), "00": None},
    ),
    "tulip-people": (graphic.tulip_people, {"en": W(("ATTACK OF THE", "TULIP", "PEOPLE"), "")}),
    "oiseaux": (
        graphic.oiseaux,
        {
            "fr": W(("Les oiseaux", "du dimanche"), "Il ne se passe rien. C’est beau."),
            "en": W(("Sunday", "Birds"), "Nothing happens, beautifully."),
            "00": None,
        },
    ),
    "countdown": (
        photo.countdown,
        {"en": W(("COUNTDOWN", "TO NOWHERE"), "The engineers who missed the moon."), "00": None},
    ),
    "quarter-past-never": (
        graphic.quarter_past_never,
        {"en": W(("Quarter", "Past Never"), "He was always going to be late.")},
    ),
    "long-quiet": (
        photo.long_quiet,
        {
            "en": W(("THE LONG", "QUIET"), "She answered every call but one."),
            "fr": W(("LE LONG", "SILENCE"), "Elle répondait à tous les appels, sauf un."),
            "00": None,
        },
    ),
    "starlight-coffee": (
        graphic.starlight_coffee,
        {"ja": W(("星の喫茶店",), "", "Starlight Coffee"), "en": W(("Starlight", "Coffee"), ""), "00": None},
    ),
    "whiskers": (photo.whiskers, {"en": W(("Whiskers", "A life indoors"), "")}),
    "theory-of-rain": (
        graphic.theory_of_rain,
        {"en": W(("A Theory", "of Rain"), ""), "pt-BR": W(("Teoria", "da Chuva"), "")},
    ),
    "macula": (photo.macula, {"en": W(("MACULA",), "You have already seen it")}),
    "saudade-fc": (graphic.saudade, {"pt-BR": W(("SAUDADE", "F.C."), "Noventa minutos de casa")}),
    "little-cloud": (
        graphic.little_cloud,
        {
            "en": W(("Little Cloud", "Goes Out"), ""),
            "de": W(("Kleine Wolke", "geht aus"), ""),
            "fr": W(("Petit Nuage", "sort enfin"), ""),
        },
    ),
    "deep-field": (photo.deep_field, {"en": W(("DEEP FIELD",), "Ten thousand galaxies. One missing.")}),
    "cartographer": (graphic.cartographer, {"en": W(("The", "Cartographer’s", "Daughter"), "")}),
    "hundred-doors": (graphic.hundred_doors, {"en": W(("ONE HUNDRED", "DOORS"), "")}),
    "lisbon-project": (graphic.lisbon_project, {"en": W(("Untitled", "Lisbon", "Project"), "Coming, eventually.")}),
    "last-vinyl": (graphic.last_vinyl, {"en": W(("The Last", "Vinyl"), "")}),
    "the-allotment": (
        graphic.allotment,
        {"en": W(("The", "Allotment"), "Plot thickens"), "de": W(("Der", "Schrebergarten"), "Es wächst zusammen")},
    ),
    "pixel-pirates": (graphic.pixel_pirates, {"en": W(("PIXEL", "PIRATES"), "")}),
    "commissaire": (graphic.commissaire, {"fr": W(("Bon appétit,", "COMMISSAIRE"), "")}),
    "azulejos": (graphic.azulejos, {"pt-BR": W(("Casa de", "AZULEJOS"), ""), "en": W(("House of", "TILES"), "")}),
    "underground-gods": (graphic.underground_gods, {"en": W(("Small Gods", "of the", "Underground"), "")}),
    "moss": (land.moss, {"en": W(("MOSS",), "A slow planet, up close")}),
}


def poster_jobs() -> Iterator[tuple[str, str, Canvas]]:
    """Posters: the first language is the one that TMDB has."""
    for slug, (draw, words) in POSTERS.items():
        for i, (lang, text) in enumerate(words.items()):
            canvas = Canvas(780, 1170, slug)
            draw(canvas, text)
            yield slug, f"{slug}.jpg" if i == 0 else f"{slug}.{lang}.jpg", canvas


def backdrop_jobs() -> Iterator[tuple[str, str, Canvas]]:
    """Backdrops: the scenes of the posters, wide and without words."""
    for slug in BACKDROPS:
        canvas = Canvas(1600, 900, f"{slug} wide")
        POSTERS[slug][0](canvas, None)
        yield slug, f"{slug}.jpg", canvas


def logo_jobs() -> Iterator[tuple[str, str, Canvas]]:
    """Logos: the lettering alone, made for dark ground."""
    for slug, lines in LOGOS.items():
        canvas = Canvas(2600, 800, slug)
        y = 120.0
        for words, size, font, fill, more in lines:
            y += size * 0.92
            canvas.text(1300, y, words, size, font, fill, **more)
            y += 30
        yield slug, f"{slug}.png", canvas


BACKDROPS = (
    "paper-harbour",
    "midnight-tram",
    "cardamom",
    "countdown",
    "seven-ridges",
    "neon-orchard",
    "long-quiet",
    "starlight-coffee",
    "whiskers",
    "keepers-piano",
    "deep-field",
    "salt-cathedral",
    "winter-twice",
    "quiet-signal",
    "nordlys",
    "wind-railway",
    "moss",
)
BOLD, BLACK, ITALIC = {"font_weight": 700}, {"font_weight": 900}, {"font_style": "italic", "font_weight": 600}


def _rim(colour: str, width: int, **more: object) -> dict[str, object]:
    return {"stroke": colour, "stroke_width": width, "paint_order": "stroke", "stroke_linejoin": "round", **more}


LOGOS = {
    "paper-harbour": [("The Paper Harbour", 190, "UnifrakturCook", "#f3e6c8", BOLD)],
    "midnight-tram": [
        ("MIDNIGHT", 170, "Limelight", "#f6e3b4", {"spacing": 10}),
        ("TRAM", 170, "Limelight", "#f0b650", {"spacing": 34}),
    ],
    "tulip-people": [
        ("ATTACK OF THE", 90, "Bangers", "#fff6c2", _rim("#241333", 12, spacing=8)),
        ("TULIP PEOPLE", 200, "Bangers", "#ff2d3f", _rim("#fff6c2", 14, spacing=6)),
    ],
    "cardamom": [
        ("DUST AND", 110, "Rozha One", "#ffd591", {"spacing": 18}),
        ("CARDAMOM", 190, "Rozha One", "#ffe9b8", {"spacing": 6}),
    ],
    "countdown": [
        ("COUNTDOWN", 230, "Bebas Neue", "#f7ead2", {"spacing": 10}),
        ("TO NOWHERE", 130, "Bebas Neue", "#ff6a3d", {"spacing": 58}),
    ],
    "seven-ridges": [
        ("Behind the", 90, "DM Serif Display", "#f1b79a", {}),
        ("Seven Ridges", 190, "DM Serif Display", "#fbe6d2", {}),
    ],
    "neon-orchard": [("NEON", 190, "Monoton", "#ffe9fb", {}), ("ORCHARD", 190, "Monoton", "#ff5fc4", {})],
    "long-quiet": [
        ("THE LONG", 86, "Josefin Sans", "#d9d4c7", {"spacing": 44}),
        ("QUIET", 190, "Josefin Sans", "#ffffff", {"spacing": 60, **BOLD}),
    ],
    "starlight-coffee": [
        ("星の喫茶店", 220, "Zen Antique", "#fff6d8", {"spacing": 8}),
        ("STARLIGHT COFFEE", 58, "Josefin Sans", "#f5c9e6", {"spacing": 34}),
    ],
    "whiskers": [
        ("Whiskers", 250, "DM Serif Display", "#fbf7ee", {"spacing": -3}),
        ("A LIFE INDOORS", 60, "Josefin Sans", "#e9b48f", {"spacing": 40}),
    ],
    "macula": [("MACULA", 180, "Cormorant Garamond", "#ff7a62", {"spacing": 80, "font_weight": 600})],
    "saudade-fc": [("SAUDADE F.C.", 210, "Anton", "#f3c331", {"spacing": 10})],
    "little-cloud": [
        ("Little Cloud", 190, "Fredoka", "#ffffff", _rim("#2b7fb3", 26, **BOLD)),
        ("Goes Out", 190, "Fredoka", "#ffe27a", _rim("#2b7fb3", 26, **BOLD)),
    ],
    "keepers-piano": [
        ("The Keeper’s", 110, "Playfair Display", "#bfe0d8", BOLD),
        ("Piano", 260, "Playfair Display", "#fdf6e3", BOLD),
    ],
    "deep-field": [("DEEP FIELD", 150, "Jost", "#f2f7ff", {"spacing": 70, "font_weight": 300})],
    "cartographer": [
        ("The Cartographer’s", 120, "Playfair Display", "#e9d3a4", {"font_weight": 900}),
        ("Daughter", 210, "Playfair Display", "#fff3d6", {"font_weight": 900}),
    ],
    "copper-street": [
        ("COPPER", 230, "Anton", "#f2a765", {"spacing": 12}),
        ("STREET", 110, "Anton", "#fbe3bf", {"spacing": 90}),
    ],
    "the-allotment": [("The Allotment", 210, "Abril Fatface", "#cfe0a3", {})],
    "pixel-pirates": [
        ("PIXEL", 150, "Press Start 2P", "#ffd23f", _rim("#0c478d", 24)),
        ("PIRATES", 150, "Press Start 2P", "#fdf7e3", _rim("#0c478d", 24)),
    ],
    "commissaire": [
        ("Bon appétit,", 170, "Pacifico", "#fff6e3", {}),
        ("COMMISSAIRE", 150, "Josefin Sans", "#ff8c8c", {"spacing": 50, "dy": 46, **BOLD}),
    ],
    "quiet-signal": [("quiet signal", 190, "Space Grotesk", "#fdeee4", {"spacing": 16, "font_weight": 300})],
    "azulejos": [
        ("House of", 100, "Cormorant Garamond", "#e8b33a", ITALIC),
        ("TILES", 230, "Rozha One", "#a9c6f3", {"spacing": 24}),
    ],
    "nordlys": [
        ("NORDLYS", 240, "Bebas Neue", "#d8fff0", {"spacing": 50}),
        ("STATION", 80, "Josefin Sans", "#59ffd0", {"spacing": 80}),
    ],
    "wind-railway": [
        ("風の鉄道", 230, "Dela Gothic One", "#ffffff", _rim("#1b5fae", 28)),
        ("RAILWAY OF THE WIND", 58, "Jost", "#bfe6ff", {"spacing": 26, "font_weight": 600}),
    ],
    "moss": [("MOSS", 260, "Syne", "#b9dc83", {"font_weight": 800, "spacing": -6})],
    "underground-gods": [
        ("Small Gods of the", 100, "Syne", "#ffe9b0", {"font_weight": 800}),
        ("Underground", 190, "Syne", "#ffffff", {"font_weight": 800}),
    ],
}
