"""Whole numbers in paths and queries: digits and nothing else, within what every database takes."""

import re
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_DIGITS: Final = re.compile(r"[+-]?[0-9]{1,10}")
_LEAST, _MOST = -(2**31), 2**31 - 1


def _signed(value: Any) -> Any:
    return _checked(value, _LEAST, "must be a whole number of 32 bits")


def _unsigned(value: Any) -> Any:
    return _checked(value, 0, "must be a whole number, 0 or more, of 32 bits")


def _checked(value: Any, least: int, message: str) -> int:
    number = int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value
    if not isinstance(number, int) or not least <= number <= _MOST:
        raise PydanticCustomError("int_parsing", message)  # pyright: ignore[reportArgumentType] - not a literal
    return number


Int32 = Annotated[
    int, BeforeValidator(_signed), WithJsonSchema({"type": "integer", "minimum": _LEAST, "maximum": _MOST})
]
"""A whole number of 32 bits; anything else cannot be converted."""

UInt31 = Annotated[int, BeforeValidator(_unsigned), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": _MOST})]
"""The same without the negative ones."""


class ById(BaseModel):
    """A path that ends in an id."""

    id: Int32
