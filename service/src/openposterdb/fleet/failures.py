"""Errors that travel: the holder's error reaches those who wait elsewhere with its class, its words and its patience."""

import json
from typing import Any

from openposterdb import errors
from openposterdb.upstreams.failures import AnswerTooLarge, Unreachable

_BY_NAME: dict[str, type[errors.OpenPosterDBError]] = {
    kind.__name__: kind
    for kind in (
        errors.Invalid,
        errors.NotFound,
        errors.NotConfigured,
        errors.Overloaded,
        errors.StorageUnavailable,
        errors.DeadlineExceeded,
        errors.UpstreamBroken,
        errors.UpstreamTimedOut,
        errors.UpstreamUnavailable,
        errors.UpstreamError,
        errors.BadArt,
        AnswerTooLarge,
        Unreachable,
    )
}


def write_failure(error: errors.OpenPosterDBError) -> bytes:
    """The error as bytes; a class of its own travels as the nearest that every replica knows."""
    name = next((kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _BY_NAME), "")
    members = {name: getattr(error, name) for name in ("service", "retry_after") if hasattr(error, name)}
    return json.dumps({"class": name, "message": str(error), **members}).encode()


def read_failure(data: bytes) -> errors.OpenPosterDBError:
    """The error again; ValueError for what is none."""
    try:
        found: dict[str, Any] = json.loads(data)
        kind = _BY_NAME.get(found["class"], errors.OpenPosterDBError)
        error = kind.__new__(kind, found["message"])
        error.args = (found["message"],)
        for name in ("service", "retry_after"):
            if name in found:
                setattr(error, name, found[name])
    except (ValueError, KeyError, TypeError) as problem:
        raise ValueError("not an error of this release") from problem
    return error
