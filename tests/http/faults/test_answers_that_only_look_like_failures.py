"""A 404 of a provider that lists titles is an answer, a single failure is nothing at all, and a part may fail alone."""

import pytest

from openposterdb.demo.faults import Fault, FaultKind, Service
from tests.http.faults.kept import kept, names
from tests.http.faults.requests import REQUESTS, TITLE, ask_all

AN_HOUR = 3600.1
FRESH = "public, max-age=3600, stale-while-revalidate=86400"


def status(code, **where):
    return Fault(kind=FaultKind.STATUS, status=code, **where)


async def test_a_404_of_fanart_means_that_it_has_no_art_for_an_hour(service, double, clock, clean):
    double.add_fault(status(404, service=Service.FANART))
    answers = await ask_all(service, REQUESTS)
    assert {name: answer.status for name, answer in answers.items()} == {
        "poster": 200,
        "Fanart poster": 200,
        "logo": 404,
        "backdrop": 404,
    }
    assert answers["Fanart poster"].body == clean.bodies["poster"]
    assert answers["Fanart poster"].header("cache-control") == FRESH
    await service.settle()
    assert names(kept(service.environment) - clean.kept) == []
    double.clear_faults()
    clock.tick(AN_HOUR)
    assert (await service.get(REQUESTS["logo"])).body == clean.bodies["logo"]


@pytest.mark.parametrize("upstream", [Service.MDBLIST, Service.OMDB])
async def test_a_404_of_a_ratings_provider_means_that_it_has_no_ratings(upstream, service, double):
    double.add_fault(status(404, service=upstream))
    answer = await service.get(REQUESTS["poster"])
    assert (answer.status, answer.header("cache-control")) == (200, FRESH)


@pytest.mark.parametrize("upstream", Service)
async def test_what_fails_once_is_asked_again_and_nobody_notices(upstream, service, double, clean):
    for kind in (FaultKind.STATUS, FaultKind.RESET)[: 1 if upstream in {Service.MDBLIST, Service.OMDB} else 2]:
        double.add_fault(Fault(kind=kind, service=upstream, times=1))
    for request, path in REQUESTS.items():
        assert (await service.get(path)).body == clean.bodies[request]


async def test_a_picture_cut_short_on_its_way_is_fetched_again(service, double, clean):
    for upstream in (Service.TMDB_IMAGES, Service.FANART_IMAGES):
        double.add_fault(Fault(kind=FaultKind.TRUNCATED_PICTURE, service=upstream, times=1))
    assert (await service.get(REQUESTS["poster"])).body == clean.bodies["poster"]
    assert (await service.get(REQUESTS["logo"])).body == clean.bodies["logo"]


@pytest.mark.parametrize("code", [500, 429])
async def test_a_title_whose_details_fail_lacks_tmdbs_badge_for_a_minute(code, service, double, clock, clean):
    double.add_fault(status(code, service=Service.TMDB, path="/3/movie/*"))
    path = f"imdb/rating-order/{TITLE}.jpg?order=tmdb"
    answer = await service.get(path)
    assert (answer.status, answer.header("cache-control")) == (200, "public, max-age=60")
    double.clear_faults()
    assert (await service.get(path)).body == answer.body, "not asked for again within the minute"
    clock.tick(60.1)
    later = await service.get(path)
    assert later.header("cache-control") == FRESH
    assert later.body != answer.body


async def test_an_image_made_without_a_provider_does_not_outlive_its_process(start, double, clean):
    first = await start()
    double.add_fault(status(500, service=Service.MDBLIST))
    degraded = await first.get(REQUESTS["poster"])
    assert (degraded.status, degraded.header("cache-control")) == (200, "public, max-age=60")
    assert degraded.body != clean.bodies["poster"]
    await first.settle()
    double.clear_faults()
    second = await start()
    assert (await second.get(REQUESTS["poster"])).body == clean.bodies["poster"]
