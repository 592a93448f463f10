"""What is to change of somebody's settings: any members, each of its exact type, all wrong ones told at once."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from openposterdb.errors import Invalid
from openposterdb.http.api.parsing import _is_type_error, describe
from openposterdb.settings.changes import SettingsChanges, apply_changes
from openposterdb.settings.definition import definition_of
from openposterdb.settings.model import RenderSettings

MEMBERS = list(definition_of(RenderSettings))
OF_ANOTHER_TYPE = {bool: ("true", 1, "yes", {}), int: ("3", 3.5, True, []), str: (3, True, ["t"], {})}


def parse_changes(members):
    return SettingsChanges.model_validate(members).given()


def problems(text):
    """The wrong members of a body, as the HTTP API reads it: those of a wrong type, and the others."""
    try:
        SettingsChanges.model_validate_json(text, strict=True)
    except ValidationError as error:
        found = error.errors(include_url=False)
        of_type = {problem["loc"][0] for problem in found if _is_type_error(problem)}
        return of_type, {problem["loc"][0] for problem in found} - of_type
    return set(), set()


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
def test_a_member_of_another_type_is_malformed(member):
    for value in OF_ANOTHER_TYPE[type(member.default)]:
        assert problems(json.dumps({member.json_name: value})) == ({member.json_name}, set())


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
def test_a_value_that_is_not_allowed_is_another_mistake(member):
    wrong = {int: -1, str: "?"}.get(type(member.default))
    if wrong is not None:
        assert problems(json.dumps({member.json_name: wrong})) == (set(), {member.json_name})


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
def test_every_member_may_be_left_out_or_null(member):
    assert parse_changes({}) == parse_changes({member.json_name: None}) == {}
    assert parse_changes({member.json_name: member.default}) == {member.name: member.default}
    assert parse_changes({member.name: member.default}) == {member.name: member.default}


def test_every_mistake_is_told_at_once():
    with pytest.raises(Invalid) as caught:
        apply_changes(RenderSettings(), {"ratings_limit": 9, "fanart_lang": "x", "maxBytes": 9, "fit": "cover"})
    assert str(caught.value) == (
        "fanart_lang: must be 2 to 5 letters, digits or hyphens; ratings_limit: must be from 0 to 8; "
        "maxBytes: must be 0 or from 10000 to 50000000"
    )
    with pytest.raises(ValidationError) as strict:
        parse_changes({"ratings_limit": 9, "fanart_lang": "x"})
    assert describe(strict.value.errors()) == (
        "fanart_lang: must be 2 to 5 letters, digits or hyphens; ratings_limit: must be from 0 to 8"
    )


def test_no_mistake_repeats_what_was_sent():
    for name, value in {"ratings_order": "sesame", "fanart_lang": "sesame", "poster_source": "sesame"}.items():
        with pytest.raises(Invalid) as caught:
            apply_changes(RenderSettings(), {name: value})
        assert "sesame" not in str(caught.value)


def test_changes_leave_the_rest_alone():
    before = RenderSettings(fanart_lang="de", ratings_limit=7, max_bytes=50_000)
    after = apply_changes(before, {"poster_source": "f", "ratings_limit": None, "colour": "navy"})
    assert after == before.model_copy(update={"poster_source": "f"})
    assert apply_changes(before, {"maxBytes": 60_000}) == before.model_copy(update={"max_bytes": 60_000})
    assert apply_changes(before, {"max_bytes": 60_000}) == before.model_copy(update={"max_bytes": 60_000})
    assert apply_changes(before, {}) == before


def test_the_schema_tells_everything():
    properties = SettingsChanges.model_json_schema(by_alias=True)["properties"]
    assert set(properties) == {member.json_name for member in MEMBERS}
    assert "required" not in SettingsChanges.model_json_schema()
    for member in MEMBERS:
        schema = properties[member.json_name]
        assert len(schema["description"]) > 20
        assert schema["title"]
        value, null = schema["anyOf"]
        assert null == {"type": "null"}
        limits = {"enum", "pattern", "minimum", "maximum", "maxLength", "anyOf"} & set(value)
        assert limits or value["type"] == "boolean", member.name
    assert properties["ratings_limit"]["anyOf"][0] == {"type": "integer", "minimum": 0, "maximum": 8}
    assert properties["poster_badge_style"]["anyOf"][0]["enum"] == ["d", "h", "v"]


@given(
    st.dictionaries(st.sampled_from([member.json_name for member in MEMBERS]), st.none() | st.integers() | st.text())
)
def test_whatever_is_accepted_can_be_applied(members):
    try:
        changes = parse_changes(members)
    except ValidationError:
        return
    after = apply_changes(RenderSettings(), changes)
    assert {name: getattr(after, name) for name in changes} == changes
