"""The cookie that carries a refresh token: for scripts invisible, for other sites unsent, for one path only."""

from typing import Final

from robyn import Request

from openposterdb.accounts.sessions import REFRESH_SECONDS

_NAME: Final = "refresh_token"
_PATH: Final = "/api/auth/refresh"


class RefreshCookie:
    """Written and read by its exact name. `secure` keeps it to TLS."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = "; Secure" if secure else ""

    def holding(self, token: str) -> tuple[str, str]:
        """The header that sets it."""
        return self._header(token, REFRESH_SECONDS)

    def cleared(self) -> tuple[str, str]:
        """The header that removes it."""
        return self._header("", 0)

    def _header(self, value: str, seconds: int) -> tuple[str, str]:
        text = f"{_NAME}={value}; HttpOnly; SameSite=Strict; Path={_PATH}; Max-Age={seconds}{self._secure}"
        return ("set-cookie", text)


def refresh_token_of(request: Request) -> str | None:
    """The refresh token that the client sent; the first one if it sent several."""
    for part in (request.headers.get("cookie") or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == _NAME:
            return value
    return None
