"""Memory: what the process holds of pictures and of requests has a bound, the hot path included."""

import asyncio

import pytest

from tests.http.images.titles import MOVIE

POSITIONS = ("bottom", "top", "left-top", "left-center", "left-bottom", "right-top", "right-center", "right-bottom")


def paths(double):
    """Some eighty pictures of several MiB together."""
    return [
        f"tmdb/poster-default/{title.tmdb_id}?ratingBarPos={position}"
        for title in list(double.catalogue.titles("movie"))[:6]
        for position in POSITIONS
        if title.has_poster
    ]


def hot_bytes(service):
    return sum({entry.etag: len(entry.body) for entry in service.hot._entries.values()}.values())


@pytest.mark.parametrize("mebibytes", [0, 1])
async def test_the_hot_path_holds_nothing_that_memory_has_let_go(start, double, mebibytes):
    service = await start(IMAGE_MEM_CACHE_MB=str(mebibytes))
    every = paths(double)
    sent = 0
    for batch in range(0, len(every), 12):
        answers = await asyncio.gather(*(service.get(path) for path in every[batch : batch + 12]))
        assert {answer.status for answer in answers} == {200}
        sent += sum(len(answer.body) for answer in answers)
    assert sent > 2 * mebibytes * 1024 * 1024, "more than fits"
    assert service.parts.memory.bytes <= mebibytes * 1024 * 1024
    assert hot_bytes(service) <= mebibytes * 1024 * 1024
    assert (len(service.hot) > 0) == (mebibytes > 0)
    assert {entry.image for entry in service.hot._entries.values()} <= {
        *service.parts.memory._main,
        *service.parts.memory._probation,
    }


async def test_what_memory_lets_go_is_found_in_the_store(start, double):
    service = await start(IMAGE_MEM_CACHE_MB="0")
    path = f"tmdb/poster-default/{double.catalogue.by_slug(MOVIE).tmdb_id}"
    first = await service.get(path)
    await service.settle()
    double.calls.clear()
    assert (await service.get(path)).body == first.body
    assert service.renders() == 1
    assert not double.calls


async def test_external_cache_only_writes_no_file(start, double):
    service = await start(EXTERNAL_CACHE_ONLY="true")
    path = f"imdb/poster-default/{double.catalogue.by_slug(MOVIE).imdb}"
    first = await service.get(path)
    assert first.status == 200
    await service.settle()
    double.calls.clear()
    assert (await service.get(f"{path}?again")).body == first.body
    assert not double.calls, "memory answers"
    assert service.renders() == 1
    assert not service.environment.cache_dir.exists()
    later = await start(EXTERNAL_CACHE_ONLY="true")
    assert (await later.get(path)).body == first.body
    assert later.renders() == 1
    await later.settle()
    assert not service.environment.cache_dir.exists()
