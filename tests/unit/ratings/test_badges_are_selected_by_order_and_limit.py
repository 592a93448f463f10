from hypothesis import given
from hypothesis import strategies as st

from openposterdb.domain import DEFAULT_USER_ORDER, NATURAL_ORDER, Badge, RatingSource
from openposterdb.ratings.select import index_letters, letters_of, select_badges, select_letters

VALUES = dict.fromkeys(NATURAL_ORDER, "1")
SOURCES = st.lists(st.sampled_from(NATURAL_ORDER), unique=True).map(tuple)


def test_default_order_shows_mal_imdb_and_letterboxd() -> None:
    badges = select_badges(VALUES, DEFAULT_USER_ORDER, 3)
    assert letters_of(badges) == "mil"
    assert badges[0] == Badge(RatingSource.MAL, "1")
    assert index_letters(VALUES) == "milractk"


def test_a_partial_order_goes_on_in_natural_order() -> None:
    assert letters_of(select_badges(VALUES, (RatingSource.TRAKT,), 0)) == "kitraclm"


def test_sources_without_a_value_are_passed_over() -> None:
    assert letters_of(select_badges({RatingSource.MC: "70", RatingSource.IMDB: "8"}, DEFAULT_USER_ORDER, 1)) == "i"
    assert select_badges({}, DEFAULT_USER_ORDER, 3) == ()


def test_unknown_letters_of_an_index_are_skipped() -> None:
    assert select_letters("xim?", DEFAULT_USER_ORDER, 0) == "mi"


@given(available=SOURCES, order=SOURCES, limit=st.integers(0, 8))
def test_the_index_predicts_exactly_what_is_drawn(
    available: tuple[RatingSource, ...], order: tuple[RatingSource, ...], limit: int
) -> None:
    values = dict.fromkeys(available, "1")
    drawn = letters_of(select_badges(values, order, limit))
    assert select_letters(index_letters(values), order, limit) == drawn
    assert len(drawn) == (min(limit, len(available)) if limit else len(available))
