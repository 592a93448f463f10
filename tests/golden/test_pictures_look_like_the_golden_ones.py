import numpy as np
import pytest
from PIL import Image

from tests.golden.sheets import HERE, draw, names


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, dtype=np.int16)


@pytest.mark.parametrize("name", [name for name in names() if name.endswith(".jpg")])
def test_sheets(name):
    """Sheets are kept as JPEG: small differences everywhere are its, a larger one in one place is ours."""
    golden, now = pixels(Image.open(HERE / name)), pixels(draw(name))
    assert golden.shape == now.shape
    difference = np.abs(golden - now).mean(axis=2)
    assert difference.mean() < 2.5
    height, width = (extent // 4 * 4 for extent in difference.shape)
    patches = difference[:height, :width].reshape(height // 4, 4, width // 4, 4).mean(axis=(1, 3))
    assert patches.max() < 12


@pytest.mark.parametrize("name", [name for name in names() if name.endswith(".png")])
def test_badges_and_inputs(name):
    """These are kept losslessly; only roundings may differ between processors."""
    golden, now = pixels(Image.open(HERE / name)), pixels(draw(name))
    assert golden.shape == now.shape
    assert np.abs(golden - now).max() <= 2
