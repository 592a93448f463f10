"""A pydantic model as a structural schema: what a CustomResourceDefinition may hold of JSON Schema."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

_REFERENCE: Final = "#/$defs/"


class _Schema(GenerateJsonSchema):
    """Defaults in full: the API server checks them against the rules before it fills in their own members'."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, BaseModel):
            return dft.model_dump(mode="json", by_alias=True, exclude_none=True)
        return super().encode_default(dft)


def structural_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of `model` without references, nulls and titles, its members in the model's order."""
    schema = model.model_json_schema(by_alias=True, schema_generator=_Schema)
    definitions: dict[str, Any] = schema.pop("$defs", {})
    return _flatten(schema, definitions)


def _flatten(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    node = _resolved(node, definitions)
    result: dict[str, Any] = {}
    if "description" in node:
        result["description"] = " ".join(node["description"].split())
    if _says_something(node):
        result["default"] = node["default"]
    result |= {key: node[key] for key in sorted(node) if key not in {"title", "properties", "description", "default"}}
    if "properties" in node:
        result["properties"] = {name: _flatten(member, definitions) for name, member in node["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(result.get(key), Mapping):
            result[key] = _flatten(result[key], definitions)
    if result.get("additionalProperties") is True:
        del result["additionalProperties"]
    return result


def _resolved(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """`node` with its reference and its one alternative to null replaced by what they stand for; own members win."""
    result = dict(node)
    while True:
        if "$ref" in result:
            target = definitions[result.pop("$ref").removeprefix(_REFERENCE)]
        elif any(option.get("type") == "null" for option in result.get("anyOf", ())):
            (target,) = (option for option in result.pop("anyOf") if option.get("type") != "null")
        else:
            return result
        result = {**target, **result}


def _says_something(node: Mapping[str, Any]) -> bool:
    """Whether there is a default worth stating: an empty list or map says nothing, an empty object brings in its members'."""
    default = node.get("default")
    return bool(default) or default in (False, 0) or (default == {} and "properties" in node)
