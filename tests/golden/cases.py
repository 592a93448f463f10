"""Every combination of which a golden fingerprint is kept."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from PIL import Image

from openposterdb_render import Prepared, RenderSettings, placeholder, prepare, render
from tests.golden.inputs import FORMS, form
from tests.golden.sheets import POSITIONS, SAMPLES, SHAPES

ALL = tuple(SAMPLES)
BADGES = {
    "none": (),
    "one": ALL[:1],
    "two": (ALL[6], ALL[3]),
    "five": ALL[:5],
    "all": ALL,
}
CHROMAS = ("420", "444")

_SCALES = {
    "poster": {"medium": 1, "large": 1280 / 580, "very-large": 2000 / 580},
    "logo": {"medium": 1, "large": 1722 / 780, "very-large": 2689 / 780},
    "backdrop": {"small": 1280 / 1920, "medium": 1, "large": 2, "very-large": 2},
}


@dataclass(frozen=True)
class Case:
    """One picture: its kind, the form its art comes in (none for a placeholder), the badges, and the settings."""

    kind: str
    form: str | None
    badges: str
    settings: tuple[tuple[str, object], ...]
    prepared: bool = False

    @property
    def name(self) -> str:
        """Everything of it."""
        settings = "-".join(str(value) for _, value in self.settings)
        way = "spliced" if self.prepared else "whole"
        return f"{self.kind}/{self.form or 'placeholder'}/{self.badges}/{settings}/{way}"

    @property
    def scale(self) -> float:
        """Of its badges."""
        return _SCALES[self.kind][dict(self.settings).get("size", "medium")]

    def draw(self) -> bytes:
        """The picture, now."""
        settings = RenderSettings(**dict(self.settings))
        if self.form is None:
            return placeholder(self.kind, settings)
        if self.prepared:
            return _prepared(self.kind, self.form, _terms(self.settings)).render(list(BADGES[self.badges]), settings)
        return render(self.kind, form(self.form), list(BADGES[self.badges]), settings)


def opened(data: bytes) -> Image.Image:
    """A decoded picture."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def _terms(settings: tuple[tuple[str, object], ...]) -> tuple[tuple[str, object], ...]:
    return tuple((name, value) for name, value in settings if name in {"size", "fit", "chroma", "quality", "max_bytes"})


@lru_cache(maxsize=2)
def _prepared(kind: str, name: str, terms: tuple[tuple[str, object], ...]) -> Prepared:
    return prepare(kind, form(name), RenderSettings(**dict(terms)))


def _case(kind: str, name: str | None, badges: str, *, prepared: bool = False, **settings: object) -> Case:
    return Case(kind, name, badges, tuple(settings.items()), prepared)


def _posters() -> Iterator[Case]:
    art = "jpeg-420"
    for chroma, badges, (style, label), direction, position in product(
        CHROMAS, ("one", "two", "five", "all"), SHAPES, "hv", POSITIONS
    ):
        look = {"style": style, "label": label, "direction": direction, "position": position}
        yield _case("poster", art, badges, prepared=True, chroma=chroma, **look)
    for chroma, label, position in product(CHROMAS, "it", POSITIONS):
        yield _case("poster", art, "five", chroma=chroma, label=label, position=position)
    for chroma, (style, label), position in product(CHROMAS, SHAPES, ("tl", "r", "bc")):
        yield _case(
            "poster",
            art,
            "five",
            prepared=True,
            size="large",
            chroma=chroma,
            style=style,
            label=label,
            position=position,
        )
    for (style, label), position in product(SHAPES, ("l", "br")):
        yield _case(
            "poster", art, "five", prepared=True, size="very-large", style=style, label=label, position=position
        )
    for chroma, fit, quality, max_bytes in product(CHROMAS, ("cover", "native"), (40, 100), (0, 30_000)):
        yield _case("poster", art, "two", chroma=chroma, fit=fit, quality=quality, max_bytes=max_bytes)


def _backdrops() -> Iterator[Case]:
    for chroma, badges, (style, label), prepared in product(CHROMAS, ("one", "five"), SHAPES, (False, True)):
        yield _case(
            "backdrop", "jpeg-420", badges, prepared=prepared, size="small", chroma=chroma, style=style, label=label
        )
    for style, label in SHAPES:
        for size, badges in (("medium", "all"), ("medium", "five"), ("large", "five")):
            yield _case("backdrop", "jpeg-420", badges, prepared=True, size=size, style=style, label=label)


def _logos() -> Iterator[Case]:
    for badges, (style, label), prepared in product(("two", "five", "all"), SHAPES, (False, True)):
        yield _case("logo", "png-rgba", badges, prepared=prepared, style=style, label=label)
    for (style, label), size in product(SHAPES, ("large", "very-large")):
        yield _case("logo", "png-rgba", "five", prepared=True, size=size, style=style, label=label)
    yield _case("logo", "png-rgba", "none", fit="native")


def _inputs() -> Iterator[Case]:
    for name in FORMS:
        for chroma in CHROMAS:
            yield _case("poster", name, "two", chroma=chroma)
            yield _case("backdrop", name, "one", size="small", chroma=chroma)
        yield _case("logo", name, "one")


def _unscaled() -> Iterator[Case]:
    """Art of the picture's own size, which is taken over without being drawn anew."""
    for name in (each for each in FORMS if "-fitting" in each):
        for chroma, prepared in product(CHROMAS, (False, True)):
            yield _case("poster", name, "five", prepared=prepared, chroma=chroma)
            yield _case("poster", name, "two", prepared=prepared, chroma=chroma, quality=40, max_bytes=60_000)


def _placeholders() -> Iterator[Case]:
    for kind, scales in _SCALES.items():
        for size in [*scales][:2]:
            yield _case(kind, None, "none", size=size)


CASES = {
    case.name: case for case in (*_posters(), *_backdrops(), *_logos(), *_inputs(), *_unscaled(), *_placeholders())
}
