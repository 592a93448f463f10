import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.domain import ImageKind, TitleId
from openposterdb.errors import UpstreamBroken
from openposterdb.upstreams import fanart, mdblist, omdb, tmdb
from openposterdb.upstreams.members import (
    date_of,
    imdb_of,
    number_of,
    objects_of,
    parse_object,
    positive_of,
    text_of,
    whole_of,
)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def _shaped(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    entry = st.dictionaries(
        st.sampled_from(["id", "url", "lang", "likes", "source", "value", "score", "Value", "Source"]), ANYTHING
    )
    return st.dictionaries(st.sampled_from(names), ANYTHING | st.lists(ANYTHING | entry, max_size=3))


@given(_shaped("movie_results", "tv_results"))
def test_finds(answer: dict[str, Any]) -> None:
    tmdb.parse_found(answer)


@given(_shaped("id", "imdb_id", "external_ids", "poster_path", "vote_average", "release_date", "first_air_date"))
def test_details(answer: dict[str, Any]) -> None:
    for title_id in (TitleId("movie", 1), TitleId("series", 1)):
        assert tmdb.parse_details(answer, title_id).id == title_id


@given(_shaped("movieposter", "tvposter", "hdmovielogo", "moviebackground"))
def test_art(answer: dict[str, Any]) -> None:
    for entry in fanart.parse_art(answer, "movie").of(ImageKind.POSTER):
        assert entry.id
        assert entry.url


@given(_shaped("ratings", "ids"))
def test_mdblist(answer: dict[str, Any]) -> None:
    mdblist.parse_title(answer)


@given(_shaped("imdbRating", "Metascore", "Ratings"))
def test_omdb(answer: dict[str, Any]) -> None:
    omdb.parse_title(answer)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b'"x"', b'{"a":', b"\xff\xfe", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}"],
)
def test_what_is_no_object_is_broken(body: bytes) -> None:
    with pytest.raises(UpstreamBroken):
        parse_object("tmdb", body)


@given(st.binary(max_size=40) | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_an_object_or_broken(body: bytes) -> None:
    with suppress(UpstreamBroken):
        assert isinstance(parse_object("tmdb", body), dict)


@pytest.mark.parametrize(
    ("value", "number", "whole", "text"),
    [
        ("3", 3.0, 3, "3"),
        (3, 3.0, 3, "3"),
        (3.5, 3.5, None, "3.5"),
        (5.0, 5.0, 5, "5.0"),
        ("3.5", 3.5, None, "3.5"),
        ("", None, None, None),
        ("  ", None, None, None),
        ("many", None, None, "many"),
        (True, None, None, None),
        (None, None, None, None),
        ([], None, None, None),
        (float("nan"), None, None, None),
        (float("inf"), None, None, None),
        (10**400, None, None, None),
        ("٣", None, None, "٣"),
    ],
)
def test_texts_and_numbers_stand_for_each_other(value: Any, number: Any, whole: Any, text: Any) -> None:
    assert (number_of(value), whole_of(value), text_of(value)) == (number, whole, text)


def test_forms_that_are_checked() -> None:
    assert date_of("1922-03-04") == "1922-03-04"
    assert date_of("") is date_of("1922") is date_of(None) is None
    assert imdb_of("tt0000101") == "tt0000101"
    assert imdb_of("nm0000101") is imdb_of("tt1/../2") is imdb_of(5) is None
    assert positive_of(0) is positive_of(-3) is None
    assert objects_of([1, {"a": 1}, None]) == [{"a": 1}]


def test_samples_of_the_real_services() -> None:
    found = tmdb.parse_found(
        {
            "movie_results": [],
            "tv_results": [
                {"id": 701, "poster_path": "/m9Pa.jpg", "first_air_date": "2015-02-03", "vote_average": 6.6}
            ],
        }
    )
    assert found.movie is None
    assert found.series == tmdb.TmdbTitle(TitleId("series", 701), "/m9Pa.jpg", "2015-02-03", 6.6)
    details = tmdb.parse_details({"external_ids": {"imdb_id": "tt0000103", "tvdb_id": 9001}}, TitleId("series", 701))
    assert (details.imdb, details.tvdb) == ("tt0000103", 9001)
    art = fanart.parse_art(
        {"movieposter": [{"id": 4411, "url": "https://a/b.jpg", "likes": 3}, {"url": "x"}, {"id": "1"}, "x"]}, "movie"
    )
    assert art.of(ImageKind.POSTER) == (fanart.FanartEntry("4411", "https://a/b.jpg", "", 3),)
    rated = mdblist.parse_title(
        {
            "ratings": [{"source": "imdb", "value": 8.15, "score": 82.4}, {"source": "imdb", "value": 1}],
            "ids": {"tvdb": 3377},
        }
    )
    assert rated.ratings == {"imdb": mdblist.MdblistRating(8.15, 82.4)}
    assert rated.tvdb == 3377
    omdb_title = omdb.parse_title(
        {"imdbRating": 8.2, "Metascore": "N/A", "Ratings": [{"Source": "Rotten Tomatoes", "Value": "93%"}]}
    )
    assert omdb_title == omdb.OmdbTitle("8.2", "93%", None)
