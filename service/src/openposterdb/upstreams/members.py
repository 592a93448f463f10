"""Reading JSON that may hold anything: a member of another type than expected counts as missing."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import cast

from openposterdb.errors import UpstreamBroken

Members = Mapping[str, object]

_WHOLE = re.compile(r"-?[0-9]{1,18}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IMDB = re.compile(r"tt[0-9]{1,12}")


def parse_object(service: str, body: bytes) -> Members:
    """The JSON object in `body`; UpstreamBroken for anything else, such as HTML, a list or half an object."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        raise UpstreamBroken(service, "the answer is not JSON") from None
    if not isinstance(value, dict):
        raise UpstreamBroken(service, "the answer is not a JSON object")
    return cast("Members", value)


def members_of(value: object) -> Members:
    """`value` as an object; empty when it is none."""
    return cast("Members", value) if isinstance(value, dict) else {}


def objects_of(value: object) -> Sequence[Members]:
    """The objects in a list, in order; whatever else is in it is skipped."""
    if not isinstance(value, list):
        return ()
    return [cast("Members", item) for item in cast("list[object]", value) if isinstance(item, dict)]


def text_of(value: object) -> str | None:
    """A text that is not blank; numbers are taken as their decimal form."""
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if number_of(value) is not None else None


def number_of(value: object) -> float | None:
    """A finite number, also when it comes as a text."""
    if isinstance(value, str):
        return float(value) if _DECIMAL.fullmatch(value.strip()) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def whole_of(value: object) -> int | None:
    """A whole number, also when it comes as a text or as `5.0`."""
    if isinstance(value, str):
        return int(value) if _WHOLE.fullmatch(value.strip()) else None
    number = number_of(value)
    if number is None or abs(number) > 2**53 or not number.is_integer():
        return None
    return int(number)


def positive_of(value: object) -> int | None:
    """A whole number above 0: upstreams use 0 where they mean nothing."""
    number = whole_of(value)
    return number if number is not None and number > 0 else None


def date_of(value: object) -> str | None:
    """A text in the form `YYYY-MM-DD`; whether there is such a day is not checked."""
    return value if isinstance(value, str) and _DATE.fullmatch(value) else None


def imdb_of(value: object) -> str | None:
    """An IMDb title id."""
    return value if isinstance(value, str) and _IMDB.fullmatch(value) else None
