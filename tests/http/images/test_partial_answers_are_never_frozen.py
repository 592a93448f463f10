"""A picture made while a ratings provider failed is served, and outlives its sixty seconds nowhere."""

import asyncio

import pytest

from openposterdb.demo.faults import Fault, FaultKind
from tests.http.images.pictures import size_of
from tests.http.images.titles import MOVIE, paths

WHOLE = "public, max-age=3600, stale-while-revalidate=86400"


@pytest.fixture
def title(double):
    return double.catalogue.by_slug(MOVIE)


@pytest.fixture
def path(title):
    return f"imdb/poster-default/{title.imdb}.jpg"


def provider_fails(double, provider):
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service=provider))


@pytest.mark.parametrize("provider", ["mdblist", "omdb"])
async def test_it_is_served_for_a_minute_and_kept_by_nobody(start, double, path, provider):
    healthy = await start()
    complete = await healthy.get(path)
    await healthy.settle()
    service = await start(DB_DIR=f"{healthy.environment.db_dir}-2", CACHE_DIR=f"{healthy.environment.cache_dir}-2")
    provider_fails(double, provider)
    answer = await service.get(path)
    assert (answer.status, size_of(answer)) == (200, (580, 859))
    assert answer.header("cache-control") == "public, max-age=60"
    if provider == "mdblist":  # it knows all that OMDb knows, and more
        assert answer.body != complete.body
        assert answer.header("etag") != complete.header("etag")
    assert await service.kept() == []
    assert len(service.hot) == 0
    assert len(service.parts.memory) == 0
    assert service.value("openposterdb_degraded_responses_total", reason=provider) == 1


async def test_within_the_minute_nobody_is_asked_again(service, double, path):
    provider_fails(double, "omdb")
    first = await service.get(path)
    calls = double.calls.copy()
    service.clock.tick(40)
    again = await service.get(path)
    assert again.body == first.body
    assert double.calls == calls
    assert service.renders() == 1
    assert again.header("cache-control") in {"public, max-age=20", "public, max-age=19"}, "no longer than it lasts here"


async def test_once_the_provider_is_back_the_picture_is_complete(service, double, path):
    provider_fails(double, "mdblist")
    degraded = await service.get(path)
    double.clear_faults()
    service.clock.tick(61)
    complete = await service.get(path)
    assert complete.header("cache-control") == WHOLE
    assert complete.body != degraded.body
    assert len(await service.kept()) == 1
    assert (await service.get(f"{path}?again")).body == complete.body


async def test_a_restart_forgets_it(start, double, path):
    first = await start()
    provider_fails(double, "mdblist")
    degraded = await first.get(path)
    await first.settle()
    double.clear_faults()
    second = await start()
    complete = await second.get(path)
    assert complete.header("cache-control") == WHOLE
    assert complete.body != degraded.body


async def test_what_the_title_lacks_is_not_learnt_from_an_outage(service, double, title, path):
    """A rating index written now would leave a film of 1984 without its badges for good."""
    provider_fails(double, "mdblist")
    provider_fails(double, "omdb")
    assert (await service.get(path)).status == 200
    double.clear_faults()
    for other in paths(title):  # other ids, other sizes: nothing of the outage is left
        service.clock.tick(61)
        answer = await service.get(f"{other}?imageSize=large")
        assert answer.header("cache-control") == WHOLE
    assert all("@ilr." in name for name in await service.kept())


async def test_a_complete_picture_is_not_replaced_by_a_partial_one(start, double, rerate):
    service = await start(RATINGS_STALE_SECS="10")
    rerate("winter-twice", trakt=80)
    path = f"imdb/poster-default/{double.catalogue.by_slug('winter-twice').imdb}"  # not released: stale after 10 s
    complete = await service.get(path)
    await service.settle()
    provider_fails(double, "mdblist")
    service.clock.tick(20)
    assert (await service.get(path)).body == complete.body
    await service.settle()
    assert service.value("openposterdb_refreshes_total", outcome="degraded") == 1
    assert (await service.get(path)).body == complete.body
    (name,) = await service.kept()
    assert "@k." in name


async def test_hot_traffic_on_it_makes_one_picture(service, double, path):
    provider_fails(double, "omdb")
    answers = await asyncio.gather(*(service.get(f"{path}?{n}") for n in range(50)))
    assert {(answer.status, answer.header("cache-control")) for answer in answers} == {(200, "public, max-age=60")}
    assert len({answer.body for answer in answers}) == 1
    assert service.renders() == 1


async def test_a_substitute_for_fanarts_art_is_partial_too(service, double, path):
    await service.save(poster_source="f", fanart_lang="fr")
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service="fanart"))
    substitute = await service.get(path)
    assert substitute.status == 200
    assert substitute.header("cache-control") == "public, max-age=60"
    double.clear_faults()
    service.clock.tick(61)
    own = await service.get(path)
    assert own.header("cache-control") == WHOLE
    assert own.body != substitute.body
    assert (await service.get(path)).body == own.body


async def test_a_rating_that_nobody_has_is_no_failure(service, double):
    """OMDb does not know the title, MDBList knows it without most ratings: that is a complete answer."""
    title = double.catalogue.by_slug("hundred-doors")
    answer = await service.get(f"tmdb/poster-default/{title.tmdb_id}")
    assert answer.header("cache-control") == WHOLE
    assert (await service.kept())[0].startswith(f"posters/tmdb/{title.tmdb_id}@t.")
