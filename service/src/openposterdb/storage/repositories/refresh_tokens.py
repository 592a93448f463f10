"""Refresh tokens, known by their hash, in families: each rotation adds one, and a token that is used twice ends them all."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from openposterdb.clock import Clock
from openposterdb.storage.changes import announce
from openposterdb.storage.database import Database
from openposterdb.storage.repositories.admins import sessions_after
from openposterdb.storage.rows import Admin, timestamp
from openposterdb.storage.tables import admin_users, refresh_tokens


@dataclass(frozen=True, slots=True)
class Rotation:
    """What became of a token that was presented: its admin, and whether it had been used before."""

    admin: Admin
    reused: bool


class RefreshTokenRepository:
    """Tokens by hash. Whatever touches an admin's tokens holds that admin's row, so that nothing slips in between."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(
        self, admin_id: int, password_hash: str, *, family: str, token_hash: str, lifetime: int
    ) -> Admin | None:
        """The first token of a family, for `lifetime` seconds; None when the password has changed or the admin is gone."""
        async with self._database.writing() as connection:
            row = await _locked(connection, admin_id)
            if row is None or row.password_hash != password_hash:
                return None
            await self._add(connection, admin_id, family, token_hash, lifetime)
        return _admin(row)

    async def rotate(self, token_hash: str, *, successor_hash: str, lifetime: int) -> Rotation | None:
        """Use the token up and add its successor; None for one that is unknown or expired.

        One that was used before ends its whole family, and the access tokens that may have come of it.
        """
        chosen = refresh_tokens.c.token_hash == token_hash
        async with self._database.reading() as connection:  # so that guessing takes no lock
            owner = await connection.scalar(select(refresh_tokens.c.user_id).where(chosen))
        if owner is None:
            return None
        async with self._database.writing() as connection:
            admin = await _locked(connection, owner)
            token = (await connection.execute(select(refresh_tokens).where(chosen))).one_or_none()
            if admin is None or token is None:
                return None
            now = self._clock.now()
            if token.expires_at <= timestamp(now):
                await connection.execute(delete(refresh_tokens).where(chosen))
                return None
            used = await connection.execute(
                update(refresh_tokens).where(chosen, refresh_tokens.c.used_at.is_(None)).values(used_at=timestamp(now))
            )
            if used.rowcount == 0:
                await _end_family(connection, admin.id, token.family, int(now))
                return Rotation(_admin(admin), reused=True)
            await self._add(connection, admin.id, token.family, successor_hash, lifetime)
        return Rotation(_admin(admin), reused=False)

    async def prune(self) -> int:
        """Delete what has expired; how many it were."""
        expired = refresh_tokens.c.expires_at <= timestamp(self._clock.now())
        async with self._database.writing() as connection:
            return (await connection.execute(delete(refresh_tokens).where(expired))).rowcount

    async def _add(
        self, connection: AsyncConnection, admin_id: int, family: str, token_hash: str, lifetime: int
    ) -> None:
        now = self._clock.now()
        values = {
            "user_id": admin_id,
            "family": family,
            "token_hash": token_hash,
            "created_at": timestamp(now),
            "expires_at": timestamp(now + lifetime),
        }
        await connection.execute(insert(refresh_tokens).values(values))


async def _locked(connection: AsyncConnection, admin_id: int) -> Any:
    query = select(admin_users).where(admin_users.c.id == admin_id).with_for_update()
    return (await connection.execute(query)).one_or_none()


async def _end_family(connection: AsyncConnection, admin_id: int, family: str, now: int) -> None:
    await connection.execute(delete(refresh_tokens).where(refresh_tokens.c.family == family))
    await connection.execute(
        update(admin_users).where(admin_users.c.id == admin_id).values(sessions_from=sessions_after(now))
    )
    await announce(connection, "admins")


def _admin(row: Any) -> Admin:
    return Admin(row.id, row.username, row.created_at, row.sessions_from)
