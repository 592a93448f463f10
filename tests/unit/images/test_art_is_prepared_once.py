"""Art is decoded once for all the looks of it; which way a picture was drawn never shows."""

import asyncio
import threading
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import openposterdb_render as native
from openposterdb.clock import SystemClock
from openposterdb.domain import Badge, ImageKind, ImageSize, RatingSource
from openposterdb.errors import BadArt
from openposterdb.images.prepared import PreparedName, PreparedPictures
from openposterdb.images.renderer import PREVIEWS, RenderFailed
from openposterdb.settings import RenderSettings

FIXTURES = Path(__file__).parents[2] / "fixtures" / "art"
ART = {
    ImageKind.POSTER: "poster_liftoff_500x740_420.jpg",
    ImageKind.BACKDROP: "backdrop_whiskers_1920x1080_420.jpg",
    ImageKind.LOGO: "logo_orbital_800x310_rgba.png",
}
BADGES = [
    Badge(source, value)
    for source, value in zip(RatingSource, ("8.5", "85%", "92%", "87%", "78", "80%", "4.2", "8.50"), strict=True)
]
POSITIONS = ("l", "r", "tl", "tc", "tr", "bl", "bc", "br")
LOOKS = [
    RenderSettings(poster_position=position, poster_badge_style=style, poster_label_style=label)
    for position, style, label in product(POSITIONS, "hvd", "it")
]
POSTER = (ImageKind.POSTER, ImageSize.MEDIUM)


def file(name):
    return (FIXTURES / name).read_bytes()


@pytest.fixture
def poster(art):
    return art(file(ART[ImageKind.POSTER]))


async def test_fifty_looks_at_once_decode_the_art_once(renderer, drawings, poster):
    drawing = renderer()
    drawn = await asyncio.gather(
        *(drawing.render(POSTER[0], poster, BADGES[:3], look, POSTER[1]) for look in LOOKS),
        *(drawing.render(POSTER[0], poster, BADGES[3:], RenderSettings(), POSTER[1]) for _ in range(2)),
    )
    assert len(drawn) == 50
    assert drawings() == {"full": 1, "splice": 49}


async def test_lanes_share_what_is_prepared(renderer, drawings, poster):
    await renderer().render(POSTER[0], poster, BADGES, LOOKS[0], POSTER[1])
    await renderer(lane=PREVIEWS).render(POSTER[0], poster, BADGES, LOOKS[1], POSTER[1])
    assert drawings(lane="image") == {"full": 1, "splice": 0}
    assert drawings(lane="preview") == {"full": 0, "splice": 1}


async def test_an_image_does_not_wait_for_a_preview_to_prepare(renderer, drawings, poster):
    await asyncio.gather(
        renderer(lane=PREVIEWS).render(POSTER[0], poster, BADGES, LOOKS[0], POSTER[1]),
        renderer().render(POSTER[0], poster, BADGES, LOOKS[0], POSTER[1]),
    )
    assert drawings() == {"full": 2, "splice": 0}


@pytest.mark.parametrize("kind", ImageKind)
@pytest.mark.parametrize("changed", [{}, {"chroma": "444"}, {"fit": "native"}, {"max_bytes": 60_000}])
async def test_a_picture_has_the_same_bytes_whatever_was_drawn_before(renderer, art, clock, kind, changed):
    base = art(file(ART[kind]))
    looks = [
        RenderSettings(**changed),
        RenderSettings(**changed, poster_position="tl", logo_label_style="t", backdrop_badge_style="h"),
    ]
    forgetful, mindful = renderer(prepared=PreparedPictures(0, clock)), renderer()
    alone = [await forgetful.render(kind, base, BADGES[:3], look, ImageSize.MEDIUM) for look in looks]
    assert alone[0] != alone[1]
    for _ in range(2):
        for look, expected in reversed(list(zip(looks, alone, strict=True))):
            assert await mindful.render(kind, base, BADGES[:3], look, ImageSize.MEDIUM) == expected
    together = renderer(prepared=PreparedPictures(100_000_000, clock))
    drawing = (together.render(kind, base, BADGES[:3], look, ImageSize.MEDIUM) for look in looks)
    assert await asyncio.gather(*drawing) == alone


async def test_what_changes_more_than_badges_is_never_mixed_up(renderer, art, clock):
    bases = [art(file(name)) for name in (ART[ImageKind.POSTER], "poster_macula_1000x1426_420.jpg")]
    wanted = list(
        product(
            bases,
            (ImageKind.POSTER, ImageKind.LOGO),
            (ImageSize.MEDIUM, ImageSize.LARGE),
            (
                RenderSettings(),
                RenderSettings(fit="native"),
                RenderSettings(chroma="444"),
                RenderSettings(max_bytes=70_000),
            ),
        )
    )
    forgetful = renderer(prepared=PreparedPictures(0, clock))
    lower, higher = renderer(quality=70), renderer()
    for base, kind, size, look in wanted:
        others = [await each.render(kind, base, BADGES[:2], look, size) for each in (lower, higher)]
        if not look.max_bytes:
            assert (others[0] == others[1]) == (kind is ImageKind.LOGO), "quality"
        assert others[1] == await forgetful.render(kind, base, BADGES[:2], look, size)


members = {
    "size": ("medium", "large"),
    "position": POSITIONS,
    "style": "hvd",
    "label": "it",
    "direction": "hvd",
    "fit": ("cover", "native"),
    "chroma": ("420", "444"),
    "quality": (70, 85),
    "max_bytes": (0, 50_000),
}
options = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in members.items()})


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["poster", "backdrop"]), options, st.sets(st.sampled_from(sorted(members)), max_size=2), options)
def test_pictures_share_a_preparation_exactly_if_it_fits_both(kind, one, names, drawn):
    other = native.RenderSettings(**{**one, **{name: drawn[name] for name in names}})
    one = native.RenderSettings(**one)
    named = [PreparedName.of(ImageKind(kind), "digest", each) for each in (one, other)]
    assert (named[0] == named[1]) == native.prepare(kind, file("odd_151x223_rgb.png"), one).fits(other)


async def test_memory_keeps_its_bound_and_goes_on_serving(renderer, art, drawings, clock):
    held = PreparedPictures(150_000, clock)
    drawing = renderer(prepared=held)
    names = ["odd_301x445_420.jpg", "odd_301x445_444.jpg", "odd_301x445_gray.jpg", ART[ImageKind.POSTER]]
    for _ in range(2):
        for name in names:
            await drawing.render(POSTER[0], art(file(name)), BADGES, LOOKS[0], POSTER[1])
            assert 0 < held.bytes <= held.max_bytes
    assert len(held) < len(names)
    await drawing.render(POSTER[0], art(file(names[0])), BADGES, LOOKS[0], ImageSize.VERY_LARGE)
    assert held.bytes <= held.max_bytes, "one that is larger than all memory is drawn and forgotten"
    assert sum(drawings().values()) == 2 * len(names) + 1


async def test_nothing_is_held_for_somebody_who_has_gone(renderer, prepared, poster, clock):
    await renderer().render(POSTER[0], poster, BADGES, LOOKS[0], POSTER[1])
    clock.tick(1799)
    await renderer().render(POSTER[0], poster, BADGES, LOOKS[1], POSTER[1])
    assert len(prepared) == 1
    clock.tick(1801)
    assert (
        prepared.get(PreparedName.of(POSTER[0], poster.digest, renderer().options(POSTER[0], LOOKS[0], POSTER[1])))
        is None
    )
    assert prepared.bytes == 0


@pytest.mark.parametrize("name", ["bad_truncated.jpg", "bad_header_65500x65500.jpg", "bad_png_bomb_20000x20000.png"])
async def test_broken_art_is_bad_art_for_everybody_and_is_not_held(renderer, prepared, art, name):
    base, drawing = art(file(name)), renderer()
    outcomes = await asyncio.gather(
        *(drawing.render(POSTER[0], base, BADGES, look, POSTER[1]) for look in LOOKS[:5]), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [BadArt] * 5
    assert len(prepared) == 0
    with pytest.raises(BadArt):
        await drawing.render(POSTER[0], base, BADGES, LOOKS[0], POSTER[1])


async def test_badges_that_cannot_be_drawn_harm_nobody_else(renderer, drawings, poster):
    unknown = [Badge(SimpleNamespace(value="nonsense"), "1")]
    drawing = renderer()
    outcomes = await asyncio.gather(
        drawing.render(POSTER[0], poster, unknown, LOOKS[0], POSTER[1]),
        drawing.render(POSTER[0], poster, BADGES, LOOKS[0], POSTER[1]),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], RenderFailed)
    assert outcomes[1].startswith(b"\xff\xd8")
    assert drawings()["full"] == 1


class Broken:
    """Held art that cannot be drawn on."""

    nbytes = 1000

    def __init__(self, code):
        self._code = code

    def estimate(self, _settings):
        return 1

    def render(self, badges, options):
        raise native.RenderError(self._code, "broken")


@pytest.mark.parametrize(("code", "error"), [("corrupt", BadArt), ("internal", RenderFailed)])
async def test_a_fault_in_what_is_held_is_met_once(renderer, prepared, poster, code, error):
    drawing = renderer()
    name = PreparedName.of(POSTER[0], poster.digest, drawing.options(POSTER[0], LOOKS[0], POSTER[1]))
    prepared.put(name, Broken(code))
    with pytest.raises(error):
        await drawing.render(POSTER[0], poster, BADGES, LOOKS[0], POSTER[1])
    drawn = await drawing.render(POSTER[0], poster, BADGES, LOOKS[0], POSTER[1])
    assert drawn.startswith(b"\xff\xd8")


class Meeting:
    """Held art that is drawn on only by as many as `barrier` wants at once."""

    nbytes = 1000

    def __init__(self, barrier):
        self._barrier = barrier

    def estimate(self, _settings):
        return 1

    def render(self, badges, options):
        self._barrier.wait(10)
        return b"drawn"


async def test_a_splice_of_any_size_takes_the_room_of_a_small_render(renderer, poster, clock):
    held = PreparedPictures(10_000, clock)
    drawing = renderer(concurrency=4, prepared=held)
    options = drawing.options(POSTER[0], LOOKS[0], ImageSize.VERY_LARGE)
    held.put(PreparedName.of(POSTER[0], poster.digest, options), Meeting(threading.Barrier(4)))
    every = [drawing.render(POSTER[0], poster, BADGES, look, ImageSize.VERY_LARGE) for look in LOOKS[:4]]
    assert await asyncio.gather(*every) == [b"drawn"] * 4


def test_holding_again_replaces():
    held = PreparedPictures(1_000_000, SystemClock())
    picture = native.prepare("poster", file("odd_151x223_rgb.png"), native.RenderSettings())
    name = PreparedName.of(ImageKind.POSTER, "digest", native.RenderSettings())
    held.put(name, picture)
    held.put(name, picture)
    assert len(held) == 1
    assert picture.nbytes < held.bytes < picture.nbytes + 1000
    held.discard(name)
    assert held.bytes == 0
