"""The grammar of cache keys: the specification's examples, injectivity, and safety as file names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.caching.keys import ImageKey, Look, parse_key, store_name
from openposterdb.caching.store import check_name
from openposterdb.domain import ImageKind, ImageSize, TitleId
from openposterdb.settings.model import RenderSettings
from tests.setting_values import settings_of

SHAWSHANK = TitleId("movie", 278)
POSTER = Look(ImageKind.POSTER, ImageSize.MEDIUM, RenderSettings())
LOGO = Look(ImageKind.LOGO, ImageSize.MEDIUM, RenderSettings())
BACKDROP = Look(ImageKind.BACKDROP, ImageSize.MEDIUM, RenderSettings())

languages = st.from_regex(r"[A-Za-z0-9-]{2,5}", fullmatch=True) | st.sampled_from(["en", "de", "tl", "TL", "pt-BR"])
looks = st.builds(Look, kind=st.sampled_from(ImageKind), size=st.sampled_from(ImageSize), settings=settings_of())
letter_texts = st.lists(st.sampled_from("milractk"), unique=True).map("".join)
image_keys = st.builds(
    ImageKey,
    title=st.builds(TitleId, st.sampled_from(["movie", "series"]), st.integers(1, 10**9)),
    look=looks,
    letters=letter_texts,
    tier=st.sampled_from(["tmdb", "textless", "language", "fanart"]),
    language=languages,
)


def image_key(title, look, **about):
    return str(ImageKey(title=title, look=look, **about))


def pixels(key: ImageKey) -> tuple[object, ...]:
    """What decides the picture: inputs that differ here may draw differently."""
    kind, look = key.kind, key.look
    art: tuple[object, ...] = (key.title, kind)
    if kind is ImageKind.LOGO:
        art += (key.language,)
    elif kind is ImageKind.POSTER:
        art += (key.tier,) if key.tier in {"tmdb", "textless"} else (key.tier, key.language)
    settings = look.settings
    drawn: tuple[object, ...] = (key.letters, look.size, settings.style(kind), settings.label(kind), settings.fit)
    if kind is ImageKind.POSTER:
        drawn += (settings.poster_position, settings.poster_badge_direction)
    if kind is not ImageKind.LOGO:
        drawn += (settings.chroma, settings.max_bytes)
    return art + drawn


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (ImageKey(SHAWSHANK, POSTER, "mil"), "tmdb/movie-278@mil.pbc.sh.li.dh.zm"),
        (ImageKey(SHAWSHANK, POSTER), "tmdb/movie-278@.pbc.sh.li.dh.zm"),
        (ImageKey(SHAWSHANK, POSTER, "mil", "language", "de"), "tmdb/movie-278_f_de@mil.pbc.sh.li.dh.zm"),
        (ImageKey(SHAWSHANK, POSTER, "mil", "language", "pt-BR"), "tmdb/movie-278_f_pt-BR@mil.pbc.sh.li.dh.zm"),
        (ImageKey(SHAWSHANK, POSTER, "mil", "textless", "de"), "tmdb/movie-278_f_tl@mil.pbc.sh.li.dh.zm"),
        (ImageKey(SHAWSHANK, POSTER, "mil", "tmdb", "de"), "tmdb/movie-278@mil.pbc.sh.li.dh.zm"),
        (ImageKey(SHAWSHANK, LOGO, "milrc", "language", "en"), "tmdb/movie-278_l_f_en@milrc.sv.li.zm"),
        (ImageKey(TitleId("series", 9), BACKDROP, "milrc", "fanart"), "tmdb/series-9_b@milrc.sv.li.zm"),
    ],
)
def test_keys_follow_the_grammar(key, text):
    assert str(key) == text
    assert pixels(parse_key(text)) == pixels(key)


def test_very_large_posters_end_in_zvl():
    look = Look(ImageKind.POSTER, ImageSize.VERY_LARGE, RenderSettings())
    assert image_key(SHAWSHANK, look, letters="mil") == "tmdb/movie-278@mil.pbc.sh.li.dh.zvl"


def test_what_the_grammar_lacks_follows_the_size():
    look = Look(ImageKind.POSTER, ImageSize.MEDIUM, RenderSettings(fit="native", chroma="444"))
    assert image_key(SHAWSHANK, look, letters="m") == "tmdb/movie-278@m.pbc.sh.li.dh.zm.fn.c444"
    look = Look(ImageKind.BACKDROP, ImageSize.SMALL, RenderSettings(max_bytes=100_000))
    assert image_key(SHAWSHANK, look, letters="m", tier="fanart") == "tmdb/movie-278_b@m.sv.li.zs.b100000"


def test_a_logo_is_png_and_has_neither_chroma_nor_bound():
    look = Look(ImageKind.LOGO, ImageSize.MEDIUM, RenderSettings(chroma="444", max_bytes=100_000))
    assert look.suffix("") == "@.sv.li.zm"


@pytest.mark.parametrize(
    ("position", "direction", "style", "expected"),
    [
        ("bc", "d", "d", ".sh.li.dh."),
        ("tc", "d", "d", ".sh.li.dh."),
        ("l", "d", "d", ".sv.li.dv."),
        ("br", "d", "d", ".sv.li.dv."),
        ("bc", "v", "d", ".sv.li.dv."),
        ("l", "h", "d", ".sh.li.dh."),
        ("bc", "d", "v", ".sv.li.dh."),
        ("tl", "h", "v", ".sv.li.dh."),
    ],
)
def test_a_posters_direction_follows_position_and_style_follows_direction(position, direction, style, expected):
    settings = RenderSettings(poster_position=position, poster_badge_direction=direction, poster_badge_style=style)
    look = Look(ImageKind.POSTER, ImageSize.MEDIUM, settings)
    assert expected in image_key(SHAWSHANK, look)


def test_the_stored_style_and_direction_make_the_suffix_of_an_unresolved_look():
    assert POSTER.suffix("mil") == "@mil.pbc.sd.li.dd.zm"


def test_logos_and_backdrops_keep_their_stored_style():
    look = Look(ImageKind.LOGO, ImageSize.LARGE, RenderSettings(logo_badge_style="d"))
    assert image_key(SHAWSHANK, look, language="en") == "tmdb/movie-278_l_f_en@.sd.li.zl"


def test_a_poster_in_tagalog_is_no_textless_one():
    tagalog = image_key(SHAWSHANK, POSTER, tier="language", language="tl")
    assert tagalog != image_key(SHAWSHANK, POSTER, tier="textless", language="tl")
    assert parse_key(tagalog).language == "tl"


@given(image_keys, image_keys)
def test_images_that_may_differ_never_share_a_key(one, other):
    assert (str(one) == str(other)) == (pixels(one) == pixels(other))


@given(image_keys, st.data())
def test_images_that_differ_in_one_thing_never_share_a_key(key, data):
    """Independent draws hardly ever meet; a neighbour of a key is where grammars collide."""
    parts = {
        "title": data.draw(st.sampled_from([key.title, TitleId("series", key.title.tmdb), TitleId("movie", 2)])),
        "look": data.draw(st.sampled_from([key.look]) | looks.filter(lambda look: look.kind is key.kind)),
        "letters": data.draw(st.sampled_from([key.letters, key.letters[::-1], key.letters[:-1]])),
        "tier": data.draw(st.sampled_from(["tmdb", "textless", "language", "fanart"])),
        "language": data.draw(st.sampled_from(["tl", "en", "any", "l", "b", "f"]).filter(lambda text: len(text) > 1)),
    }
    neighbour = ImageKey(**parts)
    assert (str(key) == str(neighbour)) == (pixels(key) == pixels(neighbour))


@given(image_keys)
def test_a_key_is_read_back(key):
    assert str(parse_key(str(key))) == str(key)
    assert pixels(parse_key(str(key))) == pixels(key)


@given(image_keys)
def test_every_store_name_is_safe(key):
    name = key.store_name
    check_name(f"r1/{name}")
    assert name == store_name(key.kind, str(key))
    assert name.startswith(f"{key.kind.folder}/tmdb/")
    assert name.endswith(f".{key.kind.extension}")


@given(image_keys, st.data())
def test_a_mutilated_key_is_another_key_or_none(key, data):
    text = str(key)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3)))
    changed = text[:start] + data.draw(st.text("tmdbf_l@.pszch-0127", max_size=3)) + text[end:]
    try:
        assert str(parse_key(changed)) == changed
    except ValueError:
        assert changed != text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "imdb/tt0111161@mil.pbc.sh.li.dh.zm",
        "tmdb/movie-0@mil.pbc.sh.li.dh.zm",
        "tmdb/movie-278@mil.sh.li.zm",  # a poster without a position
        "tmdb/movie-278_b@mil.pbc.sh.li.dh.zm",  # a backdrop with one
        "tmdb/movie-278@mil.pbc.sd.li.dh.zm",  # an unresolved style
        "tmdb/movie-278@mm.pbc.sh.li.dh.zm",
        "tmdb/movie-278@m.sh.pbc.li.dh.zm",  # parts out of order
        "tmdb/movie-278@m.pbc.sh.li.dh.zm.fc",  # what goes without saying
        "tmdb/movie-278@m.pbc.sh.li.dh.zm.c420",
        "tmdb/movie-278@m.pbc.sh.li.dh.zm.b0",
        "tmdb/movie-278@m.pbc.sh.li.dh.zm.b0100000",
        "tmdb/movie-278@m.pbc.sh.li.dh.zm.b9",
        "tmdb/movie-278@m.pbc.sh.li.dh.zm.fnative",
        "tmdb/movie-278@m.pbc.sh.li.dh.zm.zm",
        "tmdb/movie-278@mil.pbc.sh.li.dh.zm\n",
        "tmdb/../movie-278@mil.pbc.sh.li.dh.zm",
    ],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(ValueError):
        parse_key(text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"look": LOGO},  # a logo without a language
        {"look": POSTER, "tier": "language"},
        {"look": POSTER, "letters": "mm"},
        {"look": POSTER, "letters": "x"},
        {"look": POSTER, "tier": "language", "language": "../x"},
        {"look": POSTER, "tier": "language", "language": "d"},
    ],
)
def test_nonsense_makes_no_key(wrong):
    with pytest.raises(ValueError):
        ImageKey(SHAWSHANK, **wrong)
