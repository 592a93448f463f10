"""Tables of documentation that follow from the code: fields of the resources, values of the charts."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import yaml

_HEAD: Final = "| {} | default | meaning |\n|---|---|---|\n"


def fields(schema: Mapping[str, Any]) -> str:
    """Every field of a structural schema as a Markdown table, by its path."""
    rows = "".join(_row(path, default, node["description"]) for path, default, node in _nodes(schema, ""))
    return _HEAD.format("field") + rows


def values(text: str) -> str:
    """Every value of a chart's values.yaml as a Markdown table; its comment, begun with `# --`, is the meaning.

    ValueError for a value without one.
    """
    lines = text.splitlines()
    rows: list[str] = []
    for path, (line, value) in _leaves(yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text), ""):
        meaning = _comment_above(lines, line)
        if not meaning:
            raise ValueError(f"{path} has no comment that begins with `# --`")
        rows.append(_row(path, json.dumps(value), meaning))
    return _HEAD.format("value") + "".join(rows)


def _row(path: str, default: str, meaning: str) -> str:
    cell = f"`{default}`" if default else ""
    return f"| `{path}` | {cell} | {meaning.replace('|', chr(92) + '|')} |\n"


def _nodes(schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    required: list[str] = schema.get("required", [])
    members = cast("Mapping[str, Mapping[str, Any]]", schema.get("properties", {}))
    for name, member in members.items():
        here = f"{path}.{name}" if path else name
        yield here, "required" if name in required else _default(member), member
        yield from _nodes(member, here)
        if isinstance(member.get("items"), Mapping):
            yield from _nodes(member["items"], f"{here}[]")


def _default(node: Mapping[str, Any]) -> str:
    default = node.get("default")
    if default is None or (isinstance(default, Mapping) and "properties" in node):
        return ""  # what an object's default says, its members say
    return default if isinstance(default, str) else json.dumps(default)


def _leaves(node: yaml.Node | None, content: Any, path: str) -> Iterator[tuple[str, tuple[int, Any]]]:
    """Path, line and value of each member that is no mapping, or an empty one."""
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        here = f"{path}.{key.value}" if path else str(key.value)
        if isinstance(value, yaml.MappingNode) and value.value and not value.flow_style:
            yield from _leaves(value, content[key.value], here)
        else:
            yield here, (key.start_mark.line, content[key.value])


def _comment_above(lines: list[str], line: int) -> str:
    found: list[str] = []
    for text in (each.strip() for each in reversed(lines[:line])):
        if not text.startswith("#"):
            return ""
        found.insert(0, text.lstrip("# "))
        if text.startswith("# --"):
            return " ".join(found).removeprefix("-- ").strip()
    return ""
