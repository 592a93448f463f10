"""Administrators and their passwords."""

from typing import Any

from sqlalchemy import BigInteger, case, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from openposterdb.clock import Clock
from openposterdb.errors import Conflict, NotFound
from openposterdb.storage.changes import announce
from openposterdb.storage.database import Database
from openposterdb.storage.rows import Admin, StoredAdmin, timestamp
from openposterdb.storage.tables import admin_users, api_keys, refresh_tokens
from openposterdb.storage.upsert import dialect_of

_SHOWN = [column for column in admin_users.c if column.name != "password_hash"]


class AdminRepository:
    """Admins by id and by name. What others have to know of is announced to every process (topic `admins`).

    To end an admin's sessions is to delete the refresh tokens and to refuse the access tokens issued up to now.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def exist(self) -> bool:
        """Whether there is any admin."""
        async with self._database.reading() as connection:
            return await _count(connection) > 0

    async def list(self) -> tuple[Admin, ...]:
        """Every admin, oldest first."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(*_SHOWN).order_by(admin_users.c.id))
            return tuple(_admin(row) for row in rows)

    async def find(self, username: str) -> StoredAdmin | None:
        """The admin of exactly this name; None also for text that no database takes."""
        if not storable(username):
            return None
        query = select(admin_users).where(admin_users.c.username == username)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return _stored(row) if row else None

    async def create_first(self, username: str, password_hash: str) -> Admin | None:
        """A new admin if there is none yet; of several who try at once exactly one succeeds."""
        async with self._database.writing() as connection:
            await announce(connection, "admins")  # first: it holds the others back from counting
            if await _count(connection):
                return None
            return await self._insert(connection, username, password_hash, sessions_from=0)

    async def create(self, username: str, password_hash: str) -> Admin | None:
        """A new admin, to whom no token issued before belongs; None when the name is taken."""
        async with self._database.writing() as connection:
            admin = await self._insert(connection, username, password_hash, sessions_from=self._now() + 1)
            if admin is not None:
                await announce(connection, "admins")
        return admin

    async def rehash(self, admin_id: int, old_hash: str, new_hash: str) -> None:
        """Store another hash of the same password, unless the password has changed since."""
        same = (admin_users.c.id == admin_id) & (admin_users.c.password_hash == old_hash)
        async with self._database.writing() as connection:
            await connection.execute(update(admin_users).where(same).values(password_hash=new_hash))

    async def change_password(self, admin_id: int, new_hash: str, *, old_hash: str | None = None) -> StoredAdmin | None:
        """Store a new password and end the sessions; None without such an admin, or when the hash is not `old_hash`."""
        chosen = admin_users.c.id == admin_id
        if old_hash is not None:
            chosen &= admin_users.c.password_hash == old_hash
        return await self._end_sessions(admin_id, chosen, password_hash=new_hash)

    async def end_sessions(self, admin_id: int) -> None:
        """Let no token of this admin be accepted any more."""
        await self._end_sessions(admin_id, admin_users.c.id == admin_id)

    async def remove(self, admin_id: int) -> Admin:
        """Delete the admin with all sessions; the keys stay, as nobody's. NotFound, or Conflict for the last one."""
        async with self._database.writing() as connection:
            # all of them are held, so that two who remove each other do not both find that somebody stays
            everybody = await connection.execute(select(*_SHOWN).order_by(admin_users.c.id).with_for_update())
            admins = {row.id: _admin(row) for row in everybody}
            if admin_id not in admins:
                raise NotFound("no such admin")
            if len(admins) == 1:
                raise Conflict("the last admin cannot be removed")
            await connection.execute(update(api_keys).where(api_keys.c.created_by == admin_id).values(created_by=None))
            await connection.execute(delete(admin_users).where(admin_users.c.id == admin_id))
            await announce(connection, "admins")
        return admins[admin_id]

    async def _insert(
        self, connection: AsyncConnection, username: str, password_hash: str, *, sessions_from: int
    ) -> Admin | None:
        values = {
            "username": username,
            "password_hash": password_hash,
            "created_at": timestamp(self._clock.now()),
            "sessions_from": sessions_from,
        }
        new = dialect_of(connection).insert(admin_users).values(values)
        new = new.on_conflict_do_nothing(index_elements=["username"]).returning(*_SHOWN)
        row = (await connection.execute(new)).one_or_none()
        return _admin(row) if row else None

    async def _end_sessions(self, admin_id: int, chosen: Any, **values: Any) -> StoredAdmin | None:
        async with self._database.writing() as connection:
            ended = await connection.execute(
                update(admin_users)
                .where(chosen)
                .values(sessions_from=sessions_after(self._now()), **values)
                .returning(*admin_users.c)
            )
            row = ended.one_or_none()
            if row is None:
                return None
            await connection.execute(delete(refresh_tokens).where(refresh_tokens.c.user_id == admin_id))
            await announce(connection, "admins")
        return _stored(row)

    def _now(self) -> int:
        return int(self._clock.now())


def sessions_after(now: int) -> Any:
    """What `sessions_from` becomes when the sessions end: above every token's time, also of those issued ahead of `now`."""
    since = admin_users.c.sessions_from
    now_or_later = literal(now, BigInteger)
    return case((since > now_or_later, since), else_=now_or_later) + 1


def storable(text: str) -> bool:
    """Whether databases take the text: half a surrogate pair is no text, and PostgreSQL takes no NUL."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


async def _count(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.count()).select_from(admin_users))).scalar_one())


def _admin(row: Any) -> Admin:
    return Admin(row.id, row.username, row.created_at, row.sessions_from)


def _stored(row: Any) -> StoredAdmin:
    return StoredAdmin(_admin(row), row.password_hash)
