"""API keys, known by their hash."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, insert, select, update

from openposterdb.clock import Clock
from openposterdb.storage.changes import announce
from openposterdb.storage.database import Database
from openposterdb.storage.rows import ApiKey, timestamp
from openposterdb.storage.tables import api_keys

_IDS_AT_ONCE = 100
_SHOWN = [column for column in api_keys.c if column.name != "key_hash"]


class ApiKeyRepository:
    """Keys by id, by name and by hash. Creating and revoking is announced to every process (topic `keys`)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def create(self, name: str, key_hash: str, prefix: str, *, created_by: int | None = None) -> ApiKey:
        """A new key; IntegrityError when the hash is known already."""
        values = {
            "name": name,
            "key_hash": key_hash,
            "key_prefix": prefix,
            "created_by": created_by,
            "created_at": timestamp(self._clock.now()),
        }
        async with self._database.writing() as connection:
            row = (await connection.execute(insert(api_keys).values(values).returning(*_SHOWN))).one()
            await announce(connection, "keys")
        return _key(row)

    async def list(self) -> tuple[ApiKey, ...]:
        """Every key, oldest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(*_SHOWN).order_by(api_keys.c.id))
            return tuple(_key(row) for row in rows)

    async def get(self, key_id: int) -> ApiKey | None:
        """The key with this id."""
        return await self._one(api_keys.c.id == key_id)

    async def find_by_hash(self, key_hash: str) -> ApiKey | None:
        """The key with this hash."""
        return await self._one(api_keys.c.key_hash == key_hash)

    async def revoke(self, key_id: int) -> bool:
        """Delete the key and its settings; False when there is none."""
        return bool(await self._delete(api_keys.c.id == key_id))

    async def revoke_named(self, name: str) -> int:
        """Delete every key of this name with its settings; how many it were, since names need not be unique."""
        return await self._delete(api_keys.c.name == name)

    async def touch_last_used(self, key_ids: Collection[int], at: float) -> None:
        """Note that the keys were used at `at` (Unix time), in one update per hundred."""
        ids = sorted(key_ids)
        async with self._database.writing() as connection:
            for start in range(0, len(ids), _IDS_AT_ONCE):
                chosen = api_keys.c.id.in_(ids[start : start + _IDS_AT_ONCE])
                await connection.execute(update(api_keys).where(chosen).values(last_used_at=timestamp(at)))

    async def _one(self, condition: Any) -> ApiKey | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(*_SHOWN).where(condition))).one_or_none()
        return _key(row) if row else None

    async def _delete(self, condition: Any) -> int:
        async with self._database.writing() as connection:
            count = (await connection.execute(delete(api_keys).where(condition))).rowcount
            if count:
                await announce(connection, "keys")
        return count


def _key(row: Any) -> ApiKey:
    return ApiKey(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name for it
