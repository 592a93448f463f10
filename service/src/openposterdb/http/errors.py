"""Errors as responses: the one table from exception to status and body."""

import structlog
from robyn import Response
from robyn.exceptions import HTTPException

from openposterdb import errors
from openposterdb.http import responses

INTERNAL = "Internal server error"

_STATUSES: tuple[tuple[type[errors.OpenPosterDBError], int], ...] = (
    (errors.Invalid, 400),
    (errors.Unauthorized, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.TooManyRequests, 429),
    (errors.NotConfigured, 501),
    (errors.UpstreamBroken, 502),
    (errors.BadArt, 502),
    (errors.UpstreamUnavailable, 503),
    (errors.Overloaded, 503),
    (errors.StorageUnavailable, 503),
    (errors.UpstreamTimedOut, 504),
    (errors.DeadlineExceeded, 504),
)

_log = structlog.get_logger(__name__)


class Rejected(Exception):
    """A request turned away before it means anything: its framing, its query string, its JSON (`text/plain`)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def status_of(error: BaseException) -> int:
    """The status of `error`; 500 for what is not in the table."""
    if isinstance(error, Rejected):
        return error.status
    if isinstance(error, HTTPException):
        return error.status_code
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)


def respond(error: Exception) -> Response:
    """The answer to `error`. What nobody foresaw is logged with its traceback and shown without any detail."""
    status = status_of(error)
    if isinstance(error, Rejected):
        return responses.text(str(error), status=status)
    if isinstance(error, HTTPException):
        return responses.json({"error": str(error.detail)}, status=status)
    if status == 500:
        _log.error("request_failed", exc_info=error)
        return responses.json({"error": INTERNAL}, status=500)
    if isinstance(error, errors.TooManyRequests):
        return too_many_requests(error.retry_after)
    answer = responses.json({"error": str(error)}, status=status)
    if isinstance(error, errors.Retryable | errors.UpstreamUnavailable):
        answer.headers.set("retry-after", str(error.retry_after))
    return answer


def too_many_requests(retry_after: int) -> Response:
    """A 429 of plain text; `retry_after` in seconds, at least 1."""
    seconds = str(max(1, retry_after))
    return responses.text(
        f"Too many requests: try again in {seconds} s",
        status=429,
        headers={"retry-after": seconds, "x-ratelimit-after": seconds},
    )
