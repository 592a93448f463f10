"""Looking at bodies as pictures."""

from io import BytesIO

from PIL import Image


def opened(body: bytes) -> Image.Image:
    """The picture, wholly decoded."""
    picture = Image.open(BytesIO(body))
    picture.load()
    return picture


def size_of(body: bytes) -> tuple[int, int]:
    return opened(body).size
