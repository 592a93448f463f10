"""The request log: slow and failed requests always, every request on demand, API keys never."""

import re
import secrets
from dataclasses import dataclass

import structlog

REDACTED = "[REDACTED]"
_ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
_LONGEST_ID = 64
_SECRET = re.compile(r"\bt\d-[^/.]+|(?<![0-9A-Za-z])[0-9A-Fa-f]{64}(?![0-9A-Za-z])|\beyJ[\w-]*\.[\w-]+\.[\w-]*")
"""What looks like an API key of either form, a refresh token or a signed token."""


_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AccessLog:
    """What is logged: requests that took `slow` seconds or ended in a 5xx, or all of them with `everything`.

    Answers of the hot path are never logged one by one: they are counted. `probes` are routes asked every few seconds by
    machines; they are logged only when they fail.
    """

    slow: float = 2.0
    everything: bool = False
    probes: frozenset[str] = frozenset({"/healthz", "/readyz"})

    def record(
        self, *, method: str, path: str, route: str, status: int, seconds: float, address: str, request_id: str
    ) -> None:
        """Log a finished request if it is worth it."""
        failed = status >= 500
        if not (failed or (self.everything and route not in self.probes) or seconds >= self.slow):
            return
        write = _log.warning if failed or seconds >= self.slow else _log.info
        write(
            "request",
            method=method,
            path=redact(path) if route else f"/{REDACTED}",  # who knows where an unknown path has its key
            route=route,
            status=status,
            seconds=round(seconds, 4),
            client=address,
            request_id=request_id,
        )


def redact(path: str) -> str:
    """The path without an API key: the first segment of everything outside `/api/` and `/c/` is replaced.

    What looks like a key or a token is replaced wherever it stands: clients mix up the parts of a URL.
    """
    path = _SECRET.sub(REDACTED, path)
    if path.startswith(("/api/", "/c/")):
        return path
    _, slash, rest = path.lstrip("/").partition("/")
    return f"/{REDACTED}{slash}{rest}"


def request_id_of(given: str | None) -> str:
    """The caller's `X-Request-Id` if it is short, harmless and nobody's key, else a new one."""
    if given and len(given) <= _LONGEST_ID and _ID_CHARACTERS.issuperset(given) and not _SECRET.search(given):
        return given
    return secrets.token_hex(8)
