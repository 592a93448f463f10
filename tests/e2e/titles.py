"""What the tests ask for, and the answers' pictures."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from PIL import Image

from openposterdb.demo.catalogue import load_catalogue
from tests.e2e.conftest import KEY

POSTERS = tuple(
    f"/{KEY}/tmdb/poster-default/{title.tmdb_id}.jpg" for title in load_catalogue().titles() if title.tmdb_poster
)
POSTER = f"/{KEY}/imdb/poster-default/tt99000102.jpg"


def opened(body: bytes) -> Image.Image:
    """The picture, wholly decoded."""
    picture = Image.open(BytesIO(body))
    picture.load()
    return picture


def ask_for(server, paths, *, at_once=8):
    """The answers in the order of the paths."""
    with ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(server.get, paths))
