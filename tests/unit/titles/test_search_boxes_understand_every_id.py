"""What is typed into a search box: every form of id, and nothing that raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.domain import TitleId
from openposterdb.titles.search import ids_in, titles_in


def aliases(text):
    return [requested.alias for requested in ids_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tt0111161", ["imdb/tt0111161"]),
        (" imdb/tt0111161 ", ["imdb/tt0111161"]),
        ("tmdb/movie-278", ["tmdb/movie-278"]),
        ("tv-1396", ["tmdb/series-1396"]),
        ("show-1396", ["tmdb/series-1396"]),
        ("tmdb/278", ["tmdb/278", "tmdb/movie-278", "tmdb/series-278"]),
        ("tvdb/81189", ["tvdb/81189", "tvdb/movie-81189", "tvdb/series-81189"]),
        ("tvdb/series-81189", ["tvdb/series-81189"]),
        (
            "278",
            ["tmdb/278", "tmdb/movie-278", "tmdb/series-278", "tvdb/278", "tvdb/movie-278", "tvdb/series-278"],
        ),
    ],
)
def test_ids_are_read_in_every_form(text, expected):
    assert aliases(text) == expected


@pytest.mark.parametrize(
    "text", ["", "movie-", "tmdb/", "tmdb/x", "isbn/1", "tmdb/movie-278@mil", "The Film", "tt", "9" * 99]
)
def test_what_is_no_id_is_none(text):
    assert ids_in(text) == ()


@given(st.text(max_size=30) | st.from_regex(r"(imdb|tmdb|tvdb)?/?(tt|movie-|series-)?[0-9]{0,25}"))
def test_nothing_that_is_typed_raises(text):
    for requested in ids_in(text):
        assert requested.alias.startswith(f"{requested.id_type}/")


async def test_titles_are_those_that_are_known_and_those_that_need_not_be():
    known = {
        "tmdb/278": TitleId("movie", 278),
        "tvdb/series-278": TitleId("series", 9),
        "imdb/tt1": TitleId("movie", 1),
    }

    class Aliases:
        async def get(self, alias):
            return known.get(alias)

    assert await titles_in("278", Aliases()) == (
        TitleId("movie", 278),
        TitleId("series", 278),
        TitleId("series", 9),
    )
    assert await titles_in("tt1", Aliases()) == (TitleId("movie", 1),)
    assert await titles_in("tt2", Aliases()) == ()
