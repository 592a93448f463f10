"""Failures: everyone who waits gets the same, those who come within two seconds too, and nobody after that."""

import asyncio

import pytest

from openposterdb.demo.faults import Fault, FaultKind
from tests.http.images.pictures import size_of
from tests.http.images.titles import MOVIE


@pytest.fixture
def path(double):
    return f"imdb/poster-default/{double.catalogue.by_slug(MOVIE).imdb}.jpg"


FAULTS = {
    "TMDB down": (Fault(kind=FaultKind.STATUS, status=500, service="tmdb"), 502),
    "TMDB throttles": (Fault(kind=FaultKind.STATUS, status=429, service="tmdb", retry_after="1"), 503),
    "no such picture": (Fault(kind=FaultKind.STATUS, status=404, service="tmdb-images"), 404),
    "broken picture": (Fault(kind=FaultKind.CORRUPT_PICTURE, service="tmdb-images"), 502),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_hundred_waiters_cost_one_set_of_calls(service, double, path, name):
    fault, status = FAULTS[name]
    double.add_fault(fault)
    alone = (await service.get(path)).status
    once = double.calls.copy()
    double.calls.clear()
    service.clock.tick(120)  # past the memory of the failure and of an open circuit
    answers = await asyncio.gather(*(service.get(f"{path}?{n}") for n in range(100)))
    assert {answer.status for answer in answers} == {status} == {alone}
    assert len({answer.body for answer in answers}) == 1
    assert sum(double.calls.values()) <= sum(once.values())
    assert len(service.hot) == 0


@pytest.mark.parametrize("name", FAULTS)
async def test_it_is_remembered_for_two_seconds(service, double, path, name):
    fault, status = FAULTS[name]
    double.add_fault(fault)
    assert (await service.get(path)).status == status
    calls = double.calls.copy()
    service.clock.tick(1.5)
    assert (await service.get(path)).status == status
    assert double.calls == calls
    double.clear_faults()
    service.clock.tick(1)
    answer = await service.get(path)
    assert (answer.status, size_of(answer)) == (200, (580, 859))
    assert answer.header("cache-control") == "public, max-age=3600, stale-while-revalidate=86400"


async def test_a_title_that_appears_is_found_soon(service, double):
    """That there is no such title is remembered no longer than any other failure."""
    answer = await service.get("tmdb/poster-default/movie-9000999")
    assert answer.status == 404
    movie = double.catalogue.by_slug(MOVIE).model_copy(update={"tmdb": 9000999, "imdb": "tt99000999"})
    grown = double.catalogue.model_copy(update={"title": (*double.catalogue.title, movie)})
    double._answers._catalogue = grown
    assert (await service.get("tmdb/poster-default/movie-9000999")).status == 404
    service.clock.tick(2.5)
    assert (await service.get("tmdb/poster-default/movie-9000999")).status == 200


async def test_waiters_with_and_without_fallback_share_the_work(service, double, path):
    double.add_fault(Fault(kind=FaultKind.STATUS, status=404, service="tmdb-images"))
    answers = await asyncio.gather(service.get(path), service.get(f"{path}?fallback=true"), service.get(f"{path}?x"))
    assert [answer.status for answer in answers] == [404, 200, 404]
    assert double.count("tmdb-images") == 1


async def test_a_client_that_leaves_does_not_stop_the_work(service, double, path):
    double.latency = 0.1
    leaving = asyncio.ensure_future(service.get(path))
    async with asyncio.timeout(5):
        while not double.calls:  # noqa: ASYNC110 - the double is a server, it tells nobody
            await asyncio.sleep(0.01)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    answer = await service.get(path)
    assert answer.status == 200
    assert service.renders() == 1
    assert set(double.calls.values()) == {1}


async def test_a_remembered_failure_keeps_nothing_of_the_work_alive(service, double, path):
    """An error holds the frames it passed, and with them downloaded pictures, unless it is stripped of them."""
    double.add_fault(Fault(kind=FaultKind.CORRUPT_PICTURE, service="tmdb-images"))
    assert (await service.get(path)).status == 502
    remembered = list(service.parts.images._errors.values())
    assert len(remembered) == 1
    for _ in range(3):
        assert (await service.get(path)).status == 502
    assert all(error.__traceback__ is error.__context__ is error.__cause__ is None for error in remembered)


@pytest.mark.parametrize("deadline", ["0.2"])
async def test_a_picture_that_is_late_is_found_by_the_next_request(start, double, path, deadline):
    service = await start(REQUEST_DEADLINE_SECS=deadline)
    await service.get("tmdb/poster-default/movie-404")  # connected
    double.add_fault(Fault(kind=FaultKind.SLOW, delay=0.15))
    late, stand_in = await asyncio.gather(service.get(path), service.get(f"{path}?fallback=true"))
    assert late.status in {200, 502, 503, 504}
    assert stand_in.status == 200
    double.clear_faults()
    await service.settle()
    service.clock.tick(120)
    assert (await service.get(path)).status == 200
