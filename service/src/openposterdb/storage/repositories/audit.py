"""The audit trail: what was done to the instance, newest first."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Delete, delete, insert, select, true

from openposterdb.storage.database import Database
from openposterdb.storage.rows import AuditRecord
from openposterdb.storage.tables import audit_log

KEY_ACTOR: Final = "key "
"""How the owner of a key is named, whose number follows; no admin's name holds a blank."""

FAILED_LOGIN: Final = "login_failed"


class AuditRepository:
    """Records by id, which grows with time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        at: int,
        actor: str,
        action: str,
        *,
        target: str | None = None,
        detail: str | None = None,
        address: str | None = None,
    ) -> None:
        """Append a record of what happened at `at` (Unix seconds)."""
        values = {
            "at": at,
            "actor": actor,
            "action": action,
            "target": target,
            "detail": detail,
            "address": address,
        }
        async with self._database.writing() as connection:
            await connection.execute(insert(audit_log).values(values))

    async def page(
        self, *, limit: int, before_id: int | None = None, action: str | None = None, actor: str | None = None
    ) -> tuple[AuditRecord, ...]:
        """At most `limit` records, newest first, older than the one with `before_id`; of one action or actor."""
        query = select(audit_log).order_by(audit_log.c.id.desc()).limit(limit)
        if before_id is not None:
            query = query.where(audit_log.c.id < before_id)
        if action is not None:
            query = query.where(audit_log.c.action == action)
        if actor is not None:
            query = query.where(audit_log.c.actor == actor)
        async with self._database.reading() as connection:
            return tuple(_record(row) for row in await connection.execute(query))

    async def prune(self, *, older_than: int, most: int, most_by_others: int) -> int:
        """Delete what happened before `older_than` (Unix seconds), and the oldest beyond `most`; how many it were.

        Of what others than admins can cause, the oldest beyond `most_by_others` go first: they cannot push out the rest.
        """
        by_others = audit_log.c.actor.like(f"{KEY_ACTOR}%") | (audit_log.c.action == FAILED_LOGIN)
        async with self._database.writing() as connection:
            old = await connection.execute(delete(audit_log).where(audit_log.c.at < older_than))
            theirs = await connection.execute(_delete_beyond(most_by_others, by_others))
            many = await connection.execute(_delete_beyond(most, true()))
        return old.rowcount + theirs.rowcount + many.rowcount


def _delete_beyond(most: int, chosen: ColumnElement[bool]) -> Delete:
    newest_first = select(audit_log.c.id).where(chosen).order_by(audit_log.c.id.desc())
    return delete(audit_log).where(chosen, audit_log.c.id <= newest_first.offset(most).limit(1).scalar_subquery())


def _record(row: Any) -> AuditRecord:
    return AuditRecord(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name for it
