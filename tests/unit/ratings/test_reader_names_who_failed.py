import asyncio
import time

import pytest

from openposterdb.clock import SystemClock
from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Fault, FaultKind, Service
from openposterdb.domain import RatingSource, TitleId
from openposterdb.ratings.reader import RatingsReader
from openposterdb.titles.ids import parse_id
from openposterdb.titles.resolver import TitleResolver
from openposterdb.titles.title import KnownIds, Title
from openposterdb.upstreams import policy
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.mdblist import Mdblist
from openposterdb.upstreams.omdb import Omdb
from tests.manual_clock import GlidingClock


@pytest.fixture
def mdblist(double: UpstreamDouble, wire: Wire) -> Mdblist:
    base_url = double.environment()["MDBLIST_API_BASE_URL"]
    return Mdblist(Caller("mdblist", wire, policy.MDBLIST, budget=8), base_url=base_url, key="demo-mdblist-key")


@pytest.fixture
def omdb(double: UpstreamDouble, wire: Wire) -> Omdb:
    base_url = double.environment()["OMDB_API_BASE_URL"]
    return Omdb(Caller("omdb", wire, policy.OMDB, budget=8), base_url=base_url, key="demo-omdb-key")


@pytest.fixture
def reader(resolver: TitleResolver, mdblist: Mdblist, omdb: Omdb, clock: GlidingClock) -> RatingsReader:
    return RatingsReader(resolver, mdblist, omdb, clock=clock, ratings_stale_secs=86_400)


@pytest.fixture
async def countdown(resolver: TitleResolver) -> Title:
    return await resolver.resolve(parse_id("imdb", "tt99000106"))


async def test_all_providers_together(reader: RatingsReader, countdown: Title) -> None:
    ratings = await reader.read(countdown)
    assert ratings.values == {
        RatingSource.IMDB: "8.3",
        RatingSource.TMDB: "79%",
        RatingSource.RT: "97%",
        RatingSource.RTA: "93%",
        RatingSource.MC: "88",
        RatingSource.TRAKT: "84%",
        RatingSource.LB: "4.1",
    }
    assert not ratings.failed


@pytest.mark.parametrize("provider", ["mdblist", "omdb", "tmdb"])
@pytest.mark.parametrize("kind", [FaultKind.STATUS, FaultKind.HTML, FaultKind.RESET])
async def test_who_fails_is_named_and_the_others_count(
    double: UpstreamDouble, reader: RatingsReader, countdown: Title, provider: str, kind: FaultKind
) -> None:
    double.add_fault(Fault(kind=kind, service=Service(provider)))
    ratings = await reader.read(countdown)
    assert ratings.failed == {provider}
    assert (RatingSource.TMDB in ratings.values) == (provider != "tmdb")
    assert (RatingSource.LB in ratings.values) == (provider != "mdblist")
    assert RatingSource.IMDB in ratings.values


async def test_a_hanging_provider_costs_its_budget_and_no_more(
    double: UpstreamDouble, wire: Wire, resolver: TitleResolver, mdblist: Mdblist, countdown: Title
) -> None:
    patient = Caller("omdb", Wire(wire.client, SystemClock()), policy.OMDB, budget=0.3)
    omdb = Omdb(patient, base_url=double.environment()["OMDB_API_BASE_URL"], key="demo-omdb-key")
    reader = RatingsReader(resolver, mdblist, omdb, clock=SystemClock(), ratings_stale_secs=86_400)
    double.add_fault(Fault(kind=FaultKind.HANG, service=Service.OMDB))
    started = time.monotonic()
    ratings = await reader.read(countdown)
    assert time.monotonic() - started < 1
    assert ratings.failed == {"omdb"}
    assert RatingSource.LB in ratings.values


async def test_an_incomplete_answer_is_not_held(
    double: UpstreamDouble, reader: RatingsReader, countdown: Title
) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, service=Service.OMDB, status=503))
    assert (await reader.read(countdown)).failed
    double.clear_faults()
    assert not (await reader.read(countdown)).failed


async def test_a_complete_answer_is_held_for_half_an_hour(
    double: UpstreamDouble, reader: RatingsReader, countdown: Title, clock: GlidingClock
) -> None:
    await reader.read(countdown)
    clock.tick(1799)
    await reader.read(countdown)
    assert double.count(Service.OMDB) == double.count(Service.MDBLIST) == 1
    clock.tick(2)
    await reader.read(countdown)
    assert double.count(Service.OMDB) == 2


async def test_reads_at_the_same_time_share_the_calls(
    double: UpstreamDouble, reader: RatingsReader, countdown: Title
) -> None:
    await asyncio.gather(*(reader.read(countdown) for _ in range(50)))
    assert set(double.calls.values()) == {1}


async def test_a_title_unknown_to_the_providers_is_complete(
    double: UpstreamDouble, reader: RatingsReader, resolver: TitleResolver
) -> None:
    title = await resolver.resolve(parse_id("tmdb", "movie-9000123"))
    ratings = await reader.read(title)
    assert (ratings.values, ratings.failed) == ({}, frozenset())
    assert double.count(Service.OMDB) == double.count(Service.MDBLIST) == 0  # there is no IMDb id to ask by


async def test_providers_that_are_not_configured_have_not_failed(resolver: TitleResolver, clock: GlidingClock) -> None:
    reader = RatingsReader(resolver, None, None, clock=clock, ratings_stale_secs=86_400)
    ratings = await reader.read(await resolver.resolve(parse_id("imdb", "tt99000106")))
    assert (ratings.values, ratings.failed) == ({RatingSource.TMDB: "79%"}, frozenset())


async def test_the_ids_that_became_known(reader: RatingsReader, resolver: TitleResolver) -> None:
    series = await resolver.resolve(parse_id("imdb", "tt99000205"))
    assert (await reader.read(series)).ids == KnownIds("tt99000205", 9900205)
    movie = await resolver.resolve(parse_id("imdb", "tt99000107"))
    assert (await reader.read(movie)).ids == KnownIds("tt99000107", 9900169)


async def test_ids_of_another_title_are_not_taken(reader: RatingsReader) -> None:
    other = Title(TitleId("movie", 9000101), imdb="tt99000107")
    assert (await reader.read(other)).ids == KnownIds("tt99000107", None)
