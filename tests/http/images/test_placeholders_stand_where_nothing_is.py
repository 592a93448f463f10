"""`fallback=true`: a designed picture at the full size asked for, believed for a short while only."""

import pytest

from openposterdb.demo.faults import Fault, FaultKind
from tests.http.images.pictures import opened, size_of
from tests.http.images.test_the_main_job import LOGO_WIDTHS, SIZES
from tests.http.images.titles import MOVIE

ABSENT = "tmdb/{kind}-default/movie-404.jpg?fallback=true&imageSize={size}"


@pytest.mark.parametrize(("kind", "size"), SIZES)
async def test_posters_and_backdrops_have_exact_sizes(service, kind, size):
    answer = await service.get(ABSENT.format(kind=kind, size=size))
    assert (answer.status, answer.header("content-type")) == (200, "image/jpeg")
    assert size_of(answer) == SIZES[kind, size]
    assert answer.header("cache-control") == "public, max-age=300"
    extremes = opened(answer).convert("L").getextrema()
    assert extremes[1] - extremes[0] > 8, "designed: not one flat colour"


@pytest.mark.parametrize("size", LOGO_WIDTHS)
async def test_logos_are_see_through(service, size):
    answer = await service.get(ABSENT.format(kind="logo", size=size))
    assert (answer.status, answer.header("content-type")) == (200, "image/png")
    picture = opened(answer)
    assert (picture.mode, picture.width) == ("RGBA", LOGO_WIDTHS[size])
    assert picture.getchannel("A").getextrema()[0] == 0


async def test_they_are_drawn_once_and_kept_nowhere(service):
    path = ABSENT.format(kind="poster", size="medium")
    answers = [await service.get(path) for _ in range(3)]
    answers.append(await service.get("imdb/textless-rt/tt404?fallback=true"))
    assert len({(answer.body, answer.header("etag")) for answer in answers}) == 1
    assert service.renders() == 1
    assert len(service.hot) == 0
    assert await service.kept() == []
    etag = answers[0].header("etag")
    assert (await service.get(path, headers=[("if-none-match", etag)])).status == 304


async def test_the_picture_takes_over_as_soon_as_it_can_be_had(service, double):
    path = f"imdb/poster-default/{double.catalogue.by_slug(MOVIE).imdb}.jpg?fallback=true"
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service="tmdb"))
    placeholder = await service.get(path)
    assert placeholder.header("cache-control") == "public, max-age=60"
    double.clear_faults()
    service.clock.tick(61)
    picture = await service.get(path)
    assert picture.header("cache-control") == "public, max-age=3600, stale-while-revalidate=86400"
    assert picture.body != placeholder.body


async def test_art_without_any_rating_is_better_than_a_placeholder(service, double):
    title = double.catalogue.by_slug("winter-twice")
    assert not title.ratings
    picture = await service.get(f"tmdb/poster-default/{title.tmdb_id}.jpg?fallback=true")
    assert picture.header("cache-control") == "public, max-age=3600, stale-while-revalidate=86400"
    assert (await service.kept())[0].startswith(f"posters/tmdb/{title.tmdb_id}@.p")
