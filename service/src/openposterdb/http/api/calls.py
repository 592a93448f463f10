"""What a handler of the management API is given, and what it may return beside a plain model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from robyn import Request

from openposterdb.errors import Unauthorized
from openposterdb.storage.rows import Admin, ApiKey

M = TypeVar("M")

_SCHEME = "Bearer "


@dataclass(frozen=True, slots=True)
class Call:
    """One request of anybody. `address` is the client's."""

    request: Request

    @property
    def address(self) -> str:
        """The client's address, behind trusted proxies too."""
        return self.request.ip_addr or ""


@dataclass(frozen=True, slots=True)
class AdminCall(Call):
    """One request of an admin."""

    admin: Admin


@dataclass(frozen=True, slots=True)
class KeyCall(Call):
    """One request of a key's owner, in a session of that key."""

    key: ApiKey


@dataclass(frozen=True, slots=True)
class Reply(Generic[M]):
    """A model with headers of its own."""

    body: M
    headers: Sequence[tuple[str, str]] = ()


class Guards(Protocol):
    """Who a bearer token belongs to; both raise Unauthorized."""

    async def admin(self, token: str) -> Admin:
        """The admin whose session it is."""
        ...

    async def key(self, token: str) -> ApiKey:
        """The key whose owner's session it is."""
        ...


def bearer(request: Request) -> str:
    """The token of the `Authorization` header; Unauthorized for any other form of it."""
    header = request.headers.get("authorization") or ""
    token = header.removeprefix(_SCHEME)
    if token == header or not token or " " in token:
        raise Unauthorized
    return token
