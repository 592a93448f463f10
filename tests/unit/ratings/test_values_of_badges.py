import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.domain import NATURAL_ORDER, RatingSource
from openposterdb.ratings.merge import merge
from openposterdb.ratings.values import decimal, mal_decimal, percent, tmdb_percent, verbatim, whole
from openposterdb.upstreams.mdblist import MdblistTitle, parse_title
from openposterdb.upstreams.omdb import OmdbTitle

MDBLIST = parse_title(
    {
        "ratings": [
            {"source": "imdb", "value": 8.15, "score": 82},
            {"source": "metacritic", "value": 71, "score": 71},
            {"source": "metacriticuser", "value": 7.1, "score": 71},
            {"source": "trakt", "value": 77, "score": 77},
            {"source": "tomatoes", "value": 91, "score": 91},
            {"source": "popcorn", "value": 88, "score": 88},
            {"source": "tmdb", "value": 72, "score": 72},
            {"source": "letterboxd", "value": 3.75, "score": 75},
            {"source": "rogerebert", "value": None, "score": None},
            {"source": "myanimelist", "value": 8.71, "score": 87},
        ]
    }
)
OMDB = OmdbTitle(imdb="8.2", rotten_tomatoes="93%", metascore="70")


@pytest.mark.parametrize(
    ("value", "text"),
    [(8.15, "8.2"), (3.75, "3.8"), (8.25, "8.2"), (8.35, "8.3"), (0, "0.0"), (10, "10.0"), (None, None)],
)
def test_decimals_are_rounded_on_the_exact_value(value: float | None, text: str | None) -> None:
    assert decimal(value) == text


@pytest.mark.parametrize(
    ("average", "text"), [(7.25, "72%"), (7.2, "72%"), (6.64, "66%"), (7.5, "75%"), (0, None), (-1, None), (None, None)]
)
def test_tmdb_counts_in_percent_and_zero_is_nothing(average: float | None, text: str | None) -> None:
    assert tmdb_percent(average) == text


def test_scores() -> None:
    assert percent(0) == "0%"
    assert percent(72.5) == "72%"
    assert percent(100) == "100%"
    assert whole(71) == "71"
    assert mal_decimal(87) == "8.70"
    assert mal_decimal(None) is percent(None) is None


@pytest.mark.parametrize("text", ["N/A", "", "<b>", "great", "123456789", "%", "8.2\n", "٣"])
def test_texts_that_are_no_rating_are_dropped(text: str) -> None:
    assert verbatim(text) is None


@given(st.none() | st.floats())
def test_no_number_makes_a_badge_that_is_too_long(value: float | None) -> None:
    for text in (decimal(value), percent(value), mal_decimal(value), tmdb_percent(value), whole(value)):
        assert text is None or len(text) <= 7


def test_the_example_of_both_providers() -> None:
    assert merge(7.25, MDBLIST, OMDB) == {
        RatingSource.IMDB: "8.2",
        RatingSource.TMDB: "72%",
        RatingSource.RT: "93%",
        RatingSource.RTA: "88%",
        RatingSource.MC: "70",
        RatingSource.TRAKT: "77%",
        RatingSource.LB: "3.8",
        RatingSource.MAL: "8.70",
    }
    assert tuple(merge(7.25, MDBLIST, OMDB)) == NATURAL_ORDER


def test_mdblist_fills_what_omdb_lacks() -> None:
    values = merge(None, MDBLIST, OmdbTitle())
    assert (values[RatingSource.IMDB], values[RatingSource.RT], values[RatingSource.MC]) == ("8.2", "91%", "71")
    assert RatingSource.TMDB not in values  # MDBList's own entry for TMDB does not count


def test_omdb_alone() -> None:
    assert tuple(merge(None, None, OMDB)) == (RatingSource.IMDB, RatingSource.RT, RatingSource.MC)


def test_nobody_knows_anything() -> None:
    assert merge(None, None, None) == merge(0.0, MdblistTitle(), OmdbTitle()) == {}


def test_a_zero_score_is_a_rating_and_a_fraction_is_rounded() -> None:
    listed = parse_title({"ratings": [{"source": "tomatoes", "score": 0}, {"source": "trakt", "score": 76.6}]})
    assert merge(None, listed, None) == {RatingSource.RT: "0%", RatingSource.TRAKT: "77%"}
