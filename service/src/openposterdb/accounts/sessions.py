"""What an admin's session is made of, and the secrets that carry it on."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Final, TypeGuard

from openposterdb.storage.rows import Admin

REFRESH_SECONDS: Final = 7 * 86_400
"""How long a refresh token is good for, from its issue."""

_REFRESH_TOKEN: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Session:
    """An admin who is logged in: the access token for the bearer header, the refresh token for the cookie."""

    admin: Admin
    token: str = field(repr=False)
    refresh_token: str = field(repr=False)


def new_refresh_token() -> str:
    """32 random bytes in hex."""
    return secrets.token_hex(32)


def new_family() -> str:
    """A name for a refresh token and all its successors."""
    return secrets.token_hex(16)


def is_refresh_token(text: str | None) -> TypeGuard[str]:
    """Whether the text has the form of a refresh token."""
    return text is not None and _REFRESH_TOKEN.fullmatch(text) is not None


def hashed(text: str) -> str:
    """SHA-256 in hex: the form in which a refresh token is stored."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
