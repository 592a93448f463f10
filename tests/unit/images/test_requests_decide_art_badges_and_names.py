"""The pure decisions of a request: which art it prefers, which badges are drawn, and what the image will be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.caching.keys import ImageKey, Look
from openposterdb.domain import NATURAL_ORDER, ImageKind, ImageSize, RatingSource, TitleId
from openposterdb.images.request import ImageRequest
from openposterdb.ratings.select import index_letters, letters_of
from openposterdb.settings import RenderSettings
from openposterdb.titles.ids import parse_id

REQUESTED = parse_id("imdb", "tt99000108")
orders = st.lists(st.sampled_from(NATURAL_ORDER), unique=True).map(",".join)
all_settings = st.builds(
    RenderSettings,
    poster_source=st.sampled_from("tf"),
    fanart_lang=st.sampled_from(["en", "de", "pt-BR"]),
    fanart_textless=st.booleans(),
    ratings_limit=st.integers(0, 8),
    logo_ratings_limit=st.integers(0, 8),
    backdrop_ratings_limit=st.integers(0, 8),
    ratings_order=orders,
    ratings_exclude=orders,
)
requests = st.builds(
    ImageRequest,
    kind=st.sampled_from(ImageKind),
    requested=st.just(REQUESTED),
    size=st.sampled_from(ImageSize),
    settings=all_settings,
    lang=st.none() | st.sampled_from(["fr", "pt-BR"]),
)
ratings = st.dictionaries(st.sampled_from(NATURAL_ORDER), st.sampled_from(["8.2", "94%"]))


@given(requests, ratings)
def test_the_name_can_be_foretold_from_the_rating_index(request, values):
    """What is predicted from stored letters is what drawing finds: otherwise an image is stored and never found."""
    assert request.letters(index_letters(values)) == letters_of(request.badges(values))


@given(requests, ratings)
def test_badges_keep_the_limit_and_what_is_excluded(request, values):
    badges = request.badges(values)
    limit = request.settings.limit(request.kind)
    allowed = [source for source in request.settings.order() if source in values]
    assert [badge.source for badge in badges] == (allowed[:limit] if limit else allowed)
    assert all(badge.value == values[badge.source] for badge in badges)


@given(requests)
def test_a_language_of_its_own_switches_a_request_to_fanart(request):
    wanted = request.wanted()
    assert wanted.prefers_fanart == (
        request.kind is not ImageKind.POSTER or request.lang is not None or request.settings.poster_source == "f"
    )
    assert wanted.lang == (request.lang or request.settings.fanart_lang)
    assert wanted.textless == (request.kind is ImageKind.POSTER and request.settings.fanart_textless)
    assert wanted.tmdb_size == ("w780" if request.size is ImageSize.MEDIUM else "original")


@given(requests, requests, ratings)
def test_requests_that_differ_in_a_pixel_differ_in_name(one, other, values):
    def name(request):
        wanted = request.wanted()
        tier = "tmdb" if not wanted.prefers_fanart else "textless" if wanted.textless else "language"
        return str(
            ImageKey(
                title=TitleId("movie", 1),
                look=Look(request.kind, request.size, request.settings),
                letters=letters_of(request.badges(values)),
                tier=tier,
                language=request.language,
            )
        )

    if name(one) == name(other):
        assert one.kind == other.kind
        assert one.size == other.size
        assert one.badges(values) == other.badges(values)
        if one.wanted().prefers_fanart and one.kind is not ImageKind.BACKDROP and not one.wanted().textless:
            assert one.language == other.language


@pytest.mark.parametrize(
    ("changes", "equal"),
    [
        ({}, True),
        ({"lang": "en"}, False),
        ({"size": ImageSize.LARGE}, False),
        ({"settings": RenderSettings(fit="native")}, False),
    ],
)
def test_equal_requests_share_their_work(changes, equal):
    base = {"kind": ImageKind.POSTER, "requested": REQUESTED, "size": ImageSize.MEDIUM, "settings": RenderSettings()}
    one, other = ImageRequest(**base), ImageRequest(**{**base, **changes})
    assert (one == other) == equal
    assert (hash(one) == hash(other)) == equal


def test_sources_that_the_index_does_not_know_are_skipped():
    request = ImageRequest(ImageKind.POSTER, REQUESTED, ImageSize.MEDIUM, RenderSettings(ratings_limit=0))
    assert request.letters("xiz") == RatingSource.IMDB.letter
