import pytest

from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Fault, FaultKind, Service
from openposterdb.domain import TitleId
from openposterdb.errors import NotFound, UpstreamBroken
from openposterdb.titles.ids import parse_id
from openposterdb.titles.resolver import TitleResolver
from openposterdb.titles.title import Title

PAPER_HARBOUR = Title(
    id=TitleId("movie", 9000101),
    imdb="tt99000101",
    poster_path="/paper-harbour.jpg",
    release_date="1922-03-04",
    vote_average=7.25,
)
QUIET_SIGNAL = Title(
    id=TitleId("series", 9000205),
    imdb="tt99000205",
    tvdb=9900205,
    poster_path="/quiet-signal.jpg",
    release_date="2015-02-03",
    vote_average=6.64,
)


def _calls(double: UpstreamDouble) -> list[str]:
    return [call.removeprefix("GET /tmdb/3/") for call in double.calls]


async def test_imdb_movie(resolver: TitleResolver, double: UpstreamDouble) -> None:
    assert await resolver.resolve(parse_id("imdb", "tt99000101")) == PAPER_HARBOUR
    assert _calls(double) == ["find/tt99000101?external_source=imdb_id"]


async def test_imdb_series_knows_no_tvdb_number_yet(resolver: TitleResolver) -> None:
    title = await resolver.resolve(parse_id("imdb", "tt99000205"))
    assert (title.id, title.imdb, title.tvdb) == (QUIET_SIGNAL.id, "tt99000205", None)


async def test_tmdb_movie(resolver: TitleResolver, double: UpstreamDouble) -> None:
    assert await resolver.resolve(parse_id("tmdb", "movie-9000101")) == PAPER_HARBOUR
    assert _calls(double) == ["movie/9000101"]


async def test_tmdb_series(resolver: TitleResolver, double: UpstreamDouble) -> None:
    assert await resolver.resolve(parse_id("tmdb", "tv-9000205")) == QUIET_SIGNAL
    assert _calls(double) == ["tv/9000205?append_to_response=external_ids"]


async def test_bare_tmdb_number_is_a_movie_first(resolver: TitleResolver, double: UpstreamDouble) -> None:
    assert await resolver.resolve(parse_id("tmdb", "9000101")) == PAPER_HARBOUR
    assert await resolver.resolve(parse_id("tmdb", "9000205")) == QUIET_SIGNAL
    assert _calls(double)[1:] == ["movie/9000205", "tv/9000205?append_to_response=external_ids"]


async def test_bare_tvdb_number_is_a_series_first(resolver: TitleResolver) -> None:
    title = await resolver.resolve(parse_id("tvdb", "9900169"))
    assert (title.id, title.tvdb, title.imdb) == (TitleId("series", 9000202), 9900169, "tt99000202")


async def test_tvdb_numbers_of_movies_and_series_never_meet(resolver: TitleResolver) -> None:
    movie = await resolver.resolve(parse_id("tvdb", "movie-9900169"))
    series = await resolver.resolve(parse_id("tvdb", "series-9900169"))
    assert (movie.id, movie.tvdb, movie.imdb) == (TitleId("movie", 9000107), 9900169, "tt99000107")
    assert series.id == TitleId("series", 9000202)
    assert not set(movie.aliases()) & set(series.aliases())


@pytest.mark.parametrize(
    ("id_type", "value"),
    [
        ("imdb", "tt1"),
        ("tmdb", "movie-1"),
        ("tmdb", "1"),
        ("tvdb", "1"),
        ("tvdb", "movie-9900205"),
        ("tmdb", "series-0"),
    ],
)
async def test_unknown_titles_are_not_found(resolver: TitleResolver, id_type: str, value: str) -> None:
    with pytest.raises(NotFound):
        await resolver.resolve(parse_id(id_type, value))


async def test_an_episode_is_not_a_title(resolver: TitleResolver, double: UpstreamDouble) -> None:
    episode = double.catalogue.episode[0]
    with pytest.raises(NotFound):
        await resolver.resolve(parse_id("imdb", episode.imdb))


async def test_a_failure_is_no_missing_title(resolver: TitleResolver, double: UpstreamDouble) -> None:
    double.add_fault(Fault(kind=FaultKind.STATUS, service=Service.TMDB, status=500))
    with pytest.raises(UpstreamBroken):
        await resolver.resolve(parse_id("tmdb", "9000101"))
