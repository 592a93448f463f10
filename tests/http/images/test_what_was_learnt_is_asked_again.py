"""A bare number that meant a series for want of a movie, and refreshes while a provider is away."""

import pytest

from openposterdb.demo.faults import Fault, FaultKind
from tests.http.images.titles import DOUBLES, paths


@pytest.fixture
def twins(double):
    return tuple(double.catalogue.by_slug(slug) for slug in DOUBLES)


@pytest.fixture
def publish(double):
    """Lets the upstreams know of all titles but those."""
    everything = double.catalogue

    def publish(*without):
        titles = tuple(title for title in everything.title if title.slug not in without)
        double.catalogue = everything.model_copy(update={"title": titles})
        double._answers._catalogue = double.catalogue

    return publish


async def test_a_bare_number_means_the_movie_as_soon_as_there_is_one(service, double, twins, publish):
    movie, series = twins
    number = movie.tmdb_id.partition("-")[2]
    bare = f"tmdb/poster-default/{number}"
    publish(movie.slug)
    of_series = (await service.get(bare)).body
    assert of_series == (await service.get(paths(series)[0])).body
    await service.settle()
    publish()
    service.clock.tick(3601)
    assert (await service.get(bare)).body == of_series, "what is there is served at once"
    await service.settle()
    service.clock.tick(61)
    assert (await service.get(bare)).body == (await service.get(paths(movie)[0])).body != of_series
    assert (await service.get(paths(series)[0])).body == of_series


async def test_it_is_asked_about_once_a_day(service, double, twins, publish):
    movie, _ = twins
    bare = f"tmdb/poster-default/{movie.tmdb_id.partition('-')[2]}"
    publish(movie.slug)
    await service.get(bare)
    await service.settle()
    asked = double.calls.total()
    for number in range(5):
        await service.get(f"{bare}?{number}")
        await service.settle()
    assert double.calls.total() <= asked + 1
    service.clock.tick(3600)
    asked = double.calls.total()
    await service.get(f"{bare}?later")
    await service.settle()
    assert double.calls.total() == asked
    renders = service.renders()
    service.clock.tick(86_400)
    await service.get(f"{bare}?tomorrow")
    await service.settle()
    assert double.calls.total() > asked
    assert service.renders() <= renders + 1


async def test_a_refresh_during_an_outage_draws_nothing(start, double, rerate):
    service = await start(RATINGS_STALE_SECS="10")
    rerate("winter-twice", trakt=80)
    path = paths(double.catalogue.by_slug("winter-twice"))[0]  # not released: stale after 10 s
    await service.get(path)
    await service.settle()
    renders = service.renders()
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service="mdblist"))
    service.clock.tick(20)
    await service.get(path)
    await service.settle()
    assert service.value("openposterdb_refreshes_total", outcome="degraded") == 1
    assert service.renders() == renders
    double.clear_faults()
    service.clock.tick(61)
    await service.get(path)
    await service.settle()
    assert service.value("openposterdb_refreshes_total", outcome="renewed") == 1
    assert service.renders() == renders + 1
