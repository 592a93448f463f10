from collections.abc import Callable
from pathlib import Path

import pytest

ART = Path(__file__).parents[2] / "fixtures" / "art"

#: The eight sample ratings of previews, in natural order.
SAMPLES = [
    ("imdb", "8.5"),
    ("tmdb", "85%"),
    ("rt", "92%"),
    ("rta", "87%"),
    ("mc", "78"),
    ("trakt", "80%"),
    ("lb", "4.2"),
    ("mal", "8.50"),
]


@pytest.fixture(scope="session")
def art() -> Callable[[str], bytes]:
    return lambda name: (ART / name).read_bytes()


@pytest.fixture(scope="session")
def samples() -> list[tuple[str, str]]:
    return list(SAMPLES)
