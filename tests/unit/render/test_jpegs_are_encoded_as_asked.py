import io

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from openposterdb_render import RenderSettings, placeholder, prepare, quality_of, render, use_port


def drawn(art, samples, **settings) -> bytes:
    return render("poster", art("poster_orbital_780x1155_420.jpg"), samples[:3], RenderSettings(**settings))


def test_colour_is_halved_unless_asked_otherwise(art, samples):
    for chroma, sampling in (("420", 2), ("444", 0)):
        picture = Image.open(io.BytesIO(drawn(art, samples, chroma=chroma)))
        assert JpegImagePlugin.get_sampling(picture) == sampling
    assert drawn(art, samples) == drawn(art, samples, chroma="420")


def test_full_colour_costs_bytes_and_keeps_badges_crisp(art, samples):
    half, full = drawn(art, samples), drawn(art, samples, chroma="444")
    assert len(half) < len(full)


@pytest.mark.parametrize("quality", [1, 50, 85, 100])
def test_quality_sets_the_standard_tables(quality, art, samples):
    picture = Image.open(io.BytesIO(drawn(art, samples, quality=quality)))
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    assert picture.quantization[0][0] == min(255, max(1, (16 * scale + 50) // 100))
    assert picture.info.get("progressive") is None


def test_nothing_but_the_picture_is_in_the_file(art):
    data = render("poster", art("odd_301x445_exif_rot90.jpg"), [], RenderSettings())
    picture = Image.open(io.BytesIO(data))
    assert (picture.getexif(), picture.info.get("icc_profile")) == ({}, None)
    assert picture.info["jfif_density"] == (1, 1)


def test_badge_colours_are_the_sources(art, samples):
    settings = RenderSettings(chroma="444", quality=95)
    picture = np.asarray(Image.open(io.BytesIO(render("poster", art("tiny_1x1.jpg"), samples[:1], settings))))
    x, y = (580 - 124) // 2, 859 - 50 - 10
    patch = picture[y + 22 : y + 28, x + 4 : x + 9].reshape(-1, 3).mean(axis=0)
    assert np.abs(patch - (180, 145, 15)).max() < 4


def test_the_same_job_gives_the_same_bytes(art, samples):
    assert drawn(art, samples) == drawn(art, samples)


@pytest.mark.parametrize("kind", ["poster", "backdrop"])
def test_a_budget_of_bytes_is_kept_at_the_highest_quality(kind, art, samples):
    base = art("poster_orbital_780x1155_420.jpg")

    def drawn(**settings) -> bytes:
        return render(kind, base, samples[:3], RenderSettings(**settings))

    assert drawn(max_bytes=len(drawn())) == drawn()
    for share in (0.9, 0.6, 0.4):
        budget = int(len(drawn()) * share)
        data = drawn(max_bytes=budget)
        assert len(data) <= budget
        chosen = quality_of(data)
        assert chosen is not None
        assert Image.open(io.BytesIO(data)).quantization == Image.open(io.BytesIO(drawn(quality=chosen))).quantization
        assert len(drawn(quality=chosen + 1)) > budget
    assert drawn(max_bytes=1) == drawn(quality=20)


def test_a_budget_says_nothing_about_logos(art, samples):
    base = art("logo_orbital_800x310_rgba.png")
    assert render("logo", base, samples, RenderSettings(max_bytes=1)) == render("logo", base, samples, RenderSettings())


def test_a_placeholder_keeps_the_budget():
    assert (
        len(placeholder("poster", RenderSettings(max_bytes=11000)))
        <= 11000
        < len(placeholder("poster", RenderSettings()))
    )


def test_the_quality_of_a_spliced_picture_is_known_too(art, samples):
    settings = RenderSettings(max_bytes=60_000)
    picture = prepare("poster", art("poster_orbital_780x1155_420.jpg"), settings).render(samples[:3], settings)
    assert len(picture) <= 60_000
    assert 20 <= (quality_of(picture) or 0) < 85
    logo = render("logo", art("logo_orbital_800x310_rgba.png"), samples, RenderSettings())
    assert quality_of(logo) is None


@pytest.mark.parametrize("name", ["poster_orbital_780x1155_420.jpg", "poster_whiskers_780x1155_420_progressive.jpg"])
@pytest.mark.parametrize("chroma", ["420", "444"])
def test_builds_with_other_libraries_write_the_same_bytes(name, chroma, art, samples):
    settings = RenderSettings(chroma=chroma)
    picture = render("poster", art(name), samples, settings)
    use_port(True)
    try:
        assert render("poster", art(name), samples, settings) == picture
    finally:
        use_port(False)
