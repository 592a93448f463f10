"""Staleness: an old picture answers at once and is renewed behind, once; when that fails, it stays."""

import asyncio

import pytest

from openposterdb.demo.faults import Fault, FaultKind

STALE = {"RATINGS_STALE_SECS": "100", "RATINGS_MAX_AGE_SECS": "31536000"}
LONG_AFTER = 150
"""Seconds after which a title that is not released yet is stale for certain (100 and a tenth)."""
UNRELEASED = "winter-twice"


@pytest.fixture
def path(double):
    return f"tmdb/poster-default/{double.catalogue.by_slug(UNRELEASED).tmdb_id}"


async def test_it_answers_at_once_and_is_renewed_behind(start, rerate, path):
    service = await start(**STALE)
    old = await service.get(path)
    rerate(UNRELEASED, imdb=9.9)
    service.clock.tick(80)
    assert (await service.get(path)).body == old.body
    service.clock.tick(LONG_AFTER)
    stale = await service.get(path)
    assert stale.body == old.body, "nobody waits"
    await service.settle()
    new = await service.get(path)
    assert new.body != old.body
    assert new.header("etag") != old.header("etag")
    assert (await service.get(path)).body == new.body
    assert (await service.get(path, headers=[("if-none-match", old.header("etag"))])).status == 200


async def test_a_stale_picture_is_not_called_fresh_whoever_knows_how_its_renewal_went(start, double, path):
    """Of two processes on one store only the first tries to renew."""
    first, second = await start(**STALE), await start(**STALE)
    fresh = [(await each.get(path)).header("cache-control") for each in (first, second)]
    assert fresh == ["public, max-age=3600, stale-while-revalidate=86400"] * 2
    double.add_fault(Fault(kind=FaultKind.STATUS, status=503))
    first.clock.tick(LONG_AFTER)
    for each in (first, first, second):
        stale = await each.get(path)
        assert (stale.status, stale.header("cache-control")) == (200, "public, max-age=60")
        await first.settle()
    double.clear_faults()
    first.clock.tick(61)
    await first.get(path)
    await first.settle()
    assert (await first.get(path)).header("cache-control") == fresh[0]


async def test_a_changed_value_under_the_same_badges_replaces_the_picture(start, rerate, path):
    service = await start(**STALE)
    rerate(UNRELEASED, imdb=5.0)
    old = await service.get(path)
    rerate(UNRELEASED, imdb=9.9)
    service.clock.tick(LONG_AFTER)
    await service.get(path)
    await service.settle()
    new = await service.get(path)
    assert new.body != old.body
    assert len(await service.kept()) == 1
    service.clock.tick(1)
    later = await start(**STALE)
    assert (await later.get(path)).body == new.body, "the store has the new one, too"
    assert later.decoded() == 0


async def test_a_crowd_on_a_stale_picture_makes_one_renewal(start, double, rerate, path):
    service = await start(**STALE)
    old = await service.get(path)
    double.calls.clear()
    rerate(UNRELEASED, imdb=9.9)
    service.clock.tick(LONG_AFTER)
    answers = await asyncio.gather(*(service.get(f"{path}?{n}") for n in range(60)))
    assert {answer.body for answer in answers} == {old.body}
    await service.settle()
    assert service.renders() == 2
    assert set(double.calls.values()) == {1}
    assert service.value("openposterdb_refreshes_total", outcome="renewed") == 1


async def test_a_failing_renewal_keeps_the_old_picture_and_is_tried_again_later(start, double, rerate, path):
    service = await start(**STALE)
    old = await service.get(path)
    rerate(UNRELEASED, imdb=9.9)
    service.clock.tick(LONG_AFTER)
    double.add_fault(Fault(kind=FaultKind.STATUS, status=404, service="tmdb"))
    for _ in range(5):
        answer = await service.get(path)
        assert (answer.status, answer.body) == (200, old.body)
        await service.settle()
    assert service.value("openposterdb_refreshes_total", outcome="failed") == 1
    double.clear_faults()
    service.clock.tick(61)
    assert (await service.get(path)).body == old.body
    await service.settle()
    assert (await service.get(path)).body != old.body


async def test_a_picture_out_of_the_store_knows_its_age(start, double, rerate, path):
    first = await start(**STALE)
    old = await first.get(path)
    await first.settle()
    rerate(UNRELEASED, imdb=9.9)
    first.clock.tick(LONG_AFTER)
    second = await start(**STALE)
    assert (await second.get(path)).body == old.body
    await second.settle()
    assert (await second.get(path)).body != old.body
    assert second.decoded() == 0, "the art is the same"


async def test_the_hot_path_repeats_an_answer_for_a_minute_at_most(start, rerate, path):
    """And no longer than the picture is fresh."""
    service = await start(**{**STALE, "RATINGS_STALE_SECS": "20"})
    old = await service.get(path)
    rerate(UNRELEASED, imdb=9.9)
    service.clock.tick(23)
    looked_up = service.value("openposterdb_cache_requests_total")
    assert (await service.get(path)).body == old.body
    assert service.value("openposterdb_cache_requests_total") > looked_up, "the route had to look"
    await service.settle()
    assert (await service.get(path)).body != old.body


@pytest.mark.parametrize(
    ("slug", "stale"),
    [("paper-harbour", False), ("neon-orchard", False), ("lisbon-project", True), ("winter-twice", True)],
    ids=["1922", "1984", "undated", "unreleased"],
)
async def test_old_films_never_go_stale(start, double, slug, stale):
    service = await start(**STALE)
    path = f"tmdb/poster-default/{double.catalogue.by_slug(slug).tmdb_id}"
    assert (await service.get(path)).status == 200
    await service.settle()
    double.calls.clear()
    service.clock.tick(30 * 86_400)
    answer = await service.get(path)
    fresh = "public, max-age=3600, stale-while-revalidate=86400"
    assert answer.header("cache-control") == ("public, max-age=60" if stale else fresh)
    await service.settle()
    assert bool(double.calls) == stale


async def test_base_pictures_are_confirmed_when_they_are_stale(start, double):
    """A second look at TMDB's poster is conditional; the one that is confirmed counts as new for as long again."""
    service = await start(IMAGE_STALE_SECS="1000")
    path = f"tmdb/poster-default/{double.catalogue.by_slug('paper-harbour').tmdb_id}?ratingBarPos="

    async def drawn(position):
        answer = await service.get(path + position)
        assert answer.status == 200
        await service.settle()
        return double.count("tmdb-images")

    assert await drawn("top") == 1
    assert await drawn("bottom") == 1
    service.clock.tick(1001)
    assert await drawn("left-top") == 2
    assert await drawn("right-top") == 2
    service.clock.tick(1001)
    assert await drawn("left-center") == 3


async def test_a_newer_base_picture_that_is_broken_does_not_replace_the_good_one(start, double):
    service = await start(IMAGE_STALE_SECS="1000")
    path = f"tmdb/poster-default/{double.catalogue.by_slug('paper-harbour').tmdb_id}?ratingBarPos="
    assert (await service.get(f"{path}top")).status == 200
    await service.settle()
    service.clock.tick(1001)
    double.add_fault(Fault(kind=FaultKind.CORRUPT_PICTURE, service="tmdb-images"))
    assert (await service.get(f"{path}left-top")).status == 200
    assert (await service.get(f"{path}right-top")).status == 200
    double.clear_faults()
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service="tmdb-images"))
    service.clock.tick(1001)
    assert (await service.get(f"{path}left-center")).status == 200


async def test_base_pictures_are_never_asked_for_again_by_default(service, double):
    path = f"tmdb/poster-default/{double.catalogue.by_slug('paper-harbour').tmdb_id}?ratingBarPos="
    await service.get(f"{path}top")
    await service.settle()
    service.clock.tick(10 * 365 * 86_400)
    assert (await service.get(f"{path}left-top")).status == 200
    assert double.count("tmdb-images") == 1
