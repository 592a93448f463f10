"""The tokens that sessions are carried by: JWT, signed with HS256, of two kinds that never pass for each other."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt

from openposterdb.clock import Clock
from openposterdb.errors import Unauthorized

ADMIN_SECONDS: Final = 15 * 60
KEY_SECONDS: Final = 24 * 3600
_LEEWAY_SECONDS: Final = 60
"""How far the clocks of replicas may be apart."""

_LONGEST: Final = 4096
_LATEST: Final = 1 << 53
_LARGEST_ID: Final = 1 << 31


@dataclass(frozen=True, slots=True)
class AdminClaims:
    """Whose an admin's token is, and when it was issued (Unix seconds)."""

    username: str
    issued_at: int


class Tokens:
    """Issues tokens and reads them; whatever is not exactly a valid one is `Unauthorized`."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def admin_token(self, username: str, issued_at: int) -> str:
        """A token that names an admin, valid for 15 minutes from `issued_at` (Unix seconds)."""
        return self._sign({"sub": username, "exp": issued_at + ADMIN_SECONDS})

    def read_admin(self, text: str) -> AdminClaims:
        """What an admin's token says."""
        username, expires = self._claims(text, "sub")
        if not isinstance(username, str) or not username:
            raise Unauthorized
        return AdminClaims(username, expires - ADMIN_SECONDS)

    def key_token(self, key_id: int) -> str:
        """A token for the owner of an API key, valid for 24 hours from now."""
        return self._sign({"key_id": key_id, "exp": int(self._clock.now()) + KEY_SECONDS})

    def read_key(self, text: str) -> int:
        """The id of the key that the token is for."""
        key_id, _ = self._claims(text, "key_id")
        if type(key_id) is not int or not 1 <= key_id < _LARGEST_ID:
            raise Unauthorized
        return key_id

    def _sign(self, claims: Mapping[str, Any]) -> str:
        return jwt.encode(dict(claims), self._secret, algorithm="HS256")  # pyright: ignore[reportUnknownMemberType]

    def _claims(self, text: str, subject: str) -> tuple[Any, int]:
        """The claim `subject` and the expiry of a token that has these two and is not over."""
        if len(text) > _LONGEST or not _is_canonical(text):
            raise Unauthorized
        try:
            # the time is the clock's, not the machine's, so it is compared below
            claims: dict[str, Any] = jwt.decode(  # pyright: ignore[reportUnknownMemberType]
                text, self._secret, algorithms=["HS256"], options={"verify_exp": False, "verify_sub": False}
            )
        except jwt.InvalidTokenError:
            raise Unauthorized from None
        if claims.keys() != {subject, "exp"}:
            raise Unauthorized
        expires = claims["exp"]
        if type(expires) is not int or not 0 < expires < _LATEST or expires + _LEEWAY_SECONDS < self._clock.now():
            raise Unauthorized
        return claims[subject], expires


def _is_canonical(text: str) -> bool:
    """Whether every part is Base64url as an encoder writes it: decoders overlook stray letters and bits."""
    try:
        return all(_reencoded(part) == part for part in text.split("."))
    except ValueError:
        return False


def _reencoded(part: str) -> str:
    decoded = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    return base64.urlsafe_b64encode(decoded).rstrip(b"=").decode()
