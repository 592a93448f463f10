"""Who did what through the API, for the audit trail."""

from typing import Literal

from openposterdb.accounts.audit import AuditTrail
from openposterdb.http.api.calls import AdminCall, Call, KeyCall
from openposterdb.storage.repositories.audit import KEY_ACTOR
from openposterdb.storage.rows import ApiKey

Action = Literal[
    "key_created",
    "key_renamed",
    "key_expiry_changed",
    "key_revoked",
    "key_login",
    "global_settings_changed",
    "free_key_switched",
    "key_settings_changed",
    "key_settings_reset",
    "image_refreshed",
    "images_purged",
]
"""What is noted here; what concerns admins themselves is noted by `accounts.admins`."""


class Trail:
    """Notes what a call changed: by whom, to what, from where."""

    def __init__(self, trail: AuditTrail) -> None:
        self._trail = trail

    async def note(self, call: AdminCall | KeyCall, action: Action, *, target: str, detail: str | None = None) -> None:
        """Note a change made in a session."""
        await self.note_by(_actor(call), call, action, target=target, detail=detail)

    async def note_by(self, actor: str, call: Call, action: Action, *, target: str, detail: str | None = None) -> None:
        """Note what somebody did who is known otherwise."""
        await self._trail.record(actor, action, target=target, detail=detail, address=call.address or None)


def key_label(key: ApiKey) -> str:
    """A key as it is named in the trail; never more of it than may be shown."""
    return f"{KEY_ACTOR}{key.id} ({key.key_prefix}…)"


def _actor(call: AdminCall | KeyCall) -> str:
    return call.admin.username if isinstance(call, AdminCall) else key_label(call.key)
