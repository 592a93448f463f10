"""How often each key is used, by day, and when it was used last."""

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from openposterdb.storage.database import Database
from openposterdb.storage.rows import DayUse, UseTotals, day_of, timestamp
from openposterdb.storage.tables import api_keys, key_usage
from openposterdb.storage.upsert import dialect_of

_ROWS_AT_ONCE = 100

Uses = Mapping[tuple[int, str], int]
"""Requests by key id and day (`2026-11-22`, UTC)."""


class KeyUsageRepository:
    """Requests by key and day (UTC); a key's days go with the key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, uses: Uses, at: float) -> None:
        """Count the uses, and note that their keys were used last at `at` (Unix time); all of it or nothing.

        Keys that are gone are left out.
        """
        counted = sorted(uses.items())
        if not counted:
            return
        async with self._database.writing() as connection:
            for start in range(0, len(counted), _ROWS_AT_ONCE):
                await _add(connection, dict(counted[start : start + _ROWS_AT_ONCE]), at)

    async def by_day(self, key_id: int, since: str) -> tuple[DayUse, ...]:
        """The days from `since` on, on which the key was used, oldest first."""
        return (await self.by_day_of(since, [key_id])).get(key_id, ())

    async def by_day_of(self, since: str, key_ids: Collection[int] | None = None) -> dict[int, tuple[DayUse, ...]]:
        """The same for many keys, or for all; keys that were not used are not in it."""
        query = select(key_usage).where(key_usage.c.day >= since).order_by(key_usage.c.api_key_id, key_usage.c.day)
        rows = await self._of_keys(query, key_ids)
        return {
            key_id: tuple(DayUse(row.day, row.requests) for row in days)
            for key_id, days in groupby(rows, key=lambda row: row.api_key_id)
        }

    async def totals(self, at: float, key_ids: Collection[int] | None = None) -> dict[int, UseTotals]:
        """Today's and this month's requests at `at` (Unix time) of many keys, or of all; unused ones are not in it."""
        today = day_of(at)
        todays = func.sum(case((key_usage.c.day == today, key_usage.c.requests), else_=0))
        query = (
            select(key_usage.c.api_key_id, todays.label("today"), func.sum(key_usage.c.requests).label("month"))
            .where(key_usage.c.day >= f"{today[:7]}-01")
            .group_by(key_usage.c.api_key_id)
        )
        rows = await self._of_keys(query, key_ids)
        return {row.api_key_id: UseTotals(int(row.today), int(row.month)) for row in rows}

    async def prune(self, before: str) -> int:
        """Delete the days before `before` (`2025-10-18`); how many rows it were."""
        async with self._database.writing() as connection:
            return (await connection.execute(delete(key_usage).where(key_usage.c.day < before))).rowcount

    async def _of_keys(self, query: Any, key_ids: Collection[int] | None) -> list[Any]:
        async with self._database.reading() as connection:
            if key_ids is None:
                return list(await connection.execute(query))
            rows: list[Any] = []
            for some in _chunks(sorted(set(key_ids))):
                rows += await connection.execute(query.where(key_usage.c.api_key_id.in_(some)))
            return rows


async def _add(connection: AsyncConnection, uses: Uses, at: float) -> None:
    ids = {key_id for key_id, _ in uses}
    # the lock keeps the keys until the end: a row for a key that is revoked meanwhile would break its reference
    locked = select(api_keys.c.id).where(api_keys.c.id.in_(ids)).order_by(api_keys.c.id).with_for_update()
    known = set((await connection.scalars(locked)).all())
    if not known:
        return
    await connection.execute(update(api_keys).where(api_keys.c.id.in_(known)).values(last_used_at=timestamp(at)))
    rows = [
        {"api_key_id": key_id, "day": day, "requests": requests}
        for (key_id, day), requests in uses.items()
        if key_id in known
    ]
    insert = dialect_of(connection).insert(key_usage).values(rows)
    more = key_usage.c.requests + insert.excluded.requests
    await connection.execute(
        insert.on_conflict_do_update(index_elements=["api_key_id", "day"], set_={"requests": more})
    )


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + _ROWS_AT_ONCE] for start in range(0, len(ids), _ROWS_AT_ONCE))
