"""Art is decoded once for all looks of it, and no client can tell: the same picture has the same bytes wherever, whenever and
in whatever company it is drawn."""

import asyncio

import pytest

from openposterdb.demo.faults import Fault, FaultKind
from tests.http.images.titles import MOVIE, SERIES, paths

KINDS = ("poster", "logo", "backdrop")
POSITIONS = ("bottom", "top", "left-top", "left-center", "left-bottom", "right-top", "right-center", "right-bottom")
STALE = {"RATINGS_STALE_SECS": "100"}
UNRELEASED = "winter-twice"


@pytest.fixture
def path(double):
    return f"tmdb/poster-default/{double.catalogue.by_slug(MOVIE).tmdb_id}"


@pytest.fixture
def replica(start, tmp_path):
    """Another process that shares nothing with any other one."""

    async def go(name, **variables):
        folders = {"DB_DIR": str(tmp_path / name), "CACHE_DIR": str(tmp_path / f"{name}-cache")}
        return await start(**folders, **variables)

    return go


def drawn(service):
    return {
        way: int(service.value("openposterdb_render_duration_seconds_count", path=way)) for way in ("full", "splice")
    }


async def test_other_settings_on_one_title_are_a_splice(service, path):
    first = await service.get(path)
    assert drawn(service) == {"full": 1, "splice": 0}
    await service.save(poster_position="tl", poster_label_style="t")
    other = await service.get(path)
    assert other.body != first.body
    assert drawn(service) == {"full": 1, "splice": 1}
    await service.get(f"{path}?ratingBarPos=right-top")
    await service.get(f"{path}?imageSize=large")
    assert drawn(service) == {"full": 2, "splice": 2}, "another size is another picture"


async def test_all_positions_at_once_decode_the_art_once(service, path):
    answers = await asyncio.gather(*(service.get(f"{path}?ratingBarPos={position}") for position in POSITIONS))
    assert len({answer.header("etag") for answer in answers}) == len(POSITIONS)
    assert drawn(service) == {"full": 1, "splice": len(POSITIONS) - 1}


@pytest.mark.parametrize("kind", KINDS)
async def test_replicas_with_different_pasts_give_one_etag(replica, double, kind):
    path = paths(double.catalogue.by_slug(SERIES), kind)[0]
    one, other = await replica("one"), await replica("other", IMAGE_MEM_CACHE_MB="0")
    labels = {f"{kind}_label_style": "t"}
    first = await one.get(path)
    await one.save(**labels)
    second = await one.get(path)
    await other.save(**labels)
    assert (await other.get(path)).header("etag") == second.header("etag")
    await other.save(**{f"{kind}_label_style": "i"})
    assert (await other.get(path)).header("etag") == first.header("etag")
    assert drawn(one) == {"full": 1, "splice": 1}
    assert drawn(other) == {"full": 2, "splice": 0}


async def test_a_renewal_that_changes_nothing_keeps_the_etag(start, double):
    path = f"tmdb/poster-default/{double.catalogue.by_slug(UNRELEASED).tmdb_id}"
    service = await start(**STALE)
    tag = (await service.get(path)).header("etag")
    for splices in (1, 3):  # with the art still prepared, then after picture and art have gone from memory
        service.clock.tick(150)
        await service.get(path)
        await service.settle()
        assert drawn(service) == {"full": 1, "splice": splices}
        assert (await service.get(path, headers=[("if-none-match", tag)])).status == 304
        service.clock.tick(1800)
    later = await start(**STALE)
    assert (await later.get(path, headers=[("if-none-match", tag)])).status == 304


async def test_a_renewal_with_other_ratings_is_a_splice(start, double, rerate):
    path = f"tmdb/poster-default/{double.catalogue.by_slug(UNRELEASED).tmdb_id}"
    service = await start(**STALE)
    old = await service.get(path)
    rerate(UNRELEASED, imdb=9.9)
    service.clock.tick(150)
    await service.get(path)
    await service.settle()
    assert (await service.get(path)).header("etag") != old.header("etag")
    assert drawn(service) == {"full": 1, "splice": 1}


async def test_the_address_in_a_cdn_has_the_etag_of_the_picture(replica, path):
    plain, cdn = await replica("plain"), await replica("cdn", ENABLE_CDN_REDIRECTS="true")
    expected = await plain.get(path)
    await cdn.save(poster_position="tl")
    await cdn.ask("GET", (await cdn.get(path)).header("location"))
    await cdn.save(poster_position="bc")
    answer = await cdn.ask("GET", (await cdn.get(path)).header("location"))
    assert answer.header("etag") == expected.header("etag")
    assert drawn(cdn) == {"full": 1, "splice": 1}


async def test_art_that_came_broken_is_fetched_again_and_prepared_whole(service, double, path):
    double.add_fault(Fault(kind=FaultKind.TRUNCATED_PICTURE, times=1))
    assert (await service.get(path)).status == 200
    assert len(service.parts.prepared) == 1


@pytest.mark.parametrize("mebibytes", [0, 1, 4])
async def test_prepared_pictures_come_out_of_the_memory_for_images(start, double, mebibytes):
    service = await start(IMAGE_MEM_CACHE_MB=str(mebibytes))
    for title in double.catalogue.titles("movie"):
        if title.has_poster:
            await service.get(f"tmdb/poster-default/{title.tmdb_id}")
        held, memory = service.parts.prepared, service.parts.memory
        assert held.max_bytes + memory.max_bytes == mebibytes * 1024 * 1024
        assert held.bytes <= held.max_bytes
        assert memory.bytes <= memory.max_bytes
    assert (len(service.parts.prepared) > 0) == (mebibytes > 0)
    assert service.value("openposterdb_cache_bytes", layer="prepared") == service.parts.prepared.bytes
