"""What stands beside the pictures and outside `/api/`, in the OpenAPI document: key check, usage, rating, health."""

from typing import Final

from openposterdb.http.api.document import Schema, error_response, too_many_response, unavailable_response
from openposterdb.http.api.image_paths import id_parameters, key_parameter, openapi_path
from openposterdb.http.keycheck import KEY_CHECK
from openposterdb.http.side import RATING, REQUESTS

KEY: Final = "Auth"
HEALTH: Final = "Health"

_FAILURES: Final = {"429": too_many_response(), "500": error_response("An error of this service.")}
_UNPARSABLE: Final = {"400": error_response("The path is not UTF-8.", text=True)}


def side_paths() -> dict[str, Schema]:
    """A path item for each."""
    return {
        openapi_path(KEY_CHECK): {"get": _key_check()},
        openapi_path(REQUESTS): {"get": _requests()},
        openapi_path(RATING): {"get": _rating()},
        "/api/openapi.json": {"get": _document()},
        "/healthz": {"get": _alive()},
        "/readyz": {"get": _ready()},
    }


def _key_check() -> Schema:
    invalid = _object({"valid": {"const": False}, "error": {"type": "string"}})
    return _operation(
        "isValid",
        KEY,
        "Whether a key opens anything",
        [key_parameter()],
        {
            "200": _json("It does.", _object({"valid": {"const": True}})),
            **_UNPARSABLE,
            "401": _json("It does not.", invalid),
            "404": error_response("The path is another one after decoding.", text=True),
            **_FAILURES,
            "503": unavailable_response(),
            "504": error_response("The database did not answer in time."),
        },
    )


def _requests() -> Schema:
    number = {"type": "integer", "minimum": 0}
    return _operation(
        "getRequests",
        KEY,
        "How often a key was used this month",
        [key_parameter()],
        {
            "200": _json(
                "`limit` is a number that nobody reaches: there is no limit.", _object({"req": number, "limit": number})
            ),
            **_UNPARSABLE,
            "401": error_response("There is no such key."),
            "404": error_response("The path is another one after decoding.", text=True),
            **_FAILURES,
            "503": unavailable_response(),
            "504": error_response("The database did not answer in time."),
        },
    )


def _rating() -> Schema:
    text = {"text/plain": {"schema": {"type": "string"}, "example": "9.3"}}
    return _operation(
        "getRating",
        "Images",
        "The IMDb rating of a title as plain text",
        [key_parameter(), *id_parameters()],
        {
            "200": {"description": "The rating, `9.3`.", "content": text},
            "400": error_response("A malformed id.", text=True),
            "401": error_response("There is no such key."),
            "404": error_response("There is no such title, or no rating of it.", text=True),
            **_FAILURES,
            "502": error_response("An upstream service refused or broke."),
            "503": unavailable_response(),
            "504": error_response("An upstream service or the database did not answer in time."),
        },
    )


def _alive() -> Schema:
    alive = _object({"status": {"const": "ok"}})
    return _operation("healthz", HEALTH, "Whether the process lives", [], {"200": _json("It does.", alive)})


def _ready() -> Schema:
    verdicts = {"type": "object", "additionalProperties": {"type": "string"}, "required": ["status", "database"]}
    return _operation(
        "readyz",
        HEALTH,
        "Whether it may take traffic, with a line for each dependency",
        [],
        {"200": _json("It may.", verdicts), "503": _json("It may not.", verdicts)},
    )


def _document() -> Schema:
    etag = {"description": "A strong tag.", "schema": {"type": "string"}}
    return _operation(
        "getOpenapi",
        HEALTH,
        "This document",
        [],
        {
            "200": {**_json("The OpenAPI document.", {"type": "object"}), "headers": {"ETag": etag}},
            "304": {"description": "The client has it already (`If-None-Match`)."},
        },
    )


def _operation(name: str, tag: str, summary: str, parameters: list[Schema], responses: Schema) -> Schema:
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "parameters": parameters,
        "responses": responses,
        "security": [],
    }


def _json(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}
