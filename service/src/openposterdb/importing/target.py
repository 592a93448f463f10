"""Reading what is here already and adding what is planned, in one transaction."""

from typing import Any

from sqlalchemy import Column, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from openposterdb.clock import Clock
from openposterdb.importing.plan import Plan, Present
from openposterdb.importing.planning import make_plan
from openposterdb.importing.source import Source
from openposterdb.storage.changes import announce
from openposterdb.storage.database import Database
from openposterdb.storage.rows import timestamp
from openposterdb.storage.tables import admin_users, api_key_settings, api_keys, audit_log, global_settings

_ACTOR = "system"  # whoever may run commands on this machine


class Importer:
    """Plans and applies imports. Running servers see what was added within a second or two."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def plan(self, source: Source) -> Plan:
        """What an import would do now."""
        async with self._database.reading() as connection:
            return await self._plan(connection, source)

    async def apply(self, source: Source) -> Plan:
        """Import; what was done. All of it or, on an error, nothing."""
        async with self._database.writing() as connection:
            plan = await self._plan(connection, source)
            if not plan.is_empty:
                await _add(connection, plan)
                record = {"at": int(self._clock.now()), "actor": _ACTOR, "action": "imported", "detail": plan.summary}
                await connection.execute(insert(audit_log).values(record))
            return plan

    async def _plan(self, connection: AsyncConnection, source: Source) -> Plan:
        return make_plan(source, await _present(connection), now=timestamp(self._clock.now()))


async def _present(connection: AsyncConnection) -> Present:
    async def pairs(*columns: Column[str]) -> dict[str, str]:
        rows = await connection.execute(select(*columns))
        return {str(row[0]): str(row[1]) for row in rows}

    rows = await connection.execute(select(api_keys.c.key_hash, api_key_settings).join_from(api_key_settings, api_keys))
    return Present(
        admins=await pairs(admin_users.c.username, admin_users.c.password_hash),
        keys=await pairs(api_keys.c.key_hash, api_keys.c.name),
        key_settings={str(row["key_hash"]): {str(name): row[name] for name in row} for row in rows.mappings()},
        global_values=await pairs(global_settings.c.key, global_settings.c.value),
    )


async def _add(connection: AsyncConnection, plan: Plan) -> None:
    if plan.admins:
        values = [
            {"username": each.username, "password_hash": each.password_hash, "created_at": each.created_at}
            for each in plan.admins
        ]
        await connection.execute(insert(admin_users), values)
    admins = await _ids(connection, admin_users.c.username)
    if plan.keys:
        values = [
            {
                "name": each.name,
                "key_hash": each.key_hash,
                "key_prefix": each.key_prefix,
                "created_by": admins[each.creator] if each.creator is not None else None,
                "created_at": each.created_at,
                "last_used_at": each.last_used_at,
                "expires_at": each.expires_at,
            }
            for each in plan.keys
        ]
        await connection.execute(insert(api_keys), values)
    keys = await _ids(connection, api_keys.c.key_hash)
    if plan.key_settings:
        values = [{"api_key_id": keys[each.key_hash], **each.settings.model_dump()} for each in plan.key_settings]
        await connection.execute(insert(api_key_settings), values)
    if plan.global_values:
        values = [{"key": key, "value": value} for key, value in plan.global_values.items()]
        await connection.execute(insert(global_settings), values)
    for topic in plan.topics:
        await announce(connection, topic)


async def _ids(connection: AsyncConnection, column: Any) -> dict[str, int]:
    rows = await connection.execute(select(column, column.table.c.id))
    return {str(name): int(number) for name, number in rows}
