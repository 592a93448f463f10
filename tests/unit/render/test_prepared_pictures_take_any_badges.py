import io
import warnings
from itertools import product
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, JpegImagePlugin

from openposterdb_render import Prepared, RenderError, RenderSettings, layout, prepare, render

ART = {
    "poster": "poster_orbital_780x1155_420.jpg",
    "backdrop": "backdrop_whiskers_1920x1080_420.jpg",
    "logo": "logo_orbital_800x310_rgba.png",
}
POSITIONS = ("l", "r", "tl", "tc", "tr", "bl", "bc", "br")


def opened(data: bytes) -> Image.Image:
    """A picture as decoders see it that forgive nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = Image.open(io.BytesIO(data))
        picture.load()
    return picture


def samples_of(data: bytes) -> np.ndarray:
    """A JPEG in its own colours, a PNG as it is."""
    picture = Image.open(io.BytesIO(data))
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        picture.draft("YCbCr", picture.size)
    return np.asarray(picture, dtype=np.int16)


def touched_rows(kind: str, picture: np.ndarray, badges, settings: RenderSettings) -> np.ndarray:
    """Rows whose blocks hold a badge, and the one row on both sides into which decoders smooth colours."""
    height, width = picture.shape[:2]
    unit = 16 if settings.chroma == "420" else 8
    rows = np.zeros(height, dtype=bool)
    for _, _, y, _, badge_height in layout(kind, width, height, badges, settings):
        rows[max(0, y // unit * unit - 1) : (y + badge_height + unit - 1) // unit * unit + 1] = True
    return rows


@pytest.mark.parametrize("chroma", ["420", "444"])
@pytest.mark.parametrize(("kind", "size"), [("poster", "medium"), ("poster", "large"), ("backdrop", "medium")])
def test_badges_change_their_rows_alone_and_look_as_if_drawn_with_the_rest(kind, size, chroma, art, samples):
    shapes = product(POSITIONS, "hv", "hv", "it") if kind == "poster" else product(["bc"], "hv", "d", "it")
    if size == "large":
        shapes = [("bc", "d", "d", "i"), ("tr", "d", "d", "t")]
    base = art(ART[kind])
    prepared = prepare(kind, base, RenderSettings(size=size, chroma=chroma))
    bare = samples_of(prepared.render([], RenderSettings(size=size, chroma=chroma)))
    for position, style, direction, label in shapes:
        wanted = RenderSettings(
            size=size, chroma=chroma, position=position, style=style, direction=direction, label=label
        )
        data = prepared.render(samples[:5], wanted)
        opened(data)
        spliced, whole = samples_of(data), samples_of(render(kind, base, samples[:5], wanted))
        rows = touched_rows(kind, spliced, samples[:5], wanted)
        assert np.array_equal(spliced[~rows], bare[~rows])
        assert not np.array_equal(spliced[rows], bare[rows])
        assert np.abs(spliced[rows] - whole[rows]).mean() < 1


def test_without_badges_it_is_the_picture_as_drawn_at_once(art):
    for kind, name in ART.items():
        prepared = prepare(kind, art(name), RenderSettings())
        assert np.array_equal(
            samples_of(prepared.render([], RenderSettings())), samples_of(render(kind, art(name), [], RenderSettings()))
        )


@pytest.mark.parametrize("size", ["medium", "large", "very-large"])
def test_a_logo_has_the_same_pixels_either_way(size, art, samples):
    base = art(ART["logo"])
    prepared = prepare("logo", base, RenderSettings(size=size))
    for style, label, badges in product("hv", "it", (samples, samples[:2], [])):
        wanted = RenderSettings(size=size, style=style, label=label)
        data = prepared.render(badges, wanted)
        assert np.array_equal(np.asarray(opened(data)), np.asarray(opened(render("logo", base, badges, wanted))))


def test_a_row_of_badges_may_be_wider_than_the_logo(art):
    base, wide = art(ART["logo"]), [(source, "%%%%%%%%%%") for source in ("imdb", "tmdb", "rt")]
    wanted = RenderSettings(style="h")
    data = prepare("logo", base, wanted).render(wide, wanted)
    picture = opened(data)
    assert picture.width > 780
    assert np.array_equal(np.asarray(picture), np.asarray(opened(render("logo", base, wide, wanted))))


@pytest.mark.parametrize("fit", ["cover", "native"])
@pytest.mark.parametrize(
    ("kind", "name"), [*ART.items(), ("poster", "odd_301x445_gray.jpg"), ("logo", "odd_301x445_444.jpg")]
)
def test_it_survives_being_stored(kind, name, fit, art, samples):
    settings = RenderSettings(fit=fit)
    prepared = prepare(kind, art(name), settings)
    data = prepared.to_bytes()
    again = Prepared.from_bytes(kind, data)
    assert again == prepared
    assert (again.kind, again.width, again.height) == (kind, prepared.width, prepared.height)
    assert again.render(samples, settings) == prepared.render(samples, settings)
    assert len(data) <= prepared.nbytes + 64
    opened(again.render(samples, settings))


def test_what_badges_look_like_is_free_and_the_rest_is_not(art, samples):
    prepared = prepare("poster", art(ART["poster"]), RenderSettings())
    assert prepared.fits(RenderSettings(position="tl", style="v", label="t", direction="h"))
    for other in ({"size": "large"}, {"fit": "native"}, {"chroma": "444"}, {"quality": 80}, {"max_bytes": 1}):
        assert not prepared.fits(RenderSettings(**other))
        with pytest.raises(RenderError) as caught:
            prepared.render(samples, RenderSettings(**other))
        assert caught.value.code == "bad_settings"
    logo = prepare("logo", art(ART["logo"]), RenderSettings())
    assert logo.fits(RenderSettings(chroma="444", quality=80, max_bytes=1))


@pytest.mark.parametrize("kind", ["poster", "backdrop"])
def test_a_budget_of_bytes_is_kept(kind, art, samples):
    base = art(ART[kind])
    for budget in (10_000_000, 90_000, 60_000):
        settings = RenderSettings(max_bytes=budget, style="v", direction="v")
        data = prepare(kind, base, settings).render(samples[:8], settings)
        at_once = render(kind, base, samples[:8], settings)
        assert len(data) <= budget or len(at_once) > budget
        assert len(data) > 0.85 * len(at_once)


def test_bytes_of_another_kind_or_another_epoch_are_refused(art):
    data = prepare("poster", art(ART["poster"]), RenderSettings()).to_bytes()
    others = [("logo", data), ("backdrop", data), ("poster", data[:4] + b"\xff" + data[5:]), ("poster", data[:-1])]
    for kind, broken in [*others, ("poster", b""), ("poster", b"OPDR"), ("poster", data + b"x")]:
        with pytest.raises(RenderError) as caught:
            Prepared.from_bytes(kind, broken)
        assert caught.value.code == "corrupt"


@pytest.fixture(scope="session")
def stored(art) -> dict[str, bytes]:
    return {kind: prepare(kind, art(name), RenderSettings()).to_bytes() for kind, name in ART.items()}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(ART)), st.data())
def test_any_flipped_byte_is_noticed(stored, kind, data):
    whole = bytearray(stored[kind])
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(RenderError) as caught:
        Prepared.from_bytes(kind, bytes(whole))
    assert caught.value.code == "corrupt"


def test_threads_share_one(art, samples):
    prepared, settings = prepare("poster", art(ART["poster"]), RenderSettings()), RenderSettings()
    results: list[bytes] = []
    threads = [Thread(target=lambda: results.append(prepared.render(samples, settings))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert len(set(results)) == 1
