"""The fingerprints would be worth nothing if they let wrong pictures pass, or if they cried wolf."""

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageFilter

from openposterdb_render import RenderSettings, layout, render
from tests.golden.cases import BADGES, CASES, Case, opened
from tests.golden.fingerprints import Fingerprint, fingerprint
from tests.golden.inputs import form

LOOKS = [
    "poster/jpeg-420/five/420-h-i-h-bc/spliced",
    "poster/jpeg-420/five/420-h-t-v-l/spliced",
    "poster/jpeg-420/five/444-v-i-h-tr/spliced",
    "poster/jpeg-420/five/444-v-t-v-br/spliced",
    "poster/jpeg-420/five/large-420-h-i-tl/spliced",
    "backdrop/jpeg-420/five/small-420-v-i/spliced",
    "backdrop/jpeg-420/five/medium-h-t/spliced",
]
Places = list[tuple[str, int, int, int, int]]


@pytest.fixture(params=LOOKS)
def case(request) -> Case:
    return CASES[request.param]


@pytest.fixture
def picture(case) -> np.ndarray:
    return np.asarray(opened(case.draw())).astype(np.int16)


@pytest.fixture
def places(case, picture) -> Places:
    height, width = picture.shape[:2]
    return layout(case.kind, width, height, list(BADGES["five"]), RenderSettings(**dict(case.settings)))


@pytest.fixture
def differences(case, picture) -> Callable[[np.ndarray], list[str]]:
    golden = of(picture, case)
    return lambda changed: golden.differences(of(changed, case))


def of(pixels: np.ndarray, case: Case) -> Fingerprint:
    return fingerprint(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)), case.scale)


def drawn(case: Case, *badges: tuple[str, str], **settings: object) -> np.ndarray:
    settings = RenderSettings(**{**dict(case.settings), **settings})
    return np.asarray(opened(render(case.kind, form(case.form), list(badges), settings))).astype(np.int16)


@pytest.mark.parametrize(("right", "down"), [(2, 0), (-2, 0), (0, 2), (0, -2)])
def test_a_badge_two_pixels_from_its_place(picture, places, differences, right, down):
    for _, x, y, width, height in places:
        changed = picture.copy()
        changed[y + down : y + down + height, x + right : x + right + width] = picture[y : y + height, x : x + width]
        assert differences(changed)


def test_a_badge_that_is_missing(case, differences):
    for index in range(5):
        assert differences(drawn(case, *BADGES["five"][:index], *BADGES["five"][index + 1 :]))


@pytest.mark.parametrize(("right", "wrong"), [("imdb", "mal"), ("tmdb", "mc"), ("rt", "trakt"), ("mc", "imdb")])
def test_a_badge_in_another_colour(case, picture, places, differences, right, wrong):
    """Only the colour: the other badge's where it is not white."""
    other = drawn(case, *((wrong if source == right else source, value) for source, value in BADGES["five"]))
    _, x, y, width, height = next(place for place in places if place[0] == right)
    part = slice(y, y + height), slice(x, x + width)
    changed = picture.copy()
    coloured = (picture[part].min(axis=2) < 120) & (other[part].min(axis=2) < 120)
    changed[part][coloured] = other[part][coloured]
    assert differences(changed)


def test_an_icon_or_name_of_another_source_in_the_same_colour(case, differences):
    swapped = {"rt": "rta", "rta": "rt"}
    assert differences(drawn(case, *((swapped.get(source, source), value) for source, value in BADGES["five"])))


def test_a_label_that_is_missing(case, picture, places, differences):
    """What is white on the label's side takes the colour around it."""
    below = dict(case.settings)["style"] == "v"
    for _, x, y, width, height in places:
        changed = picture.copy()
        side = changed[y : y + height // 3, x : x + width] if below else changed[y : y + height, x : x + width // 3]
        white = side.min(axis=2) > 120
        assert white.any()
        side[white] = np.median(side[~white], axis=0)
        assert differences(changed)


def test_a_value_that_is_another(case, differences):
    """One figure of one badge."""
    values = {"imdb": "8.6", "tmdb": "65%", "rt": "93%", "mc": "70"}
    for source, value in values.items():
        assert differences(drawn(case, *((it, value if it == source else was) for it, was in BADGES["five"]))), source


@pytest.mark.parametrize("radius", [0.6, 1.0])
def test_blur(case, picture, differences, radius):
    """At the size of a medium picture: who looks at a larger one sees it as often larger."""
    blurred = Image.fromarray(picture.astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius * max(1, case.scale)))
    assert differences(np.asarray(blurred).astype(np.int16))


def test_blurred_badges_alone(case, picture, places, differences):
    blurred = Image.fromarray(picture.astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7 * max(1, case.scale)))
    changed = picture.copy()
    for _, x, y, width, height in places:
        part = slice(y, y + height), slice(x, x + width)
        changed[part] = np.asarray(blurred)[part]
    assert differences(changed)


def test_a_fringe_around_badges(case, picture, places, differences):
    """A line of colour as wide as a pixel of a medium picture, such as bleeds out of them."""
    wide = max(1, round(case.scale))
    changed = picture.copy()
    for _, x, y, width, height in places:
        changed[y - wide : y + height + wide, x - wide : x + width + wide, 0] += 40
    for _, x, y, width, height in places:
        part = slice(y, y + height), slice(x, x + width)
        changed[part] = picture[part]
    assert differences(changed)


def test_colour_beside_brightness(case, picture, differences):
    """Colour that lies two samples beside where it belongs."""
    planes = np.asarray(Image.fromarray(picture.astype(np.uint8)).convert("YCbCr")).copy()
    by = 2 * max(1, round(case.scale))
    planes[:, by:, 1:] = planes[:, :-by, 1:]
    assert differences(np.asarray(Image.fromarray(planes, "YCbCr").convert("RGB")).astype(np.int16))


def test_a_picture_of_another_size_or_kind(case, picture):
    golden = of(picture, case)
    assert golden.differences(of(picture[:-1], case))
    assert golden.differences(replace(golden, mode="RGBA"))


def test_what_another_library_rounds_is_no_difference(picture, differences):
    noise = np.random.default_rng(1).integers(-1, 2, picture.shape)
    assert not differences(picture + noise)


def test_another_generation_of_jpeg_is_no_difference(case, picture, differences):
    """Encoded and decoded by libjpeg-turbo once more, which differs more than two libraries do."""
    out = io.BytesIO()
    Image.fromarray(picture.astype(np.uint8)).save(out, "JPEG", quality=95, subsampling="4:4:4")
    assert not differences(np.asarray(opened(out.getvalue())).astype(np.int16))
