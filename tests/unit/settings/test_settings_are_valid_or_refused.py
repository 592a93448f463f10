"""The render settings: defaults, rules, and the order and limits that follow from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from openposterdb.domain import DEFAULT_USER_ORDER, NATURAL_ORDER, ImageKind, RatingSource
from openposterdb.settings import RenderSettings
from openposterdb.settings.model import parse_order

DEFAULTS = {
    "poster_source": "t",
    "fanart_lang": "en",
    "fanart_textless": False,
    "ratings_limit": 3,
    "ratings_order": "mal,imdb,lb,rt,mc,rta,tmdb,trakt",
    "ratings_exclude": "",
    "poster_position": "bc",
    "logo_ratings_limit": 5,
    "backdrop_ratings_limit": 5,
    "poster_badge_style": "d",
    "logo_badge_style": "v",
    "backdrop_badge_style": "v",
    "poster_label_style": "i",
    "logo_label_style": "i",
    "backdrop_label_style": "i",
    "poster_badge_direction": "d",
    "fit": "cover",
    "chroma": "420",
    "max_bytes": 0,
}
ALLOWED = {
    "poster_source": ["t", "f"],
    "fanart_lang": ["en", "pt-BR", "00", "a-b-c"],
    "ratings_limit": list(range(9)),
    "logo_ratings_limit": list(range(9)),
    "backdrop_ratings_limit": list(range(9)),
    "ratings_order": ["", "imdb", "imdb, tmdb", ",".join(NATURAL_ORDER), " mal ,lb"],
    "ratings_exclude": ["", "trakt", ",".join(NATURAL_ORDER)],
    "poster_position": ["bc", "tc", "l", "r", "tl", "tr", "bl", "br"],
    "poster_badge_style": list("dhv"),
    "logo_badge_style": list("dhv"),
    "backdrop_badge_style": list("dhv"),
    "poster_label_style": list("ti"),
    "logo_label_style": list("ti"),
    "backdrop_label_style": list("ti"),
    "poster_badge_direction": list("dhv"),
    "fit": ["cover", "native"],
    "chroma": ["420", "444"],
    "max_bytes": [0, 10_000, 100_000, 50_000_000],
}
REFUSED = {
    "poster_source": ["x", "", "T", None],
    "fanart_lang": ["", "e", "german", "de_DE", "dé", "en\n", None],
    "fanart_textless": ["perhaps", None],
    "ratings_limit": [-1, 9, "many", None, 1.5],
    "logo_ratings_limit": [-1, 9],
    "backdrop_ratings_limit": [-1, 9],
    "ratings_order": ["imdb,", ",imdb", "imdb,,tmdb", "imdb,imdb", "IMDB", "rogerebert", ",", " " * 257],
    "ratings_exclude": ["imdb,imdb", "x"],
    "poster_position": ["c", "", "BC"],
    "poster_badge_style": ["x", ""],
    "poster_label_style": ["d", ""],
    "poster_badge_direction": ["x"],
    "fit": ["contain"],
    "chroma": ["422", 420],
    "max_bytes": [-1, 1, 9_999, 50_000_001, "many", None],
}
orders = st.lists(st.sampled_from(NATURAL_ORDER), unique=True)


def test_defaults_are_the_documented_ones():
    assert RenderSettings().model_dump() == DEFAULTS
    assert RenderSettings().order() == DEFAULT_USER_ORDER


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in ALLOWED.items() for value in values])
def test_what_is_allowed_is_kept_as_given(name, value):
    assert getattr(RenderSettings(**{name: value}), name) == value


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_what_is_not_is_refused_by_name(name, value):
    with pytest.raises(ValidationError) as caught:
        RenderSettings(**{name: value})
    assert [error["loc"] for error in caught.value.errors()] == [(name,)]


def test_every_wrong_member_is_named_at_once():
    with pytest.raises(ValidationError) as caught:
        RenderSettings(poster_source="x", ratings_limit=99, fit="y")
    assert {error["loc"][0] for error in caught.value.errors()} == {"poster_source", "ratings_limit", "fit"}


def test_unknown_members_are_ignored():
    assert RenderSettings.model_validate({"is_default": True, "colour": "navy"}) == RenderSettings()


@given(orders, orders)
def test_the_order_has_every_source_that_may_be_shown_once(chosen, excluded):
    settings = RenderSettings(ratings_order=",".join(chosen), ratings_exclude=",".join(excluded))
    order = settings.order()
    assert set(order) == set(NATURAL_ORDER) - set(excluded)
    assert len(set(order)) == len(order)
    shown = [source for source in chosen if source not in excluded]
    assert list(order[: len(shown)]) == shown
    rest = order[len(shown) :]
    assert sorted(rest, key=NATURAL_ORDER.index) == list(rest)


@given(orders, st.text(alphabet=" \t", max_size=3))
def test_blanks_around_the_items_are_tolerated_and_kept(chosen, blank):
    text = ",".join(f"{blank}{source}{blank}" for source in chosen)
    assert parse_order(text) == tuple(chosen)
    assert RenderSettings(ratings_order=text).ratings_order == text


@given(st.text())
def test_any_text_is_an_order_or_a_value_error(text):
    try:
        order = parse_order(text)
    except ValueError:
        return
    assert all(isinstance(source, RatingSource) for source in order)
    assert len(set(order)) == len(order)


def test_each_kind_has_its_own_limit_style_and_label():
    settings = RenderSettings(
        ratings_limit=1,
        logo_ratings_limit=2,
        backdrop_ratings_limit=3,
        poster_badge_style="h",
        logo_badge_style="d",
        backdrop_badge_style="v",
        poster_label_style="t",
        logo_label_style="i",
        backdrop_label_style="t",
    )
    assert [settings.limit(kind) for kind in ImageKind] == [1, 2, 3]
    assert [settings.style(kind) for kind in ImageKind] == ["h", "d", "v"]
    assert [settings.label(kind) for kind in ImageKind] == ["t", "i", "t"]


def test_settings_are_values():
    """Equal ones are one key of a cache, and nobody changes them in place."""
    assert hash(RenderSettings(fit="native")) == hash(RenderSettings(fit="native"))
    assert RenderSettings(fit="native") != RenderSettings()
    with pytest.raises(ValidationError):
        RenderSettings().fit = "native"
