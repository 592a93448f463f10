"""A setting that is declared is known everywhere: saved, documented, kept, written in keys, hashed and drawn."""

from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from openposterdb.caching.keys import Look
from openposterdb.domain import ImageKind, ImageSize
from openposterdb.settings.canonical import CanonicalForm, settings_hash
from openposterdb.settings.changes import apply_changes, changes_model
from openposterdb.settings.definition import POSTERS, Setting, definition_of
from openposterdb.settings.model import RenderSettings
from openposterdb.storage.tables import settings_columns
from tests.setting_values import settings_of, values_of

MEMBERS = list(definition_of(RenderSettings))


class Extended(RenderSettings):
    """The settings and two that nobody has heard of."""

    corner: Annotated[
        Literal["round", "square"],
        Setting("badges", POSTERS, "How the corners of badges are.", code="k", spelled=(("square", "s"),), brief=True),
    ] = "round"
    grain: Annotated[int, Setting("picture", POSTERS, "How much grain is added.", code="g", brief=True)] = 0


SQUARE = Extended(corner="square")


def test_it_is_saved_and_documented():
    changes = changes_model(Extended)
    assert changes.model_json_schema()["properties"]["corner"]["description"] == "How the corners of badges are."
    assert apply_changes(Extended(), {"corner": "square"}) == SQUARE


def test_it_has_a_column():
    assert {"corner", "grain"} <= {column.name for column in settings_columns(Extended)}


def test_it_is_written_in_keys_where_it_matters():
    def suffix(kind, chosen):
        return Look(kind, ImageSize.MEDIUM, chosen).suffix("mil")

    assert suffix(ImageKind.POSTER, SQUARE) == "@mil.pbc.sd.li.dd.zm.ks"
    assert suffix(ImageKind.POSTER, Extended(grain=7, chroma="444")) == "@mil.pbc.sd.li.dd.zm.c444.g7"
    assert suffix(ImageKind.POSTER, Extended()) == suffix(ImageKind.POSTER, RenderSettings())
    assert suffix(ImageKind.LOGO, SQUARE) == suffix(ImageKind.LOGO, Extended())


def test_it_is_hashed_where_it_matters():
    def hashed(kind, chosen):
        return settings_hash(kind, ImageSize.MEDIUM, chosen, renderer_epoch=1)

    assert hashed(ImageKind.POSTER, SQUARE) != hashed(ImageKind.POSTER, Extended())
    assert hashed(ImageKind.LOGO, SQUARE) == hashed(ImageKind.LOGO, Extended())
    assert hashed(ImageKind.POSTER, Extended()) == hashed(ImageKind.POSTER, RenderSettings()), "no address changes"


def test_it_reaches_the_renderer():
    assert SQUARE.drawn(ImageKind.POSTER)["corner"] == "square"
    assert "corner" not in SQUARE.drawn(ImageKind.LOGO)


def test_one_that_does_not_say_what_it_is_is_refused():
    class Silent(BaseModel):
        corner: str = "round"

    with pytest.raises(TypeError, match="corner"):
        definition_of(Silent)


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
@pytest.mark.parametrize("kind", ImageKind)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_what_cannot_change_a_kind_changes_neither_its_key_nor_its_hash(member, kind, data):
    one = data.draw(settings_of())
    other = one.model_copy(update={member.name: data.draw(values_of(member))})
    if kind not in member.setting.kinds:
        assert CanonicalForm.of(kind, ImageSize.LARGE, one) == CanonicalForm.of(kind, ImageSize.LARGE, other)
    if kind not in member.setting.kinds or not member.setting.code:
        assert Look(kind, ImageSize.LARGE, one).suffix("") == Look(kind, ImageSize.LARGE, other).suffix("")
    elif getattr(one, member.name) != getattr(other, member.name):
        assert Look(kind, ImageSize.LARGE, one).suffix("") != Look(kind, ImageSize.LARGE, other).suffix("")


@pytest.mark.parametrize("kind", ImageKind)
def test_no_two_settings_of_a_kind_open_their_part_of_a_key_alike(kind):
    codes = [member.setting.code for member in definition_of(RenderSettings).of(kind) if member.setting.code]
    assert len(codes) == len(set(codes))
    assert not {code[0] for code in codes} & {"z"}
