"""The page at `/` of the demo: a wall of what the service just rendered. Pure functions, all of them bytes."""

from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template
from typing import Final
from urllib.parse import quote

from openposterdb.demo.catalogue import Catalogue, DemoTitle, load_catalogue
from openposterdb.domain import ImageKind

WALL_CSP: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content security policy under which the page works whole."""

_EXAMPLE: Final = "midnight-tram"
_FAN: Final = ("moss", "wind-railway", "midnight-tram")
_ABOVE_THE_FOLD: Final = 12
_FULL_ROW: Final = 3
_PIXELS: Final = {ImageKind.POSTER: (580, 859), ImageKind.BACKDROP: (1280, 720), ImageKind.LOGO: (780, 300)}
_QUERY: Final = {ImageKind.POSTER: "", ImageKind.BACKDROP: "?imageSize=small", ImageKind.LOGO: ""}


def wall_html(key: str, catalogue: Catalogue | None = None) -> bytes:
    """The page; every URL on it carries `key`."""
    catalogue = catalogue or load_catalogue()
    example = catalogue.by_slug(_EXAMPLE)
    page = Template(_read("wall.html").decode())
    return page.substitute(
        count=len(catalogue),
        key=escape(key),
        example=escape(example.imdb or ""),
        number=example.tmdb,
        fan=_fan(key, catalogue),
        posters=_cards(
            key, ImageKind.POSTER, _best_known_first(title for title in catalogue.title if title.has_poster)
        ),
        backdrops=_cards(key, ImageKind.BACKDROP, (title for title in catalogue.title if title.backdrop)),
        logos=_cards(key, ImageKind.LOGO, (title for title in catalogue.title if title.logo)),
    ).encode()


def wall_css() -> bytes:
    """The page's style, light and dark."""
    return _read("wall.css")


def wall_js() -> bytes:
    """What the page does beyond showing: an ES module."""
    return _read("wall.js")


def favicon() -> bytes:
    """An icon, as SVG."""
    return _read("favicon.svg")


def image_path(key: str, kind: ImageKind, title: DemoTitle) -> str:
    """The title's image: by its IMDb id, or by its TMDB number when it has none."""
    id_type, value = ("imdb", title.imdb) if title.imdb else ("tmdb", title.tmdb_id)
    return f"/{quote(key)}/{id_type}/{kind}-default/{value}.{kind.extension}{_QUERY[kind]}"


def _fan(key: str, catalogue: Catalogue) -> str:
    width, height = _PIXELS[ImageKind.POSTER]
    paths = (escape(image_path(key, ImageKind.POSTER, catalogue.by_slug(slug))) for slug in _FAN)
    return "\n".join(f'<img src="{path}" width="{width}" height="{height}" alt="">' for path in paths)


def _cards(key: str, kind: ImageKind, titles: Iterable[DemoTitle]) -> str:
    return "\n".join(_card(key, kind, title, place) for place, title in enumerate(titles))


def _card(key: str, kind: ImageKind, title: DemoTitle, place: int) -> str:
    path = escape(image_path(key, kind, title))
    name = escape(title.title)
    width, height = _PIXELS[kind]
    loading = "" if kind is ImageKind.POSTER and place < _ABOVE_THE_FOLD else ' loading="lazy"'
    year = f'<time datetime="{title.released}">{title.year}</time>' if title.released else "<span>undated</span>"
    tagline = f'<p class="tagline">{escape(title.tagline)}</p>' if kind is ImageKind.POSTER else ""
    return (
        f'<li class="card" data-media="{title.media}" data-path="{path}">'
        f'<a class="frame" href="{path}">'
        f'<img src="{path}" width="{width}" height="{height}" alt="{_described(kind, title)}" decoding="async"'
        f"{loading}></a>"
        f'<h3 class="name">{name} {year}</h3>{tagline}'
        f'<p class="url"><a href="{path}" title="URL of {name}">{path.replace("/", "/<wbr>")}</a>'
        f'<button class="copy" type="button" aria-label="Copy the URL of {name}" hidden>Copy</button></p></li>'
    )


def _described(kind: ImageKind, title: DemoTitle) -> str:
    rated = "with rating badges" if title.ratings else "not rated yet"
    return escape(f"{kind.capitalize()} of {title.title}, {rated}")


def _best_known_first(titles: Iterable[DemoTitle]) -> list[DemoTitle]:
    """Titles with enough ratings for a full row of badges, newest first, then the others."""
    newest = sorted(titles, key=lambda title: title.released or "9999", reverse=True)
    return sorted(newest, key=lambda title: len(title.ratings) < _FULL_ROW)


def _read(name: str) -> bytes:
    return files("openposterdb.demo").joinpath("page", name).read_bytes()
