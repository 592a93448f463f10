"""A poster, a logo, a backdrop: by every id, at exact sizes, rendered once and found again."""

import asyncio

import pytest

from tests.http.images.pictures import opened, size_of

SIZES = {
    ("poster", "medium"): (580, 859),
    ("poster", "large"): (1280, 1896),
    ("poster", "very-large"): (2000, 2962),
    ("poster", "verylarge"): (2000, 2962),
    ("backdrop", "small"): (1280, 720),
    ("backdrop", "medium"): (1920, 1080),
    ("backdrop", "large"): (3840, 2160),
    ("backdrop", "very-large"): (3840, 2160),
}
LOGO_WIDTHS = {"medium": 780, "large": 1722, "very-large": 2689}


def full_title(double):
    """A series that has everything, so that every kind can be asked for by every id."""
    return next(t for t in double.catalogue.titles("series") if t.backdrop and t.logo and t.imdb and t.tvdb)


@pytest.mark.parametrize(("kind", "size"), SIZES)
async def test_posters_and_backdrops_have_exact_sizes(service, double, kind, size):
    answer = await service.get(f"tmdb/{kind}-default/{full_title(double).tmdb_id}.jpg?imageSize={size}")
    assert answer.status == 200
    assert answer.header("content-type") == "image/jpeg"
    assert opened(answer).format == "JPEG"
    assert size_of(answer) == SIZES[kind, size]


@pytest.mark.parametrize("size", LOGO_WIDTHS)
async def test_logos_have_a_fixed_width_and_transparency(service, double, size):
    answer = await service.get(f"tmdb/logo-default/{full_title(double).tmdb_id}.png?imageSize={size}")
    assert answer.status == 200
    assert answer.header("content-type") == "image/png"
    picture = opened(answer)
    assert picture.mode == "RGBA"
    assert picture.width >= LOGO_WIDTHS[size]


@pytest.mark.parametrize("kind", ["poster", "logo", "backdrop"])
async def test_every_id_of_a_title_gives_the_same_image(service, double, kind):
    title = full_title(double)
    answers = [
        await service.get(f"{id_type}/{kind}-default/{value}.jpg")
        for id_type, value in (("imdb", title.imdb), ("tmdb", title.tmdb_id), ("tvdb", title.tvdb))
    ]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert len({answer.body for answer in answers}) == 1
    assert service.renders() == 1


async def test_a_hundred_requests_for_a_cold_poster_make_one_render_and_one_call_per_resource(service, double):
    title = full_title(double)
    answers = await asyncio.gather(
        *(service.get(f"imdb/poster-default/{title.imdb}.jpg?break={n}") for n in range(100))
    )
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert service.renders() == 1
    assert set(double.calls.values()) == {1}


async def test_a_restart_finds_the_poster_without_a_render_or_a_call(start, double):
    title = full_title(double)
    path = f"imdb/poster-default/{title.imdb}.jpg"
    first = await start()
    before = await first.get(path)
    await first.settle()
    double.calls.clear()
    second = await start()
    after = await second.get(path)
    assert (after.status, after.body, after.header("etag")) == (200, before.body, before.header("etag"))
    assert second.decoded() == 0
    assert not double.calls


async def test_an_unchanged_poster_is_not_sent_again(service, double):
    path = f"tmdb/poster-default/{full_title(double).tmdb_id}.jpg"
    etag = (await service.get(path)).header("etag")
    for tags in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        answer = await service.get(path, headers=[("if-none-match", tags)])
        assert (answer.status, answer.body, answer.header("etag")) == (304, b"", etag)
    assert (await service.get(path, headers=[("if-none-match", '"other"')])).status == 200


async def test_a_success_may_be_kept_for_an_hour(service, double):
    answer = await service.get(f"tmdb/poster-default/{full_title(double).tmdb_id}.jpg")
    assert answer.header("cache-control") == "public, max-age=3600, stale-while-revalidate=86400"
    assert answer.header("access-control-allow-origin") == "*"
    assert answer.header("x-content-type-options") == "nosniff"


async def test_the_second_hit_is_answered_by_the_hot_path(service, double):
    path = f"tmdb/poster-default/{full_title(double).tmdb_id}.jpg"
    first = await service.get(path)
    looked_up = service.value("openposterdb_cache_requests_total")
    second = await service.get(path)
    assert second.body == first.body
    assert service.value("openposterdb_cache_requests_total") == looked_up
