"""The errors that the rooms of the service raise; `openposterdb.http` turns them into responses in one place.

Messages are shown to clients, so they name what is wrong and never hold a key, a path of the machine or an upstream's URL.
"""

from typing import TypeVar


class OpenPosterDBError(Exception):
    """Base of every error with a meaning for the caller; `str(error)` is safe to show."""


class Invalid(OpenPosterDBError):
    """The request itself is malformed (400)."""


class Unauthorized(OpenPosterDBError):
    """No such API key or session (401)."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class Forbidden(OpenPosterDBError):
    """Known who asks, and it is not allowed (403)."""


class Conflict(OpenPosterDBError):
    """It contradicts what is there, for instance a name that is taken (409)."""


class NotFound(OpenPosterDBError):
    """The title, or art for it, does not exist (404)."""


class NotConfigured(OpenPosterDBError):
    """The feature needs a variable that is not set (501)."""


class Retryable(OpenPosterDBError):
    """A refusal that passes by itself; `retry_after` is in whole seconds, at least 1."""

    def __init__(self, message: str, *, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after = max(1, int(-(-retry_after // 1)))


class TooManyRequests(Retryable):
    """The client spent its tokens (429)."""


class Overloaded(Retryable):
    """This process has too much work queued (503)."""


class StorageUnavailable(Retryable):
    """The database cannot be read or written now (503); what needs it for convenience only goes on without."""


class DeadlineExceeded(OpenPosterDBError):
    """The answer was not ready within `REQUEST_DEADLINE_SECS` (504); the work may go on."""


class UpstreamError(OpenPosterDBError):
    """An upstream service failed; `service` is one of `tmdb`, `fanart`, `mdblist`, `omdb`."""

    def __init__(self, service: str, message: str) -> None:
        super().__init__(f"{service}: {message}")
        self.service = service


class UpstreamBroken(UpstreamError):
    """The upstream refused the call, broke the connection or answered nonsense (502)."""


class UpstreamTimedOut(UpstreamError):
    """The upstream did not answer in time (504)."""


class UpstreamUnavailable(UpstreamError):
    """The upstream's circuit is open or it throttles us (503); `retry_after` in whole seconds."""

    def __init__(self, service: str, message: str, *, retry_after: float = 1.0) -> None:
        super().__init__(service, message)
        self.retry_after = max(1, int(-(-retry_after // 1)))


class BadArt(OpenPosterDBError):
    """A downloaded picture is corrupt, too large or of a format that is not supported (502)."""


E = TypeVar("E", bound=OpenPosterDBError)


def bare(error: E) -> E:
    """The same error as if it had never been raised: what is remembered must not keep the frames it passed alive."""
    copy = type(error).__new__(type(error), *error.args)
    copy.__dict__.update(error.__dict__)
    return copy
