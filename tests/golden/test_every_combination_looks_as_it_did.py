import numpy as np
import pytest

from tests.golden.cases import CASES
from tests.golden.fingerprints import TOLERANCE
from tests.golden.inputs import FORMS, ORIENTATIONS
from tests.golden.kept import fingerprint, load, opened

KEPT = load()


def test_there_is_a_fingerprint_of_every_combination():
    assert len(CASES) >= 900
    assert [*KEPT] == [*CASES]


@pytest.mark.parametrize("name", CASES)
def test_every_picture(name, tmp_path):
    picture = opened(CASES[name].draw())
    differences = KEPT[name].differences(fingerprint(picture, CASES[name].scale))
    if differences:
        picture.save(tmp_path / "now.png")
    assert not differences, f"look at {tmp_path}/now.png"


@pytest.mark.parametrize(("form", "leeway"), [("jpeg", 2), ("png", 1), ("webp", 1), ("tiff", 1)])
def test_a_picture_that_says_how_to_turn_it_looks_like_the_upright_one(form, leeway):
    """JPEG's blocks lie elsewhere in a turned picture, so it differs a little; the others lose nothing."""
    tolerance = leeway * np.array([*TOLERANCE.values()])
    for kind, rest in (("poster", "two/420"), ("poster", "two/444"), ("backdrop", "one/small-420"), ("logo", "one/")):
        upright, *turned = (KEPT[f"{kind}/{form}-exif-{exif}/{rest}/whole"] for exif in ORIENTATIONS)
        for other in turned:
            assert (other.size, other.mode) == (upright.size, upright.mode)
            assert (other.distances(upright) < tolerance).all()


def test_equal_art_looks_equal_in_every_form():
    """What keeps all colours, all eight bits and no alpha: the same pixels in another file."""
    forms = ("png-rgb", "png-rgb-16", "webp-lossless", "tiff", "tiff-deflate", "bmp", "png-exif-1", "png-icc-srgb")
    assert set(forms) <= set(FORMS)
    first, *others = (KEPT[f"poster/{form}/two/420/whole"] for form in forms)
    assert [it.differences(first) for it in others] == [[]] * len(others)
