"""`/{api_key}/isValid`: whether a key opens anything."""

from collections.abc import Callable
from typing import Final, Protocol

from robyn import Request, Response, Robyn

from openposterdb.accounts.registry import KeyOwner
from openposterdb.errors import Unauthorized
from openposterdb.http import responses
from openposterdb.http.deadline import Deadline

KEY_CHECK: Final = "/:api_key/isValid"


class Keys(Protocol):
    """Who a key belongs to."""

    async def authenticate(self, raw: str) -> KeyOwner:
        """The owner; Unauthorized for an unknown key."""
        ...


def register_key_check(app: Robyn, keys: Keys, note_use: Callable[[KeyOwner], None], *, deadline: float) -> None:
    """Add the route: 200 `{"valid": true}`, or 401 `{"valid": false, "error": ...}`."""

    async def is_valid(request: Request) -> Response:
        try:
            async with Deadline(deadline).of("the key could not be looked up"):
                owner = await keys.authenticate(request.path_params["api_key"])
        except Unauthorized as error:
            return responses.json({"valid": False, "error": str(error)}, status=401, headers=_UNCACHED)
        note_use(owner)
        return responses.json({"valid": True}, headers=_UNCACHED)

    app.get(KEY_CHECK)(is_valid)


_UNCACHED: Final = {"cache-control": "no-store"}
