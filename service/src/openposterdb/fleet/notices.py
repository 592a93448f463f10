"""Short messages from other replicas. Any may be lost: whoever listens also looks from time to time."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any

import structlog
from redis.exceptions import RedisError

from openposterdb.clock import Clock
from openposterdb.fleet.deadline import cancellation_kept
from openposterdb.fleet.link import Link

log = structlog.get_logger(__name__)

_QUIET_SECONDS = 5.0
_LOST_AFTER = 3
"""Questions without an answer before the connection counts as lost."""
_SEND_SECONDS = 5.0
_AGAIN_SECONDS = 1.0


class Notices:
    """One connection on which Redis tells what other replicas publish.

    Flights that land wake those who wait for their key; a change of a topic calls its listeners. After every (re)connection
    the listeners are called too, since something may have been missed.
    """

    def __init__(self, link: Link, clock: Clock, *, quiet: float = _QUIET_SECONDS) -> None:
        self.landed = link.key("landed")
        self.changed = link.key("changed")
        self._link = link
        self._clock = clock
        self._quiet = quiet
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._listeners: list[Callable[[], None]] = []
        self.connected = asyncio.Event()

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever another replica may have committed a change."""
        self._listeners.append(listener)

    async def tell_change(self) -> None:
        """Say that something has been committed. Raises RedisAway."""

        async def publish(client: Any) -> None:
            await client.publish(self.changed, b"changed")

        await self._link.call("publish", publish)

    @contextmanager
    def landing(self, flight: str) -> Generator[asyncio.Event]:
        """An event that is set when somebody says that the flight has landed."""
        event = asyncio.Event()
        self._waiting[flight].add(event)
        try:
            yield event
        finally:
            waiting = self._waiting[flight]
            waiting.discard(event)
            if not waiting:
                del self._waiting[flight]

    async def watch(self) -> None:
        """Listen until cancelled, connecting again as often as it takes."""
        while True:
            try:
                with cancellation_kept():
                    await self._listen()
            except (RedisError, OSError) as error:
                log.debug("redis_notices_lost", error=type(error).__name__)
            self.connected.clear()
            await self._clock.sleep(_AGAIN_SECONDS)

    async def _listen(self) -> None:
        client: Any = self._link.client  # its annotations leave the messages open
        async with client.pubsub() as connection:
            async with asyncio.timeout(_SEND_SECONDS):
                await connection.subscribe(self.landed, self.changed)
            silent = 0
            while silent < _LOST_AFTER:
                message = await connection.get_message(timeout=self._quiet)
                if message is None:
                    silent += 1
                    async with asyncio.timeout(_SEND_SECONDS):
                        await connection.ping()
                    continue
                silent = 0
                self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":
            self.connected.set()
            self._tell()
        elif message["type"] == "message" and message["channel"] == self.changed.encode():
            self._tell()
        elif message["type"] == "message":
            for event in self._waiting.get(message["data"].decode(errors="replace"), ()):
                event.set()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


async def wait_for_either(event: asyncio.Event, sleep: Coroutine[Any, Any, None]) -> None:
    """Until the event is set or the sleep is over."""
    waits: set[asyncio.Future[Any]] = {asyncio.ensure_future(event.wait()), asyncio.ensure_future(sleep)}
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
