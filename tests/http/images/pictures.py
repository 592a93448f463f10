"""Looking at answers as pictures."""

from io import BytesIO

from PIL import Image


def opened(answer) -> Image.Image:
    """The picture in an answer, wholly decoded."""
    picture = Image.open(BytesIO(answer.body))
    picture.load()
    return picture


def size_of(answer) -> tuple[int, int]:
    return opened(answer).size
