"""The audit trail: who did what, when and from where."""

from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from openposterdb.clock import Clock
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.repositories import AuditRepository
from openposterdb.storage.rows import AuditRecord

log = structlog.get_logger(__name__)

_KEPT_SECONDS: Final = 400 * 86_400
_MOST_RECORDS: Final = 100_000
_LONGEST_TEXT: Final = 512


class AuditTrail:
    """Records are kept for 400 days, and at most 100,000 of them. None may hold a password, a key or a token.

    At most half of them are failed logins and what owners of keys did, so that nobody but an admin pushes out what admins did.
    """

    def __init__(self, records: AuditRepository, clock: Clock, *, most_records: int = _MOST_RECORDS) -> None:
        self._records = records
        self._clock = clock
        self._most_records = most_records

    async def record(
        self,
        actor: str,
        action: str,
        *,
        target: str | None = None,
        detail: str | None = None,
        address: str | None = None,
    ) -> None:
        """Note what was done. When it cannot be written, the log has it: what was done stays done."""
        try:
            await self._records.add(
                int(self._clock.now()),
                _fit(actor),
                action,
                target=None if target is None else _fit(target),
                detail=None if detail is None else _fit(detail),
                address=address,
            )
        except (StorageUnavailable, SQLAlchemyError) as error:  # whatever it is: the action must not fail for it
            log.warning("audit_not_written", actor=actor, action=action, target=target, error=type(error).__name__)

    async def page(
        self, before_id: int | None = None, limit: int = 50, action: str | None = None, actor: str | None = None
    ) -> tuple[AuditRecord, ...]:
        """At most `limit` records, newest first; the next page is the one before the last id of this one."""
        return await self._records.page(
            limit=limit,
            before_id=before_id,
            action=None if action is None else _fit(action),
            actor=None if actor is None else _fit(actor),
        )

    async def prune(self) -> int:
        """Delete what is too old or too much; how many records it were."""
        return await self._records.prune(
            older_than=int(self._clock.now()) - _KEPT_SECONDS,
            most=self._most_records,
            most_by_others=self._most_records // 2,
        )


def _fit(text: str) -> str:
    """Text that every database takes, and not too much of it."""
    whole = text.replace("\0", "").encode(errors="replace").decode()
    return whole if len(whole) <= _LONGEST_TEXT else f"{whole[: _LONGEST_TEXT - 1]}…"
