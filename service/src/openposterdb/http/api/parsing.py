"""Requests into models: what is no JSON, of the wrong type, or of the wrong value, each with its own status.

Malformed requests are `Rejected` (plain text: 400, 415, 422), well-formed ones with values that are not allowed are `Invalid`
(400, JSON). Either way every wrong member is named at once, and no value is repeated.
"""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from robyn import Request

from openposterdb.errors import Invalid
from openposterdb.http.errors import Rejected
from openposterdb.http.requests import require_json, single

M = TypeVar("M", bound=BaseModel)

_TYPE_ERRORS = ("_type", "_parsing", "_attributes_type")
_ALSO_TYPE_ERRORS = frozenset({"missing", "int_from_float", "int_parsing_size", "string_unicode", "recursion_loop"})


def parse_body(model: type[M], request: Request) -> M:
    """The JSON body. Rejected with 415, 400 (no JSON) or 422 (a member is missing or of another type); Invalid."""
    require_json(request)
    try:
        return model.model_validate_json(request.body, strict=True)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        if any(problem["type"] == "json_invalid" for problem in problems):
            raise Rejected(400, "the body is not JSON") from None
        raise _failure(problems, malformed=422) from None


def parse_query(model: type[M], request: Request) -> M:
    """The query's known parameters. Rejected with 400 if one is repeated or cannot be converted; Invalid."""
    given = {name: single(request, name) for name in parameter_names(model)}
    return _parse_texts(model, {name: value for name, value in given.items() if value is not None})


def parse_path(model: type[M], request: Request) -> M:
    """The path's parameters. Rejected with 400 if one cannot be converted; Invalid."""
    return _parse_texts(model, request.path_params)


def parameter_names(model: type[BaseModel]) -> list[str]:
    """The parameters' names on the wire."""
    return [field.alias or name for name, field in model.model_fields.items()]


def describe(problems: Iterable[ErrorDetails]) -> str:
    """`ratings_limit: must be less than or equal to 8; fanart_lang: …`."""
    return "; ".join(_describe(problem) for problem in problems)


def _parse_texts(model: type[M], texts: Mapping[str, str]) -> M:
    try:
        return model.model_validate(dict(texts))
    except ValidationError as error:
        raise _failure(error.errors(include_url=False), malformed=400) from None


def _failure(problems: list[ErrorDetails], *, malformed: int) -> Rejected | Invalid:
    of_type = [problem for problem in problems if _is_type_error(problem)]
    return Rejected(malformed, describe(of_type)) if of_type else Invalid(describe(problems))


def _is_type_error(problem: ErrorDetails) -> bool:
    kind = problem["type"]
    if kind in {"literal_error", "enum"}:
        return not isinstance(problem["input"], str)
    return kind.endswith(_TYPE_ERRORS) or kind in _ALSO_TYPE_ERRORS


def _describe(problem: ErrorDetails) -> str:
    place = ".".join(str(part) for part in problem["loc"]) or "body"
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "missing":
        message = "is missing"
    for opening in ("Input should be ", "String should ", "Input should "):
        if message.startswith(opening):
            message = ("must be " if opening == "Input should be " else "must ") + message.removeprefix(opening)
    return f"{place}: {message}"
