"""The OpenAPI 3.1 document, generated from the operations and their models."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core.core_schema import DataclassField, ModelField, TypedDictField

from openposterdb.http.api.endpoints import Operation

Schema = dict[str, Any]
_Key = tuple[str, JsonSchemaMode]

_REF: Final = "#/components/schemas/{model}"
_TEXT: Final[Schema] = {"text/plain": {"schema": {"type": "string"}}}
_RETRY_AFTER: Final[Schema] = {
    "Retry-After": {"schema": {"type": "integer", "minimum": 1}, "description": "Seconds to wait."}
}
_SET_COOKIE: Final[Schema] = {
    "Set-Cookie": {"schema": {"type": "string"}, "description": "The refresh token, `HttpOnly`, for its path only."}
}
_BEARERS: Final = {"admin": "admin", "key": "key_owner"}
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})

_SECURITY_SCHEMES: Final[Schema] = {
    "admin": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An admin's token, from setup, login or refresh.",
    },
    "key_owner": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A key owner's token, from key-login.",
    },
    "refresh_cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "refresh_token",
        "description": "The cookie that setup, login and refresh set.",
    },
}


class Error(BaseModel):
    """What went wrong, in words for a person."""

    model_config = ConfigDict(title="Error")

    error: str


_ERROR: Final[Schema] = {"application/json": {"schema": {"$ref": _REF.format(model="Error")}}}


def openapi_document(
    operations: Sequence[Operation], *, version: str, paths: Mapping[str, Schema], tags: Sequence[Schema]
) -> Schema:
    """The document; `paths` are finished path items of routes that are no operations."""
    schemas, components = _schemas(operations)
    documented: Schema = dict(paths)
    for operation in operations:
        documented.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "OpenPosterDB API",
            "version": version,
            "description": "Posters, logos and backdrops with rating badges, by URL.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": list(tags),
        "paths": documented,
        "components": {"schemas": components, "securitySchemes": _SECURITY_SCHEMES},
    }


def error_response(description: str, *, text: bool = False, headers: Schema | None = None) -> Schema:
    """A response whose body is an error, as JSON or, where `text` says so, possibly as plain text."""
    content = {**_ERROR, **_TEXT} if text else _ERROR
    return {"description": description, "content": content, **({"headers": headers} if headers else {})}


def too_many_response() -> Schema:
    """The 429 of every limited route."""
    return {"description": "Too many requests.", "content": _TEXT, "headers": _RETRY_AFTER}


def unavailable_response() -> Schema:
    """The 503 of every route that may be refused for a moment."""
    return error_response("Overloaded, or a service that is needed is away.", headers=_RETRY_AFTER)


class _CompleteAnswers(GenerateJsonSchema):
    """Answers are written with all their members, so all are required; of bodies those without a default."""

    def field_is_required(self, field: ModelField | DataclassField | TypedDictField, total: bool) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)


def _schemas(operations: Sequence[Operation]) -> tuple[dict[_Key, Schema], Schema]:
    inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        ("Error", "serialization", TypeAdapter(Error)),
    ]
    for operation in operations:
        if not operation.media:
            inputs.append((operation.name, "serialization", TypeAdapter(operation.answer)))
        if "body" in operation.parts:
            inputs.append((operation.name, "validation", TypeAdapter(operation.parts["body"])))
    schemas, definitions = TypeAdapter.json_schemas(
        inputs, by_alias=True, ref_template=_REF, schema_generator=_CompleteAnswers
    )
    by_name: dict[_Key, Schema] = {(str(name), mode): schema for (name, mode), schema in schemas.items()}
    return by_name, definitions.get("$defs", {})


def _operation(operation: Operation, schemas: Mapping[_Key, Schema]) -> Schema:
    described: Schema = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": _responses(operation, schemas),
        "security": _security(operation),
    }
    if operation.description:
        described["description"] = operation.description
    if "body" in operation.parts:
        schema = schemas[operation.name, "validation"]
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described


def _security(operation: Operation) -> list[Schema]:
    if operation.by_cookie:
        return [{"refresh_cookie": []}]
    return [{_BEARERS[operation.access]: []}] if operation.access in _BEARERS else []


def _parameters(operation: Operation) -> list[Schema]:
    parameters: list[Schema] = []
    for place in ("path", "query"):
        model = operation.parts.get(place)
        if model is None:
            continue
        schema = model.model_json_schema(mode="validation", by_alias=True)
        required = set(schema.get("required", ()))
        for name, member in schema.get("properties", {}).items():
            description = member.pop("description", None)
            parameter: Schema = {
                "name": name,
                "in": place,
                "required": place == "path" or name in required,
                "schema": _inlined(member, schema.get("$defs", {})),
            }
            if description:
                parameter["description"] = description
            parameters.append(parameter)
    return parameters


def _inlined(schema: object, definitions: Schema) -> Any:
    """The schema with its references replaced: a parameter's schema stands alone."""
    if isinstance(schema, list):
        return [_inlined(item, definitions) for item in cast("list[object]", schema)]
    if not isinstance(schema, dict):
        return schema
    members = cast("Schema", schema)
    if "$ref" in members:
        return _inlined(definitions[str(members["$ref"]).rpartition("/")[2]], definitions)
    return {name: _inlined(value, definitions) for name, value in members.items()}


def _answer_in_words(operation: Operation) -> str:
    """What the answer's model says of itself."""
    if isinstance(operation.answer, type) and issubclass(operation.answer, BaseModel):
        return inspect.cleandoc(operation.answer.__doc__ or "").partition("\n")[0] or operation.summary
    return operation.summary


def _responses(operation: Operation, schemas: Mapping[_Key, Schema]) -> Schema:
    if operation.media:
        content: Schema = {media: {"schema": {"type": "string", "format": "binary"}} for media in operation.media}
    else:
        content = {"application/json": {"schema": schemas[operation.name, "serialization"]}}
    responses: dict[int, Schema] = {200: {"description": _answer_in_words(operation), "content": content}}
    if operation.sets_cookie:
        responses[200]["headers"] = _SET_COOKIE
    if operation.parts:
        responses[400] = error_response("A part of the request is malformed, or not allowed.", text=True)
    if operation.method in _WITH_BODY:
        responses[408] = {"description": "The body did not arrive in time.", "content": _TEXT}
        responses[413] = {"description": "The body is too large.", "content": _TEXT}
    if "body" in operation.parts:
        responses[415] = {"description": "The body is not declared as JSON.", "content": _TEXT}
        responses[422] = {"description": "A member of the body is missing, or of another type.", "content": _TEXT}
    if operation.access != "anybody":
        responses[401] = {"description": "No such session; the body is empty."}
    if operation.limited:
        responses[429] = too_many_response()
    responses[500] = error_response("An error of this service.")
    responses[503] = unavailable_response()
    for status, description in operation.errors.items():
        if status in responses and status != 401:
            responses[status]["description"] = description
        else:
            responses[status] = error_response(description)
    return {str(status): responses[status] for status in sorted(responses)}
