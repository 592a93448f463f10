"""The CustomResourceDefinitions: committed as generated, described everywhere, and structural."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given

from openposterdb_operator.chart.files import files
from openposterdb_operator.chart.readme import readmes
from openposterdb_operator.chart.tables import values
from openposterdb_operator.crd.writing import definitions
from openposterdb_operator.model import OpenPosterDBSpec, PosterKeySpec
from openposterdb_operator.model.spec import OPERATORS_VARIABLES
from tests.unit.operator.specs import specs

CHARTS = Path(__file__).parents[3] / "charts"


def schemas():
    for definition in definitions():
        yield definition["metadata"]["name"], definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]


def nodes(schema, path=""):
    yield path, schema
    for name, member in schema.get("properties", {}).items():
        yield from nodes(member, f"{path}.{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from nodes(schema[key], f"{path}[]")


def test_the_committed_files_are_what_the_code_generates():
    stale = [name for name, text in {**files(), **readmes(CHARTS)}.items() if (CHARTS / name).read_text() != text]
    assert stale == [], "run `make charts`"


def test_no_category_has_the_name_of_a_kind():
    """kubectl takes such a name for every kind of the category, and then refuses to write."""
    names = [each["spec"]["names"] for each in definitions()]
    kinds = {name for each in names for name in (each["plural"], each["singular"], *each["shortNames"])}
    assert kinds.isdisjoint(category for each in names for category in each["categories"])


def test_a_value_without_its_comment_is_named():
    with pytest.raises(ValueError, match=r"image\.tag has no comment"):
        values("image:\n  # -- Which.\n  repository: x\n\n  tag: y\n")


def test_no_generated_file_is_left_over():
    folder = CHARTS / "openposterdb-operator/files"
    assert {str(path.relative_to(CHARTS)) for path in folder.rglob("*.*")} <= files().keys()


@pytest.mark.parametrize("path", sorted((CHARTS / "openposterdb/examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_read_in_full(path):
    models = {"OpenPosterDB": OpenPosterDBSpec, "PosterKey": PosterKeySpec}
    for document in yaml.safe_load_all(path.read_text()):
        if not document["apiVersion"].startswith("openposterdb.io/"):
            continue
        spec = models[document["kind"]].model_validate(document["spec"])
        assert _within(document["spec"], spec.model_dump(mode="json", by_alias=True))


def _within(part, whole):
    if isinstance(part, dict):
        return all(name in whole and _within(value, whole[name]) for name, value in part.items())
    if isinstance(part, list):
        return all(map(_within, part, whole))
    return part == whole


def test_every_field_is_described():
    undescribed = [
        path
        for _, schema in schemas()
        for path, node in nodes(schema)
        if path.count(".") and "[]" not in path[-2:] and "description" not in node
    ]
    assert set(undescribed) == {".metadata"}


@pytest.mark.parametrize(("name", "schema"), schemas())
def test_nothing_in_it_is_beyond_a_structural_schema(name, schema):
    for path, node in nodes(schema):
        assert (
            not {"$ref", "$defs", "title", "const", "oneOf", "allOf", "prefixItems", "exclusiveMinimum"} & node.keys()
        ), path
        assert "type" in node or node.get("x-kubernetes-int-or-string"), path
        assert ("anyOf" in node) == bool(node.get("x-kubernetes-int-or-string")), path
        assert "default" not in node or node["default"] is not None, path


def test_only_the_upstreams_have_no_default():
    spec = dict(schemas())["openposterdbs.openposterdb.io"]["properties"]["spec"]
    assert spec["required"] == ["upstreams"]


def test_defaults_of_the_schema_are_those_of_the_model():
    def filled(schema, value):
        for name, member in schema.get("properties", {}).items():
            if name not in value and "default" in member:
                value[name] = member["default"]
            if isinstance(value.get(name), dict):
                filled(member, value[name])
        return value

    smallest = {"upstreams": {"secretRef": {"name": "x"}}}
    spec = dict(schemas())["openposterdbs.openposterdb.io"]["properties"]["spec"]
    served = OpenPosterDBSpec.model_validate(filled(spec, yaml.safe_load(yaml.safe_dump(smallest))))
    assert served == OpenPosterDBSpec.model_validate(smallest)


@given(specs)
def test_a_spec_survives_the_way_to_the_server_and_back(spec):
    assert OpenPosterDBSpec.model_validate(spec.model_dump(mode="json", by_alias=True, exclude_none=True)) == spec


def test_every_rule_tells_what_to_do():
    found = [
        rule
        for _, schema in schemas()
        for _, node in nodes(schema)
        for rule in node.get("x-kubernetes-validations", ())
    ]
    assert len(found) >= 12
    assert all(len(rule["message"]) > 40 for rule in found)


def test_variables_of_the_operator_are_sorted_and_unique():
    assert sorted(set(OPERATORS_VARIABLES)) == list(OPERATORS_VARIABLES)
