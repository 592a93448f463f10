"""News of committed changes, by message within milliseconds and from the database when a message is missed."""

import asyncio
from collections.abc import Callable

import structlog

from openposterdb.clock import Clock
from openposterdb.fleet.link import RedisAway
from openposterdb.fleet.notices import Notices, wait_for_either
from openposterdb.storage.changes import DatabaseChangeFeed, Topic
from openposterdb.storage.database import Database

log = structlog.get_logger(__name__)

_INTERVAL_SECONDS = 1.0
_CALM_INTERVAL_SECONDS = 10.0


class FleetChangeFeed:
    """A message only says that there is something to read: what has changed is in the database, in one order for all.

    While messages arrive the database is polled every ten seconds, otherwise every second.
    """

    def __init__(self, feed: DatabaseChangeFeed, database: Database, *, notices: Notices, clock: Clock) -> None:
        self._feed = feed
        self._notices = notices
        self._clock = clock
        self._to_read = asyncio.Event()
        self._to_tell = asyncio.Event()
        notices.subscribe(self._to_read.set)
        database.subscribe_announcements(self._to_tell.set)
        database.subscribe_announcements(self._to_read.set)

    def subscribe(self, topic: Topic, listener: Callable[[], None]) -> None:
        """Call `listener` after each change of `topic`; several changes may be told as one."""
        self._feed.subscribe(topic, listener)

    async def watch(self) -> None:
        """Listen and tell until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._read())
            both.create_task(self._tell())

    async def poll(self) -> None:
        """Tell what has changed since the last time, from the database."""
        await self._feed.poll()

    async def _read(self) -> None:
        while True:
            self._to_read.clear()
            await self._feed.look()
            interval = _CALM_INTERVAL_SECONDS if self._notices.connected.is_set() else _INTERVAL_SECONDS
            await wait_for_either(self._to_read, self._clock.sleep(interval))

    async def _tell(self) -> None:
        while True:
            await self._to_tell.wait()
            self._to_tell.clear()
            try:
                await self._notices.tell_change()
            except RedisAway as error:  # the others read it from the database
                log.debug("change_not_told", error=str(error))
