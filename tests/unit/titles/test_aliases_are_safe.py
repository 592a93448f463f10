from hypothesis import given
from hypothesis import strategies as st

from openposterdb.domain import TitleId
from openposterdb.titles.ids import parse_id
from openposterdb.titles.title import KnownIds, Title

NUMBERS = st.integers(1, 10**9)


def test_a_movies_aliases() -> None:
    title = Title(TitleId("movie", 550), imdb="tt0137523", tvdb=169)
    assert set(title.aliases()) == {"tmdb/movie-550", "tmdb/550", "imdb/tt0137523", "tvdb/movie-169"}


def test_a_series_aliases() -> None:
    title = Title(TitleId("series", 1396), imdb="tt0903747", tvdb=81189)
    assert set(title.aliases()) == {"tmdb/series-1396", "imdb/tt0903747", "tvdb/81189", "tvdb/series-81189"}


@given(NUMBERS, NUMBERS)
def test_equal_numbers_of_a_movie_and_a_series_never_share_an_alias(tmdb: int, tvdb: int) -> None:
    movie, series = (Title(TitleId(media, tmdb), tvdb=tvdb) for media in ("movie", "series"))
    assert not set(movie.aliases()) & set(series.aliases())


@given(st.sampled_from(["movie", "series"]), NUMBERS, NUMBERS)
def test_every_alias_is_in_normal_form(media: str, tmdb: int, tvdb: int) -> None:
    for alias in Title(TitleId(media, tmdb), imdb="tt0000001", tvdb=tvdb).aliases():  # type: ignore[arg-type]
        assert parse_id(*alias.split("/")).alias == alias


def test_known_ids_fill_in_what_is_missing_only() -> None:
    title = Title(TitleId("movie", 1), imdb="tt0000001")
    completed = title.completed(KnownIds(imdb="tt0000002", tvdb=5))
    assert (completed.imdb, completed.tvdb) == ("tt0000001", 5)
