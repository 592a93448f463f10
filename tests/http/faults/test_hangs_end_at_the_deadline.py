"""Upstreams that never answer, all at once and for many titles."""

import asyncio
import time

from openposterdb.demo.faults import Fault, FaultKind, Service
from tests.http.faults.pictures import opened
from tests.http.faults.requests import REQUESTS, ask_all, with_fallback

DEADLINE = 4.0
SLACK = 1.5  # of a busy machine


async def test_ratings_providers_that_hang_cost_their_badges_alone(start, double, clean):
    service = await start(REQUEST_DEADLINE_SECS=str(DEADLINE))
    for upstream in (Service.MDBLIST, Service.OMDB, Service.FANART):
        double.add_fault(Fault(kind=FaultKind.HANG, service=upstream))
    began = time.monotonic()
    answers = await ask_all(service, {name: REQUESTS[name] for name in ("poster", "Fanart poster")})
    assert time.monotonic() - began < DEADLINE
    assert {answer.status for answer in answers.values()} == {200}
    assert {answer.header("cache-control") for answer in answers.values()} == {"public, max-age=60"}


async def test_when_everything_hangs_every_request_ends_in_time(start, double):
    service = await start(REQUEST_DEADLINE_SECS=str(DEADLINE))
    double.add_fault(Fault(kind=FaultKind.HANG))
    paths = [f"tmdb/poster-default/movie-{number}.jpg" for number in range(9000101, 9000141)]
    began = time.monotonic()
    answers = await asyncio.gather(*(service.get(path) for path in [*paths, *map(with_fallback, paths)]))
    assert time.monotonic() - began < DEADLINE + SLACK
    assert {answer.status for answer in answers[: len(paths)]} <= {503, 504}
    assert {answer.status for answer in answers[len(paths) :]} == {200}


async def test_a_picture_that_comes_too_late_is_there_for_the_next_client(start, double):
    service = await start(REQUEST_DEADLINE_SECS="2.5")
    # Each call stays within its own budget; together they are longer than a client is made to wait.
    for upstream, delay in ((Service.TMDB, 0.85), (Service.FANART, 0.5), (Service.FANART_IMAGES, 0.5)):
        double.add_fault(Fault(kind=FaultKind.SLOW, service=upstream, delay=delay))
    series = next(title for title in double.catalogue.titles("series") if title.logo and title.imdb)
    path = f"imdb/logo-default/{series.imdb}.png"
    late = await service.get(path)
    assert late.status == 504
    assert b"try again in a moment" in late.body
    await service.settle()
    before = dict(double.calls)
    answer = await service.get(path)
    assert (answer.status, answer.header("content-type")) == (200, "image/png")
    assert opened(answer.body).mode == "RGBA"
    assert double.calls == before


async def test_an_outage_opens_the_circuit_and_its_end_closes_it(service, double, clock, clean):
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service=Service.TMDB))
    failed = await asyncio.gather(*(service.get(f"tmdb/poster-default/movie-{n}.jpg") for n in range(1, 25)))
    assert {answer.status for answer in failed} == {502}
    before = double.count(Service.TMDB)
    refused = await service.get("tmdb/poster-default/movie-25.jpg")
    assert refused.status == 503
    assert int(refused.header("retry-after")) >= 1
    assert double.count(Service.TMDB) == before, "left alone"
    double.clear_faults()
    clock.tick(3.1)
    assert (await service.get(REQUESTS["poster"])).body == clean.bodies["poster"]
