"""Lists of ids: what people write is understood, and what is wrong is named by its line."""

import pytest

from openposterdb.errors import Invalid, NotFound
from openposterdb.titles.lists import parse_listed, read_ids


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("imdb/tt0111161", "imdb/tt0111161"),
        ("tt0111161", "imdb/tt0111161"),
        ("tmdb/movie-278", "tmdb/movie-278"),
        ("movie-278", "tmdb/movie-278"),
        ("tv-1396", "tmdb/series-1396"),
        ("tmdb/278", "tmdb/278"),
        ("tvdb/81189", "tvdb/81189"),
        ("TVDB/81189", "tvdb/81189"),
    ],
)
def test_an_id_is_understood_as_it_is_in_paths_and_alone_where_that_is_clear(text, alias):
    assert parse_listed(text).alias == alias


@pytest.mark.parametrize(
    "text", ["278", "trakt/1", "imdb/", "tt", "ttx", "tmdb/film-1", "imdb/../tt1", "{}", "/", "movie-"]
)
def test_what_names_no_title_is_refused(text):
    with pytest.raises((Invalid, NotFound)):
        parse_listed(text)


def test_comments_and_blank_lines_count_as_lines_only():
    found = read_ids(["# mine\n", "\n", "tt0111161  # good\n", "278\n", "  tvdb/81189\r\n"])
    assert [each.alias for each in found.ids] == ["imdb/tt0111161", "tvdb/81189"]
    assert found.mistakes == ((4, "say whose id it is, for instance imdb/tt0111161, tmdb/movie-278 or tvdb/81189"),)


def test_a_title_that_is_listed_twice_is_one():
    assert [each.alias for each in read_ids(["tt1", "imdb/tt1", "tmdb/tv-2", "tmdb/series-2"]).ids] == [
        "imdb/tt1",
        "tmdb/series-2",
    ]
