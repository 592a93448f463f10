import asyncio

import pytest

from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Fault, FaultKind
from openposterdb.domain import TitleId
from openposterdb.errors import NotFound, UpstreamBroken
from openposterdb.titles.ids import parse_id
from openposterdb.titles.lifetime import held_secs
from openposterdb.titles.resolver import TitleResolver
from openposterdb.upstreams.tmdb import Tmdb
from tests.manual_clock import GlidingClock


async def test_a_hundred_at_once_make_one_call_each(resolver: TitleResolver, double: UpstreamDouble) -> None:
    spellings = [("tvdb", "9900205"), ("tvdb", "series-9900205"), ("tmdb", "tv-9000205"), ("imdb", "tt99000205")]
    asked = [parse_id(*spellings[number % 4]) for number in range(100)]
    titles = await asyncio.gather(*(resolver.resolve(requested) for requested in asked))
    assert {title.id for title in titles} == {TitleId("series", 9000205)}
    assert sorted(double.calls.values()) == [1, 1, 1]


async def test_answers_are_held_for_an_hour(
    resolver: TitleResolver, double: UpstreamDouble, clock: GlidingClock
) -> None:
    requested = parse_id("tmdb", "movie-9000101")
    await resolver.resolve(requested)
    clock.tick(3599)
    await resolver.resolve(requested)
    assert double.count("tmdb") == 1
    clock.tick(2)
    await resolver.resolve(requested)
    assert double.count("tmdb") == 2


async def test_no_answer_outlives_the_ratings(tmdb: Tmdb, double: UpstreamDouble, clock: GlidingClock) -> None:
    resolver = TitleResolver(tmdb, clock=clock, ratings_stale_secs=60)
    for _ in range(2):
        await resolver.title(TitleId("movie", 9000101))
        await resolver.resolve(parse_id("imdb", "tt99000101"))
        clock.tick(61)
    assert list(double.calls.values()) == [2, 2]


def test_no_staleness_means_that_ratings_are_always_fresh() -> None:
    assert held_secs(3600, 0) == 3600
    assert held_secs(3600, 60) == 60
    assert held_secs(3600, 86_400) == 3600


async def test_failures_are_not_held(resolver: TitleResolver, double: UpstreamDouble) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500))
    with pytest.raises(UpstreamBroken):
        await resolver.resolve(parse_id("imdb", "tt99000101"))
    double.clear_faults()
    assert (await resolver.resolve(parse_id("imdb", "tt99000101"))).imdb == "tt99000101"


async def test_that_there_is_no_such_title_is_not_held(resolver: TitleResolver, double: UpstreamDouble) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, status=404, times=1))
    with pytest.raises(NotFound):
        await resolver.resolve(parse_id("tmdb", "movie-9000101"))
    assert (await resolver.resolve(parse_id("tmdb", "movie-9000101"))).id == TitleId("movie", 9000101)
