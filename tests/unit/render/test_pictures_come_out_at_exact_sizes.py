import io

import pytest
from PIL import Image

from openposterdb_render import RenderSettings, placeholder, render, sample

POSTER = {"medium": (580, 859), "large": (1280, 1896), "very-large": (2000, 2962)}
BACKDROP = {"small": (1280, 720), "medium": (1920, 1080), "large": (3840, 2160), "very-large": (3840, 2160)}
LOGO = {"medium": (780, 244), "large": (1722, 539), "very-large": (2689, 841)}


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def encoded(width: int, height: int, mode: str = "RGB", form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize("shape", [(780, 1155), (500, 750), (1000, 1426), (1600, 900), (1, 1), (2000, 10)])
@pytest.mark.parametrize("size", POSTER)
def test_posters_cover_their_box_whatever_the_arts_shape(shape, size, samples):
    picture = opened(render("poster", encoded(*shape), samples[:3], RenderSettings(size=size)))
    assert (picture.size, picture.mode, picture.format) == (POSTER[size], "RGB", "JPEG")


@pytest.mark.parametrize("size", BACKDROP)
def test_backdrops_cover_their_box(size, art, samples):
    base = art("backdrop_whiskers_1920x1080_420.jpg")
    assert opened(render("backdrop", base, samples[:3], RenderSettings(size=size))).size == BACKDROP[size]


@pytest.mark.parametrize(
    ("size", "style", "whole"),
    [("medium", "v", (780, 345)), ("large", "v", (1722, 762)), ("very-large", "v", (2689, 1190))],
)
def test_logos_grow_by_their_strip_of_badges(size, style, whole, samples):
    picture = opened(render("logo", sample("logo"), samples[:5], RenderSettings(size=size, style=style)))
    assert (picture.size, picture.mode, picture.format) == (whole, "RGBA", "PNG")


def test_a_logo_without_badges_has_no_strip():
    assert opened(render("logo", sample("logo"), [], RenderSettings())).size == (780, 234)


def test_a_tall_logo_is_fitted_into_a_square_of_the_fixed_width():
    assert opened(render("logo", encoded(100, 400, "RGBA"), [], RenderSettings())).size == (780, 780)


def test_native_posters_keep_the_arts_shape(samples):
    settings = RenderSettings(fit="native")
    assert opened(render("poster", encoded(500, 750), samples, settings)).size == (580, 870)
    assert opened(render("poster", encoded(1000, 1426), samples, settings)).size == (580, 827)


@pytest.mark.parametrize(("kind", "sizes"), [("poster", POSTER), ("backdrop", BACKDROP), ("logo", LOGO)])
def test_placeholders_have_the_full_size(kind, sizes):
    for size, wanted in sizes.items():
        picture = opened(placeholder(kind, RenderSettings(size=size)))
        assert picture.size == wanted
        assert picture.mode == ("RGBA" if kind == "logo" else "RGB")


def test_placeholders_are_dim_and_not_empty():
    low, high = opened(placeholder("poster", RenderSettings())).convert("L").getextrema()
    assert low < 20 < 70 < high < 160
    alpha = opened(placeholder("logo", RenderSettings())).getchannel("A")
    assert alpha.getextrema() == (0, 140)


def test_samples_are_the_pictures_previews_are_drawn_on():
    poster, logo, backdrop = (opened(sample(kind)) for kind in ("poster", "logo", "backdrop"))
    assert (poster.size, logo.size, backdrop.size) == ((500, 750), (400, 120), (1280, 720))
    assert [poster.getpixel((3, y))[:3] for y in (0, 375, 749)] == [(42, 42, 42), (34, 34, 34), (26, 26, 26)]
    assert (logo.getpixel((7, 7))[3], logo.getpixel((8, 8))) == (0, (220, 220, 220, 240))
    assert backdrop.getpixel((1279, 0))[:3] == (41, 26, 26)
