import re
from html.parser import HTMLParser

import pytest

from openposterdb.demo.catalogue import load_catalogue
from openposterdb.demo.wall import WALL_CSP, favicon, image_path, wall_css, wall_html, wall_js
from openposterdb.domain import ImageKind

CATALOGUE = load_catalogue()
VOID = {"meta", "link", "img", "br", "rect", "path", "wbr"}


class Page(HTMLParser):
    """Collects the elements and checks that they nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(wall_html("t3-demo").decode())


def test_every_element_is_closed(page: Page):
    assert page.open == []


def test_every_poster_backdrop_and_logo_is_on_the_wall(page: Page):
    shown = {image["src"] for image in page.all("img")}
    for title in CATALOGUE.title:
        assert image_path("t3-demo", ImageKind.POSTER, title) in shown
        assert (image_path("t3-demo", ImageKind.BACKDROP, title) in shown) == title.backdrop
        assert (image_path("t3-demo", ImageKind.LOGO, title) in shown) == title.logo


def test_every_picture_reserves_its_room_and_says_what_it_is(page: Page):
    for image in page.all("img"):
        assert int(image["width"] or 0) > 0
        assert int(image["height"] or 0) > 0
        assert image["alt"] is not None
    described = [image["alt"] for image in page.all("img") if image["alt"]]
    assert "Poster of Midnight Tram, with rating badges" in described
    assert "Poster of Winter Comes Twice, not rated yet" in described


def test_pictures_below_the_fold_wait(page: Page):
    waiting = [image for image in page.all("img") if image.get("loading") == "lazy"]
    assert 0 < len(page.all("img")) - len(waiting) < 20


def test_every_button_and_link_has_a_name(page: Page):
    for card_button in page.all("button"):
        assert card_button.get("aria-label") or "data-copy-command" in card_button
    assert all(link.get("href") for link in page.all("a"))


def test_nothing_comes_from_elsewhere_and_nothing_is_inline(page: Page):
    sources = [attributes.get("src") or attributes.get("href") or "/" for _, attributes in page.elements]
    assert all(source.startswith(("/", "#")) for source in sources)
    assert not page.all("style")
    assert all("src" in script for script in page.all("script"))
    assert not any(name == "style" or name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert "'unsafe" not in WALL_CSP


def test_ids_are_unique_and_labels_lead_to_them(page: Page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert all(
        attributes["aria-labelledby"] in ids for _, attributes in page.elements if "aria-labelledby" in attributes
    )


def test_a_title_without_an_imdb_id_is_shown_by_its_tmdb_number():
    path = image_path("t3-demo", ImageKind.POSTER, CATALOGUE.by_slug("lisbon-project"))
    assert path == "/t3-demo/tmdb/poster-default/movie-9000123.jpg"


def test_a_key_cannot_break_out_of_the_page():
    text = wall_html('"><script>alert(1)</script>').decode()
    assert "<script>alert" not in text
    Page(text)


def test_style_covers_dark_and_calm_preferences():
    css = wall_css().decode()
    assert "prefers-color-scheme: dark" in css
    assert "prefers-reduced-motion" in css
    assert css.count("{") == css.count("}")
    assert not re.search(r"url\((?!\"data:)", css)


def test_script_and_icon_are_there():
    assert b"navigator.clipboard" in wall_js()
    assert favicon().startswith(b"<svg")
