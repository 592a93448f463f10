"""The OpenAPI document as a reader wants it: operations by tag, members in words, a line of curl for each."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import quote

from openposterdb.http.api.document import Schema

_BASE: Final = "https://posters.example.org"
_ACCESS: Final = {
    "admin": "an admin's token",
    "key_owner": "a key owner's token",
    "refresh_cookie": "the refresh cookie",
}
_DEEPEST: Final = 2


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter, or a member of a body. `notes` are its default and the like."""

    name: str
    type: str
    required: bool
    description: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One status that an operation may answer."""

    status: str
    description: str
    media: str
    members: list[Member]


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation. `methods` are all that its path item documents in the same way, such as GET and HEAD."""

    id: str
    methods: list[str]
    path: str
    summary: str
    description: str
    access: str
    parameters: list[Member]
    body: list[Member]
    replies: list[Reply]
    curl: str


@dataclass(frozen=True, slots=True)
class Section:
    """Operations of one tag; `brief` ones differ from others in their path only."""

    name: str
    slug: str
    description: str
    brief: bool
    entries: list[Entry]


def outline(document: Schema) -> list[Section]:
    """The sections in the order of the document's tags, without the empty ones."""
    outliner = _Outliner(document)
    sections = [
        Section(
            name=tag["name"],
            slug=tag["name"].lower().replace(" ", "-"),
            description=tag.get("description", ""),
            brief=tag.get("x-brief", False),
            entries=list(outliner.entries(tag["name"])),
        )
        for tag in document["tags"]
    ]
    return [section for section in sections if section.entries]


class _Outliner:
    def __init__(self, document: Schema) -> None:
        self._paths: Mapping[str, Schema] = document["paths"]
        self._components: Mapping[str, Schema] = document["components"]["schemas"]

    def entries(self, tag: str) -> Iterator[Entry]:
        for path, item in self._paths.items():
            head = ["HEAD"] if "head" in item else []
            for method, operation in item.items():
                if method != "head" and tag in operation["tags"]:
                    yield self._entry(path, [method.upper(), *head], operation)

    def _entry(self, path: str, methods: list[str], operation: Schema) -> Entry:
        body = self._content(operation.get("requestBody", {}))
        security = [name for entry in operation.get("security", []) for name in entry]
        return Entry(
            id=operation["operationId"],
            methods=methods,
            path=path,
            summary=operation["summary"],
            description=operation.get("description", ""),
            access=_ACCESS.get(security[0], "") if security else "",
            parameters=[self._parameter(parameter) for parameter in operation.get("parameters", [])],
            body=list(self._members(body)),
            replies=[self._reply(status, reply) for status, reply in operation["responses"].items()],
            curl=self._curl(path, methods[0], operation, body, security),
        )

    def _parameter(self, parameter: Schema) -> Member:
        schema = parameter["schema"]
        place = "" if parameter["in"] == "query" else parameter["in"]
        notes = [place, _default(schema)]
        return Member(
            parameter["name"],
            self._type(schema),
            bool(parameter.get("required")),
            parameter.get("description", ""),
            "; ".join(note for note in notes if note),
        )

    def _reply(self, status: str, reply: Schema) -> Reply:
        media = ", ".join(reply.get("content", {}))
        members = list(self._members(self._content(reply))) if status == "200" else []
        return Reply(status, reply["description"], media, members)

    def _content(self, holder: Schema) -> Schema:
        return self._resolved(holder.get("content", {}).get("application/json", {}).get("schema", {}))

    def _members(self, schema: Schema, prefix: str = "", depth: int = 0) -> Iterator[Member]:
        if schema.get("type") == "array":
            yield from self._members(self._resolved(schema["items"]), f"{prefix}[].", depth)
            return
        required = schema.get("required", [])
        for name, raw in schema.get("properties", {}).items():
            member = self._resolved(raw)
            yield Member(
                prefix + name,
                self._type(raw),
                name in required,
                raw.get("description", ""),
                _default(member),
            )
            nested = self._resolved(member.get("items", {})) if member.get("type") == "array" else member
            if depth < _DEEPEST and nested.get("properties"):
                marker = "[]." if member.get("type") == "array" else "."
                yield from self._members(nested, f"{prefix}{name}{marker}", depth + 1)

    def _type(self, raw: Schema) -> str:
        schema = self._resolved(raw)
        if "const" in schema:
            return str(json.dumps(schema["const"]))
        if "enum" in schema:
            return " | ".join(str(value) for value in schema["enum"])
        if "anyOf" in schema and "type" not in schema:
            return " or ".join(self._type(choice) for choice in schema["anyOf"])
        kind = str(schema.get("type", "any"))
        if kind == "array":
            return f"list of {self._type(schema['items'])}"
        if kind == "integer" and {"minimum", "maximum"} <= schema.keys() and schema["maximum"] < 2**31 - 1:
            return f"{schema['minimum']} to {schema['maximum']}"
        return "date and time" if schema.get("format") == "date-time" else kind

    def _resolved(self, schema: Schema) -> Schema:
        reference = schema.get("$ref")
        if reference is None:
            return schema
        return {**self._components[str(reference).rpartition("/")[2]], **_without_reference(schema)}

    def _curl(self, path: str, method: str, operation: Schema, body: Schema, security: list[str]) -> str:
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", _path_example(parameter))
        lines = [f"curl {_BASE}{path}" if method == "GET" else f"curl -X {method} {_BASE}{path}"]
        if "refresh_cookie" in security:
            lines.append("-b cookies -c cookies")
        elif security:
            lines.append('-H "Authorization: Bearer $TOKEN"')
        if body:
            lines += [
                "-H 'Content-Type: application/json'",
                f"-d {shlex.quote(json.dumps(self._example(body), ensure_ascii=False))}",
            ]
        media = next(iter(operation["responses"]["200"].get("content", {})), "")
        if media.startswith("image/"):
            lines.append(f"-o picture.{'png' if media.endswith('png') else 'jpg'}")
        return " \\\n  ".join(lines)

    def _example(self, schema: Schema) -> Any:
        """A body to begin with: what is required, or else the first member."""
        if "example" in schema:
            return schema["example"]
        properties: Mapping[str, Schema] = schema.get("properties", {})
        chosen = schema.get("required") or list(properties)[:1]
        return {name: self._value(properties[name]) for name in chosen}

    def _value(self, raw: Schema) -> Any:
        schema = self._resolved(raw)
        if schema.get("examples"):
            return schema["examples"][0]
        for choice in cast("list[Schema]", schema.get("anyOf", [])):
            return self._value(choice)
        if "enum" in schema:
            return schema["enum"][0]
        return {"integer": 3, "boolean": True}.get(str(schema.get("type")), "…")


def _default(schema: Schema) -> str:
    default = schema.get("default")
    return "" if default is None else f"default {default if isinstance(default, str) else json.dumps(default)}"


def _path_example(parameter: Schema) -> str:
    if parameter["name"] == "api_key":
        return "YOUR-KEY"
    if "examples" in parameter:
        return quote(str(next(iter(parameter["examples"].values()))["value"]))
    schema = parameter["schema"]
    return str(schema["enum"][0]) if "enum" in schema else "1" if schema.get("type") == "integer" else "…"


def _without_reference(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name != "$ref"}
