"""`/api/admin/audit`: who did what, newest first."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from openposterdb.accounts.audit import AuditTrail
from openposterdb.http.api.calls import AdminCall
from openposterdb.http.api.endpoints import Api
from openposterdb.http.api.numbers import UInt31

TAG = "Audit"
_MOST = 200

Filter = Annotated[str, StringConstraints(max_length=512)]


class AuditQuery(BaseModel):
    """Which part of the trail."""

    before: Annotated[UInt31 | None, Field(description="Only records older than the one with this id.")] = None
    limit: Annotated[UInt31, Field(description=f"How many, 1 to {_MOST}; numbers beyond are clamped.")] = 50
    action: Annotated[Filter | None, Field(description="Only records of this action, such as `key_created`.")] = None
    actor: Annotated[Filter | None, Field(description="Only what this admin did.")] = None


class ShownRecord(BaseModel):
    """One thing that was done. `at` is in Unix seconds; `address` is the client's."""

    id: int
    at: int
    actor: str
    action: str
    target: str | None
    detail: str | None
    address: str | None


class AuditPage(BaseModel):
    """Records, and where the next page begins."""

    items: list[ShownRecord]
    next_before: Annotated[
        int | None, Field(description="The `before` of the next page; null when there may be nothing more.")
    ]


class AuditRoutes:
    """Reading the audit trail."""

    def __init__(self, trail: AuditTrail) -> None:
        self._trail = trail

    def add_to(self, api: Api) -> None:
        """Add the operations."""
        api.get("/api/admin/audit", tag=TAG)(self.read_audit)

    async def read_audit(self, _call: AdminCall, query: AuditQuery) -> AuditPage:
        """Read the audit trail, newest first.

        Logins, changes of accounts, keys and settings, and what was done to images, kept for 400 days.
        """
        limit = min(max(query.limit, 1), _MOST)
        records = await self._trail.page(query.before, limit, query.action, query.actor)
        items = [
            ShownRecord(
                id=record.id,
                at=record.at,
                actor=record.actor,
                action=record.action,
                target=record.target,
                detail=record.detail,
                address=record.address,
            )
            for record in records
        ]
        return AuditPage(items=items, next_before=items[-1].id if len(items) == limit else None)
