from io import BytesIO

import pytest
from PIL import Image

from openposterdb.demo.catalogue import DemoTitle, load_catalogue
from openposterdb.demo.pictures import Pictures

CATALOGUE = load_catalogue()
PICTURES = Pictures()


def opened(answer) -> Image.Image:
    assert answer is not None
    image = Image.open(BytesIO(answer.body))
    image.load()
    return image


@pytest.mark.parametrize("title", CATALOGUE.title, ids=lambda title: title.slug)
def test_every_poster_named_in_the_catalogue_can_be_shown(title: DemoTitle):
    for lang in (None, *title.fanart_posters):
        image = opened(PICTURES.poster(title.slug, lang))
        assert image.size == (780, 1170)
        assert image.mode == "RGB"


@pytest.mark.parametrize("slug", [title.slug for title in CATALOGUE.title if title.backdrop])
def test_every_backdrop_is_wide(slug):
    width, height = opened(PICTURES.backdrop(slug)).size
    assert width >= 1280
    assert width * 9 == height * 16


@pytest.mark.parametrize("slug", [title.slug for title in CATALOGUE.title if title.logo])
def test_every_logo_is_see_through(slug):
    image = opened(PICTURES.logo(slug))
    assert image.width == 800
    assert image.mode == "RGBA"
    assert image.getchannel("A").getextrema() == (0, 255)


def test_what_is_not_in_the_catalogue_has_no_picture():
    assert PICTURES.poster("nothing") is None
    assert PICTURES.backdrop("oiseaux") is None
    assert PICTURES.logo("oiseaux") is None
