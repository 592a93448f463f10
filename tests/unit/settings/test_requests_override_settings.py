"""What RPDB's path types and parameters change of a key's settings, and that nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.domain import NATURAL_ORDER, ImageKind
from openposterdb.http.image_query import PATH_TYPES
from openposterdb.settings import PathType, RenderSettings, override, parse_path_type
from openposterdb.settings.overrides import RPDB_POSITIONS, RPDB_SOURCES, parse_rpdb_order

settings_of_keys = st.builds(
    RenderSettings,
    poster_source=st.sampled_from("tf"),
    fanart_lang=st.sampled_from(["en", "de"]),
    fanart_textless=st.booleans(),
    ratings_limit=st.integers(0, 8),
    ratings_order=st.lists(st.sampled_from(NATURAL_ORDER), unique=True).map(",".join),
    ratings_exclude=st.lists(st.sampled_from(NATURAL_ORDER), unique=True).map(",".join),
    poster_position=st.sampled_from(["bc", "tc", "l", "br"]),
    poster_label_style=st.sampled_from("ti"),
    fit=st.sampled_from(["cover", "native"]),
)
path_types = st.sampled_from(PATH_TYPES).map(parse_path_type)
parameters = st.none() | st.text() | st.sampled_from([*RPDB_SOURCES, *RPDB_POSITIONS, "text", "imdb,trakt", "a,,b"])


def test_every_path_type_is_understood():
    found = {name: parse_path_type(name) for name in PATH_TYPES}
    assert all(found.values())
    assert {name for name, path in found.items() if path.kind is ImageKind.LOGO} == {"logo-default"}
    assert {name for name, path in found.items() if path.kind is ImageKind.BACKDROP} == {
        "backdrop-default",
        "background-default",
    }
    assert {name for name, path in found.items() if path.textless} == {n for n in found if n.startswith("textless-")}
    assert {name for name, path in found.items() if path.ordered_by_query} == {"rating-order", "textless-order"}
    for flavour in ("default", "certs", "rt", "mc"):
        assert found[f"poster-{flavour}"].sources == found[f"textless-{flavour}"].sources


@given(
    st.text()
    | st.sampled_from(["poster", "poster-", "-default", "textless", "POSTER-DEFAULT", "poster-default-x", "logo-rt"])
)
def test_whatever_else_is_no_path_type(segment):
    assert (parse_path_type(segment) is not None) == (segment in PATH_TYPES)


@given(settings_of_keys, path_types, parameters, parameters, parameters)
def test_an_override_is_lenient_and_valid(settings, path, order, position, label):
    """Whatever a client sends: no error, and settings that would be accepted from a key's owner, too."""
    changed = override(settings, path, order=order, bar_position=position, label=label)
    assert RenderSettings.model_validate(changed.model_dump()) == changed


@given(settings_of_keys, path_types, parameters, parameters, parameters)
def test_an_override_changes_only_its_own_members(settings, path, order, position, label):
    changed = override(settings, path, order=order, bar_position=position, label=label)
    before, after = settings.model_dump(), changed.model_dump()
    different = {name for name in before if before[name] != after[name]}
    allowed = set()
    if path.sources or path.ordered_by_query:
        allowed |= {"ratings_order", "ratings_exclude", "ratings_limit"}
    if path.textless:
        allowed |= {"poster_source", "fanart_textless"}
    if path.kind is ImageKind.POSTER and position in RPDB_POSITIONS:
        allowed |= {"poster_position"}
    if label == "text":
        allowed |= {f"{path.kind}_label_style"}
    assert different <= allowed
    assert changed is settings or different <= allowed


@given(settings_of_keys, st.sampled_from([ImageKind.POSTER, ImageKind.LOGO, ImageKind.BACKDROP]))
def test_a_plain_request_leaves_the_very_same_settings(settings, kind):
    assert override(settings, PathType(kind)) is settings
    assert override(settings, PathType(kind), order="imdb", bar_position="middle", label="icon") is settings


@given(settings_of_keys)
def test_the_key_may_neither_hide_nor_cut_what_the_type_names(settings):
    changed = override(settings, parse_path_type("poster-rt"))
    assert changed.order() == ("imdb", "rt", "rta")
    assert changed.limit(ImageKind.POSTER) == 0
    assert override(settings, parse_path_type("textless-mc")).order() == ("imdb", "mc", "rta")


@given(settings_of_keys, st.lists(st.sampled_from([*RPDB_SOURCES, "certs", "", "rogerebert"]), max_size=12))
def test_an_order_shows_what_it_names_and_nothing_else(settings, named):
    changed = override(settings, parse_path_type("rating-order"), order=",".join(named))
    known = list(dict.fromkeys(RPDB_SOURCES[name] for name in named if name in RPDB_SOURCES))
    assert list(changed.order()) == (known or list(settings.order()))


@given(st.text())
def test_any_text_is_some_order(text):
    order = parse_rpdb_order(text)
    assert len(set(order)) == len(order)
    assert set(order) <= set(NATURAL_ORDER)


def test_every_source_and_every_place_has_a_name_at_rpdb():
    assert set(RPDB_SOURCES.values()) == set(NATURAL_ORDER)
    assert sorted(RPDB_POSITIONS.values()) == sorted(["bc", "tc", "tl", "l", "bl", "tr", "r", "br"])


@pytest.mark.parametrize("kind", ImageKind)
def test_labels_change_for_the_kind_that_is_drawn(kind):
    changed = override(RenderSettings(), PathType(kind), label="text")
    assert [changed.label(other) == "t" for other in ImageKind] == [other is kind for other in ImageKind]
