"""What the addresses of CDN mode stand for: hash and canonical form of a request."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select

from openposterdb.storage.database import Database
from openposterdb.storage.tables import cdn_settings
from openposterdb.storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class CdnRequest:
    """A request behind a hash, as text, and when it was known to be used last (Unix seconds)."""

    request: str
    used_at: int


class CdnSettingsRepository:
    """Requests by hash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, digest: str) -> CdnRequest | None:
        """The request behind a hash."""
        query = select(cdn_settings.c.request, cdn_settings.c.used_at).where(cdn_settings.c.hash == digest)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return CdnRequest(row.request, row.used_at) if row else None

    async def put(self, digest: str, request: str, at: int) -> None:
        """Keep a request, used at `at` (Unix seconds); one that is known keeps its time of creation."""
        row = {"hash": digest, "request": request, "created_at": at, "used_at": at}
        async with self._database.writing() as connection:
            await upsert(connection, cdn_settings, [row], keep=("created_at",))

    async def count(self) -> int:
        """Requests kept."""
        async with self._database.reading() as connection:
            return int((await connection.execute(select(func.count()).select_from(cdn_settings))).scalar_one())

    async def prune(self, *, unused_since: int, most: int, used_before: int) -> int:
        """Delete what is unused since then, and of more than `most` rows those used longest ago, but before `used_before`.

        Times are Unix seconds. How many went.
        """
        used = cdn_settings.c.used_at
        surplus = select(cdn_settings.c.hash).order_by(used.desc(), cdn_settings.c.hash).offset(most)
        async with self._database.writing() as connection:
            unused = await connection.execute(delete(cdn_settings).where(used < unused_since))
            beyond = await connection.execute(
                delete(cdn_settings).where(used < used_before, cdn_settings.c.hash.in_(surplus))
            )
        return unused.rowcount + beyond.rowcount
