"""How near a picture is to the art, scaled in floating point: structural similarity of brightness."""

import io

import numpy as np
from PIL import Image

WINDOW = 8


def reference(base: bytes, size: tuple[int, int]) -> np.ndarray:
    """The brightness of the art, scaled by Lanczos in floating point to cover a size, without a second JPEG."""
    art = Image.open(io.BytesIO(base)).convert("YCbCr").getchannel("Y").convert("F")
    scale = max(size[0] / art.width, size[1] / art.height)
    width, height = max(round(art.width * scale), size[0]), max(round(art.height * scale), size[1])
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    whole = art.resize((width, height), Image.Resampling.LANCZOS) if (width, height) != art.size else art
    return np.asarray(whole.crop((left, top, left + size[0], top + size[1])), dtype=np.float64)


def similarity(picture: bytes, wanted: np.ndarray) -> float:
    """Mean SSIM over all windows of 8 x 8 samples of brightness."""
    found = np.asarray(Image.open(io.BytesIO(picture)).convert("YCbCr").getchannel("Y"), dtype=np.float64)
    mean = _means
    a, b = mean(found), mean(wanted)
    var_a, var_b = mean(found**2) - a**2, mean(wanted**2) - b**2
    both = mean(found * wanted) - a * b
    one, two = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    top = (2 * a * b + one) * (2 * both + two)
    return float((top / ((a**2 + b**2 + one) * (var_a + var_b + two))).mean())


def _means(values: np.ndarray) -> np.ndarray:
    sums = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    n = WINDOW
    return (sums[n:, n:] - sums[:-n, n:] - sums[n:, :-n] + sums[:-n, :-n]) / n**2
