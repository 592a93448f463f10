"""The bytes of running renders stay within a budget, by what each is known to need."""

import asyncio

import pytest

import openposterdb_render as native
from openposterdb.domain import ImageKind, ImageSize
from openposterdb.errors import BadArt
from openposterdb.images.limiter import RenderMemory
from openposterdb.images.renderer import RenderFailed
from openposterdb.settings import RenderSettings
from tests.unit.images.test_art_is_prepared_once import ART, BADGES, file
from tests.unit.images.test_the_render_limit_is_fair import Worker, end, let_run

LARGE = (ImageKind.BACKDROP, ImageSize.LARGE)


def needed(kind=ImageKind.BACKDROP, size="large"):
    return native.estimate(kind.value, file(ART[kind]), native.RenderSettings(size=size))


async def test_what_does_not_fit_beside_the_others_waits():
    memory = RenderMemory(100)
    every = []
    for bytes_ in (60, 30, 20, 5):
        every.append(Worker(memory, bytes_))
        await let_run()
    assert [worker.entered for worker in every] == [True, True, False, False]
    assert (memory.in_use, memory.waiting) == (90, 2)
    await every[1].leave()
    await let_run()
    assert (memory.in_use, memory.waiting) == (85, 0)
    await end(*every)
    assert memory.in_use == 0


async def test_what_never_fits_is_refused_and_says_why():
    memory = RenderMemory(100 << 20)
    with pytest.raises(BadArt, match="101 MiB of memory, RENDER_MEMORY_MB is less"):
        async with memory.slot((100 << 20) + 1):
            pass
    assert memory.in_use == 0


async def test_large_renders_take_turns_when_there_is_memory_for_one(renderer, art):
    backdrop = art(file(ART[ImageKind.BACKDROP]))
    memory = RenderMemory(needed() + 1)
    most = 0
    drawing = renderer(memory=memory)

    async def watch():
        nonlocal most
        while True:
            most = max(most, memory.in_use)
            await asyncio.sleep(0)

    watching = asyncio.ensure_future(watch())
    looks = (RenderSettings(chroma=chroma) for chroma in ("420", "420", "420"))
    await asyncio.gather(*(drawing.render(LARGE[0], backdrop, BADGES[:2], look, LARGE[1]) for look in looks))
    watching.cancel()
    assert 0 < most <= memory.budget
    assert memory.in_use == 0


async def test_a_picture_that_needs_more_than_there_is_is_bad_art(renderer, art):
    backdrop = art(file(ART[ImageKind.BACKDROP]))
    drawing = renderer(memory=RenderMemory(needed() - 1))
    with pytest.raises(BadArt, match="too large"):
        await drawing.render(LARGE[0], backdrop, BADGES[:2], RenderSettings(), LARGE[1])
    assert await drawing.render(LARGE[0], backdrop, BADGES[:2], RenderSettings(), ImageSize.SMALL)


async def test_a_header_that_tells_of_too_much_is_bad_art_before_anything_waits(renderer, art):
    with pytest.raises(BadArt, match="too large"):
        await renderer().render(*LARGE[:1], art(file("bad_header_65500x65500.jpg")), BADGES, RenderSettings(), LARGE[1])


async def test_a_panic_is_one_error_and_the_renderer_goes_on(renderer, art, monkeypatch):
    """On the very thread that goes on drawing."""
    drawing, poster = renderer(), art(file(ART[ImageKind.POSTER]))
    prepare = native.prepare
    monkeypatch.setattr(native, "prepare", lambda *_: native._native._panic())
    for _ in range(3):
        with pytest.raises(RenderFailed, match="internal"):
            await drawing.render(ImageKind.POSTER, poster, BADGES, RenderSettings(), ImageSize.MEDIUM)
    monkeypatch.setattr(native, "prepare", prepare)
    assert await drawing.render(ImageKind.POSTER, poster, BADGES, RenderSettings(), ImageSize.MEDIUM)


def test_a_prepared_picture_tells_what_badges_on_it_need():
    for kind, name in ART.items():
        settings = native.RenderSettings()
        prepared = native.prepare(kind.value, file(name), settings)
        assert prepared.nbytes < prepared.estimate(settings) < native.estimate(kind.value, file(name), settings)
