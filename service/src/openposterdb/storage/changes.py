"""News from other processes: what one changes in the database, the others drop from their memory within a second or two."""

from collections.abc import Callable
from typing import Literal

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from openposterdb.clock import Clock
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.database import ANNOUNCED, Database
from openposterdb.storage.tables import changes
from openposterdb.storage.upsert import dialect_of

log = structlog.get_logger(__name__)

Topic = Literal["keys", "settings", "admins", "images"]


class DatabaseChangeFeed:
    """Reads one small table every `interval` seconds, whatever the traffic."""

    def __init__(self, database: Database, clock: Clock, *, interval: float = 1.0) -> None:
        self._database = database
        self._clock = clock
        self._interval = interval
        self._seen: dict[str, int] = {}
        self._listeners: list[tuple[Topic, Callable[[], None]]] = []

    def subscribe(self, topic: Topic, listener: Callable[[], None]) -> None:
        """Call `listener` after each change of `topic`."""
        self._listeners.append((topic, listener))

    async def watch(self) -> None:
        """Poll until cancelled. While the database does not answer, nothing is told, and everything afterwards."""
        while True:
            await self.look()
            await self._clock.sleep(self._interval)

    async def look(self) -> None:
        """Poll, and leave what fails to the next time."""
        try:
            await self.poll()
        except (StorageUnavailable, SQLAlchemyError) as error:  # whatever it is, the next poll may go well
            log.warning("change_feed_failed", error=type(error).__name__)

    async def poll(self) -> None:
        """Tell what has changed since the last poll; the first one tells of everything that ever changed."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(changes.c.topic, changes.c.generation))
            found = {str(topic): int(generation) for topic, generation in rows}
        seen, self._seen = self._seen, found
        for topic, listener in self._listeners:
            if found.get(topic) != seen.get(topic):
                listener()


async def announce(connection: AsyncConnection, topic: Topic) -> None:
    """Let every process know of a change of `topic` once this transaction commits.

    Until then other transactions that announce the same topic wait here.
    """
    connection.info[ANNOUNCED] = True
    first = dialect_of(connection).insert(changes).values(topic=topic, generation=1)
    await connection.execute(
        first.on_conflict_do_update(index_elements=["topic"], set_={"generation": changes.c.generation + 1})
    )
