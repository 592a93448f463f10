"""The canonical form and its hash against everything that decides a pixel: ratings, art, and the renderer itself."""

from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

import openposterdb_render as native
from openposterdb.art.choice import best_by_language, pick_fanart
from openposterdb.clock import SystemClock
from openposterdb.domain import NATURAL_ORDER, Badge, ImageKind, ImageSize
from openposterdb.images.prepared import PreparedPictures
from openposterdb.images.renderer import Renderer
from openposterdb.images.request import ImageRequest
from openposterdb.ratings.select import select_badges
from openposterdb.settings.canonical import CanonicalForm, settings_hash
from openposterdb.settings.definition import definition_of
from openposterdb.settings.model import RenderSettings
from openposterdb.telemetry import Metrics
from openposterdb.titles.ids import parse_id
from openposterdb.upstreams.fanart import FanartEntry
from tests.setting_values import languages, settings_of, values_of

REQUESTED = parse_id("tmdb", "movie-1")
SUBSETS = [
    frozenset(some)
    for some in chain.from_iterable(combinations(NATURAL_ORDER, n) for n in range(len(NATURAL_ORDER) + 1))
]
LANGUAGES = ["en", "de", "pt-BR", "tl", "00", ""]
FANART = [
    best_by_language(FanartEntry(f"{number}-{lang}", f"https://a/{lang}", lang, 1) for lang in some)
    for number, some in enumerate(chain.from_iterable(combinations(LANGUAGES, n) for n in range(len(LANGUAGES) + 1)))
]
RENDERER = Renderer(
    concurrency=1,
    quality=85,
    prepared=PreparedPictures(0, SystemClock()),
    metrics=Metrics(version="test", renderer="test"),
)


def request_of(form):
    kind, size, chosen, lang = form
    return ImageRequest(kind, REQUESTED, size, chosen, lang)


def ratings_shown(request):
    """The badges of a title with these ratings, for every set of ratings that a title can have."""
    order, limit = request.settings.order(), request.settings.limit(request.kind)
    return [
        [
            badge.source
            for badge in select_badges({s: "7.0" for s in NATURAL_ORDER if s in has & set(order)}, order, limit)
        ]
        for has in SUBSETS
    ]


def art_chosen(request):
    """The picture of a title, for everything that Fanart and TMDB can have of it."""
    wanted = request.wanted()

    def choose(best, tmdb):
        fanart = pick_fanart(best, wanted)
        if request.kind is ImageKind.POSTER and tmdb and (not wanted.prefers_fanart or fanart is None):
            return f"tmdb {wanted.tmdb_size}"
        return fanart and fanart.store_name

    return [choose(best, tmdb) for best in FANART for tmdb in (True, False)]


def drawn(request):
    """How it is drawn, as the specification of the badges says."""
    kind, chosen = request.kind, request.settings
    picture = [kind, request.size, chosen.fit]
    if kind is not ImageKind.LOGO:
        picture += [chosen.chroma, chosen.max_bytes]
    if not any(ratings_shown(request)):
        return picture
    style, label = chosen.style(kind), chosen.label(kind)
    if kind is ImageKind.LOGO:
        return [*picture, label, "v" if style == "v" else "h"]
    if kind is ImageKind.BACKDROP:
        return [*picture, label, "h" if style == "h" else "v"]
    direction = chosen.poster_badge_direction
    if direction == "d":
        direction = "h" if chosen.poster_position in {"bc", "tc"} else "v"
    return [*picture, label, direction if style == "d" else style, direction, chosen.poster_position]


def outcomes(form):
    request = request_of(form)
    return ratings_shown(request), art_chosen(request), drawn(request)


kinds, sizes = st.sampled_from(ImageKind), st.sampled_from(ImageSize)
forms = st.tuples(kinds, sizes, settings_of(), st.none() | languages)


@st.composite
def neighbours(draw):
    """Two requests that differ in a thing or two: independent ones hardly ever draw alike."""
    kind, size, chosen, lang = draw(forms)
    members = draw(st.lists(st.sampled_from(list(definition_of(RenderSettings))), max_size=2))
    changed = chosen.model_copy(update={member.name: draw(values_of(member)) for member in members})
    others = st.tuples(
        st.just(kind) | kinds, st.just(size) | sizes, st.just(changed), st.just(lang) | st.none() | languages
    )
    return (kind, size, chosen, lang), draw(others)


def hash_of(form):
    return settings_hash(*form, renderer_epoch=1)


@settings(max_examples=400, deadline=None)
@given(neighbours())
def test_hashes_are_equal_exactly_if_no_title_can_tell_two_requests_apart(pair):
    one, other = pair
    assert (hash_of(one) == hash_of(other)) == (outcomes(one) == outcomes(other))


@settings(max_examples=100, deadline=None)
@given(forms)
def test_the_form_draws_what_the_request_draws(form):
    canonical = CanonicalForm.of(*form)
    stands_for = (canonical.kind, canonical.size, canonical.settings, None)
    assert outcomes(form) == outcomes(stands_for)
    assert CanonicalForm.of(*stands_for) == canonical
    assert CanonicalForm.parse(str(canonical)) == canonical


@settings(max_examples=40, deadline=None)
@given(forms, st.lists(st.sampled_from(NATURAL_ORDER), unique=True))
def test_the_renderer_draws_the_same_bytes(form, available):
    kind, size, chosen, _ = form
    size = ImageSize.SMALL if kind is ImageKind.BACKDROP else ImageSize.MEDIUM
    request = request_of((kind, size, chosen, None))
    canonical = CanonicalForm.of(kind, size, chosen)
    base = native.sample(kind.value)
    values = dict.fromkeys(available, "7.0")

    def render(badges: tuple[Badge, ...], drawn_with: RenderSettings) -> bytes:
        listed = [(badge.source.value, badge.value) for badge in badges]
        options = RENDERER.options(kind, drawn_with, size)
        return native.prepare(kind.value, base, options).render(listed, options)

    stands_for = request_of((kind, size, canonical.settings, None))
    assert stands_for.badges(values) == request.badges(values)
    assert render(request.badges(values), chosen) == render(stands_for.badges(values), canonical.settings)


def test_the_language_of_a_request_is_that_of_the_settings():
    for lang, spelled in (("de", "de"), ("PT-br", "pt-BR")):
        asked = (ImageKind.POSTER, ImageSize.MEDIUM, RenderSettings(), lang)
        stored = (ImageKind.POSTER, ImageSize.MEDIUM, RenderSettings(poster_source="f", fanart_lang=spelled), None)
        assert hash_of(asked) == hash_of(stored) != hash_of((*asked[:3], None))
        assert request_of(asked).wanted().lang == spelled == request_of(stored).wanted().lang
