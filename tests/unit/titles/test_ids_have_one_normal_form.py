import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.domain import TitleId
from openposterdb.errors import Invalid, NotFound
from openposterdb.titles.ids import RequestedId, parse_id


@pytest.mark.parametrize(
    ("id_type", "value", "alias"),
    [
        ("imdb", "tt0111161", "imdb/tt0111161"),
        ("imdb", "tt99000101", "imdb/tt99000101"),
        ("tmdb", "movie-550", "tmdb/movie-550"),
        ("tmdb", "movie-0550", "tmdb/movie-550"),
        ("tmdb", "series-1396", "tmdb/series-1396"),
        ("tmdb", "tv-1396", "tmdb/series-1396"),
        ("tmdb", "show-1396", "tmdb/series-1396"),
        ("tmdb", "550", "tmdb/550"),
        ("tmdb", "00550", "tmdb/550"),
        ("tmdb", "movie-18446744073709551615", "tmdb/movie-18446744073709551615"),
        ("tvdb", "81189", "tvdb/81189"),
        ("tvdb", "081189", "tvdb/81189"),
        ("tvdb", "movie-169", "tvdb/movie-169"),
        ("tvdb", "series-121361", "tvdb/series-121361"),
        ("tvdb", "show-121361", "tvdb/series-121361"),
        ("tvdb", "tv-121361", "tvdb/series-121361"),
    ],
)
def test_spellings_of_an_id(id_type: str, value: str, alias: str) -> None:
    assert parse_id(id_type, value).alias == alias


@pytest.mark.parametrize("value", ["", ".", "..", "a/b", "..\\x", "movie-1\0", "x" * 101])
@pytest.mark.parametrize("id_type", ["imdb", "tmdb", "tvdb"])
def test_a_value_that_is_no_safe_component_is_invalid(id_type: str, value: str) -> None:
    with pytest.raises(Invalid, match="invalid id value"):
        parse_id(id_type, value)


@pytest.mark.parametrize("id_type", ["IMDB", "trakt", "", "imdb "])
def test_an_unknown_type_is_invalid(id_type: str) -> None:
    with pytest.raises(Invalid, match="unknown id type"):
        parse_id(id_type, "tt0111161")


@pytest.mark.parametrize(
    "value",
    ["movie", "film-550", "movie-+550", "movie--1", "movie-1.5", "movie-٣", "Movie-550", "movie-550x", "x550", "movie 550",
     "movie-18446744073709551616", "series_1396", "-550"],
)  # fmt: skip
def test_a_malformed_tmdb_id_is_invalid(value: str) -> None:
    with pytest.raises(Invalid, match="malformed"):
        parse_id("tmdb", value)


@pytest.mark.parametrize(
    ("id_type", "value"),
    [
        ("tmdb", "movie-"),
        ("tmdb", "series-"),
        ("tvdb", "movie-"),
        ("tvdb", "abc"),
        ("tvdb", "film-1"),
        ("tvdb", "99999999999999999999"),
        ("imdb", "tt"),
        ("imdb", "0111161"),
        ("imdb", "nm0000151"),
        ("imdb", "tt0111161x"),
        ("imdb", "tt٣"),
        ("imdb", "tt1?x=y"),
    ],
)
def test_what_cannot_name_a_title_is_not_found(id_type: str, value: str) -> None:
    with pytest.raises(NotFound):
        parse_id(id_type, value)


def test_canonical_ids_need_no_lookup() -> None:
    assert parse_id("tmdb", "tv-01396").canonical == TitleId("series", 1396)
    assert parse_id("tmdb", "550").canonical is None
    assert parse_id("tvdb", "movie-169").canonical is None


@given(st.sampled_from(["imdb", "tmdb", "tvdb"]), st.text() | st.from_regex(r"(tt|movie-|tv-|)[0-9]*.?"))
def test_whatever_is_accepted_is_its_own_normal_form(id_type: str, value: str) -> None:
    try:
        parsed = parse_id(id_type, value)
    except (Invalid, NotFound):
        return
    assert parse_id(*parsed.alias.split("/")) == parsed
    assert not set(parsed.value) & set("/\\\0%?#")


@given(st.integers(0, 2**64 - 1), st.integers(0, 20), st.sampled_from(["movie", "series"]))
def test_leading_zeros_do_not_make_another_title(number: int, zeros: int, media: str) -> None:
    parsed = parse_id("tmdb", f"{media}-{'0' * zeros}{number}")
    assert parsed == RequestedId("tmdb", f"{media}-{number}", media, number)  # type: ignore[arg-type]
