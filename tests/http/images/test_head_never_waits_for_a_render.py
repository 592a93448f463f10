"""HEAD: the headers of GET when the picture is there; within a second, and with the picture begun, when it is not."""

import asyncio
import time

import pytest

from tests.http.images.pictures import size_of
from tests.http.images.titles import MOVIE

SLOW = 2.0
"""Seconds that an upstream takes: longer than HEAD may."""


@pytest.fixture
def path(double):
    return f"imdb/poster-default/{double.catalogue.by_slug(MOVIE).imdb}.jpg"


async def test_warm_it_has_the_headers_of_get_and_no_body(service, path):
    answer = await service.get(path)
    for target in (path, f"{path}?from=the-route"):
        head = await service.head(target)
        assert (head.status, head.body) == (200, b"")
        assert head.header("content-length") == str(len(answer.body))
        for name in ("content-type", "etag", "cache-control", "access-control-allow-origin"):
            assert head.header(name) == answer.header(name)
    assert service.renders() == 1


async def test_warm_it_is_conditional_like_get(service, path):
    etag = (await service.get(path)).header("etag")
    head = await service.head(f"{path}?from=the-route", headers=[("if-none-match", etag)])
    assert (head.status, head.body) == (304, b"")


async def test_cold_it_answers_within_a_second_and_the_get_that_follows_finds_the_picture(service, double, path):
    double.latency = SLOW
    started = time.perf_counter()
    head = await service.head(path)
    assert time.perf_counter() - started < 1
    assert (head.status, head.body) == (200, b"")
    assert head.header("content-type") == "image/jpeg"
    assert head.header("content-length") is None, "nobody knows it yet"
    assert head.header("etag") is None
    assert head.header("cache-control") == "no-store"
    double.latency = 0
    answer = await service.get(path)
    assert (answer.status, size_of(answer)) == (200, (580, 859))
    assert service.renders() == 1
    assert set(double.calls.values()) == {1}


async def test_many_of_them_start_one_render(service, double, path):
    double.latency = 1.0
    started = time.perf_counter()
    heads = await asyncio.gather(*(service.head(f"{path}?{n}") for n in range(50)))
    assert time.perf_counter() - started < 1
    assert {head.status for head in heads} == {200}
    double.latency = 0
    await service.settle()
    assert service.renders() == 1
    assert set(double.calls.values()) == {1}


async def test_cold_it_tells_quick_failures(service):
    assert (await service.head("tmdb/poster-default/movie-404.jpg")).status == 404
    placeholder = await service.head("tmdb/poster-default/movie-404.jpg?fallback=true")
    assert placeholder.status == 200
    assert int(placeholder.header("content-length")) > 100


async def test_a_failure_that_comes_after_it_harms_nobody(service, double):
    double.latency = 1.0
    head = await service.head("tmdb/poster-default/movie-404.jpg")
    assert head.status == 200
    assert (await service.get("tmdb/poster-default/movie-404.jpg")).status == 404


async def test_the_checks_come_first(service):
    assert (await service.head("tmdb/poster-default/movie-1.jpg", key="nobodys")).status == 401
    assert (await service.head("tmdb/poster-default/movie-1.jpg?imageSize=x")).status == 400
    assert (await service.head("tmdb/poster-default/x.jpg")).status == 400
