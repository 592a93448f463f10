"""`/healthz`: the process lives. `/readyz`: it may take traffic, dependency by dependency."""

import asyncio
from typing import Final

from robyn import Response, Robyn

from openposterdb.composition import Collaborators
from openposterdb.errors import StorageUnavailable
from openposterdb.http import responses
from openposterdb.http.drain import Drain
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import is_current

_DATABASE_SECONDS: Final = 2.0


def register_health(app: Robyn, collaborators: Collaborators, drain: Drain) -> None:
    """Add both routes."""
    judge = DatabaseJudge(collaborators.database)

    async def healthz() -> Response:
        return responses.json({"status": "ok"}, headers=_UNCACHED)

    async def readyz() -> Response:
        database = await judge.verdict()
        ready = database == "ok" and not drain.draining
        verdicts = {
            "status": "draining" if drain.draining else "ok" if ready else "unavailable",
            "database": database,
            "image_store": store_verdict(collaborators),
        }
        if collaborators.fleet is not None:
            verdicts["redis"] = collaborators.fleet.state()
        return responses.json(verdicts, status=200 if ready else 503, headers=_UNCACHED)

    app.get("/healthz")(healthz)
    app.get("/readyz")(readyz)


class DatabaseJudge:
    """Says `ok`, or what is wrong; whether the migrations are applied is asked until they are."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._migrated = False

    async def verdict(self) -> str:
        """`ok`, or what is wrong, within two seconds."""
        try:
            async with asyncio.timeout(_DATABASE_SECONDS):
                if self._migrated:
                    await self._database.ping()
                else:
                    self._migrated = await is_current(self._database)
        except TimeoutError:
            return "timed out"
        except StorageUnavailable as error:
            return str(error)
        return "ok" if self._migrated else "migrations are missing"


def store_verdict(collaborators: Collaborators) -> str:
    """The store's state informs; without it images are still made, so it does not decide."""
    if collaborators.environment.external_cache_only:
        return "off"
    problem = collaborators.layers.health.problem
    return "ok" if problem is None else f"degraded: {problem}"


_UNCACHED: Final = {"cache-control": "no-store"}
