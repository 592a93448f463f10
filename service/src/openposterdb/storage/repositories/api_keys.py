"""API keys, known by their hash."""

from typing import Any

from sqlalchemy import delete, func, insert, select, update

from openposterdb.clock import Clock
from openposterdb.storage.changes import announce
from openposterdb.storage.database import Database
from openposterdb.storage.rows import ApiKey, timestamp
from openposterdb.storage.tables import api_keys

_SHOWN = [column for column in api_keys.c if column.name != "key_hash"]


class ApiKeyRepository:
    """Keys by id, by name and by hash. Every change is announced to every process (topic `keys`)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def create(
        self,
        name: str,
        key_hash: str,
        prefix: str,
        *,
        created_by: int | None = None,
        expires_at: float | None = None,
    ) -> ApiKey:
        """A new key, for ever or until `expires_at` (Unix time); IntegrityError when the hash is known already."""
        values = {
            "name": name,
            "key_hash": key_hash,
            "key_prefix": prefix,
            "created_by": created_by,
            "created_at": timestamp(self._clock.now()),
            "expires_at": None if expires_at is None else timestamp(expires_at),
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

    async def count(self) -> int:
        """How many keys there are."""
        async with self._database.reading() as connection:
            return int((await connection.execute(select(func.count()).select_from(api_keys))).scalar_one())

    async def get(self, key_id: int) -> ApiKey | None:
        """The key with this id."""
        return await self._one(api_keys.c.id == key_id)

    async def find_by_hash(self, key_hash: str) -> ApiKey | None:
        """The key with this hash."""
        return await self._one(api_keys.c.key_hash == key_hash)

    async def rename(self, key_id: int, name: str) -> ApiKey | None:
        """Give the key another name; the key afterwards, None when there is none."""
        return await self._update(key_id, name=name)

    async def set_expiry(self, key_id: int, expires_at: float | None) -> ApiKey | None:
        """Let the key expire at `expires_at` (Unix time) or never; the key afterwards, None when there is none."""
        return await self._update(key_id, expires_at=None if expires_at is None else timestamp(expires_at))

    async def revoke(self, key_id: int) -> bool:
        """Delete the key and its settings; False when there is none."""
        return bool(await self._delete(api_keys.c.id == key_id))

    async def _one(self, condition: Any) -> ApiKey | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(*_SHOWN).where(condition))).one_or_none()
        return _key(row) if row else None

    async def _update(self, key_id: int, **values: Any) -> ApiKey | None:
        changed = update(api_keys).where(api_keys.c.id == key_id).values(values).returning(*_SHOWN)
        async with self._database.writing() as connection:
            row = (await connection.execute(changed)).one_or_none()
            if row is not None:
                await announce(connection, "keys")
        return _key(row) if row else None

    async def _delete(self, condition: Any) -> int:
        async with self._database.writing() as connection:
            count = (await connection.execute(delete(api_keys).where(condition))).rowcount
            if count:
                await announce(connection, "keys")
        return count


def _key(row: Any) -> ApiKey:
    return ApiKey(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name for it
