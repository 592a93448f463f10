import io

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from openposterdb_render import RenderSettings, placeholder, render


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
        table = Image.open(io.BytesIO(data)).quantization[0]
        better = next(q for q in range(1, 101) if Image.open(io.BytesIO(drawn(quality=q))).quantization[0] == table) + 1
        assert len(drawn(quality=better)) > budget
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
