"""The way to Redis, which is closed at once when Redis is slow or away, and opens by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from openposterdb.clock import Clock
from openposterdb.errors import OpenPosterDBError
from openposterdb.fleet.deadline import awake_timeout, cancellation_kept

log = structlog.get_logger(__name__)

T = TypeVar("T")

PROMPT_SECONDS = 0.05
"""For small commands that a request waits for."""
BULK_SECONDS = 0.25
"""For commands that carry an image."""
_LATE_SECONDS = 0.2
_PROBE_SECONDS = 1.0
_PROBE_EVERY = 0.5
_CONNECTIONS = 16


class RedisAway(OpenPosterDBError):
    """Redis does not answer, or not in time; whoever asked goes on without it."""


class LinkObserver(Protocol):
    """Told of every command: its name, its seconds and whether it was answered."""

    def __call__(self, command: str, seconds: float, *, ok: bool) -> None:
        """Note it."""
        ...


def unobserved(command: str, seconds: float, *, ok: bool) -> None:
    """Nobody listens."""


class Link:
    """Commands to Redis, each with a deadline.

    The first whose connection fails closes the link, and so does a fifth of a second in which none is answered in time: from
    then on every call raises `RedisAway` without trying, so that nobody waits for what is broken, while `watch` probes until
    Redis answers again. A deadline that this process itself overslept is not Redis's fault: it fails that call alone, and only
    where nothing has come meanwhile. Nor is it that many ask at once: they take turns on connections that `open` and every
    probe have made before they are needed. `patience` stretches all deadlines.
    """

    def __init__(
        self,
        client: Redis,
        clock: Clock,
        *,
        prefix: str = "openposterdb",
        observe: LinkObserver = unobserved,
        patience: float = 1.0,
    ) -> None:
        self.client = client
        self.prefix = prefix
        self.problem: str | None = None
        self._clock = clock
        self._observe = observe
        self._patience = patience
        self._late_since: float | None = None
        self._answered = float("-inf")
        self._closed = asyncio.Event()
        self._turns = asyncio.Semaphore(_CONNECTIONS)

    async def open(self) -> None:
        """Make the connections; a Redis that is away is not waited for."""
        if not await self._answers():
            self._shut("did not answer at the start")

    @property
    def up(self) -> bool:
        """Whether calls are being made."""
        return self.problem is None

    def key(self, *parts: str) -> str:
        """A name in Redis that no other program uses."""
        return ":".join((self.prefix, *parts))

    async def call(self, command: str, work: Callable[[Redis], Awaitable[T]], *, within: float = PROMPT_SECONDS) -> T:
        """The result of `work`, or RedisAway; `command` is its name in the metrics, `within` is in seconds."""
        self._check()
        async with self._turns:
            self._check()
            return await self._timed(command, work, within * self._patience)

    def _check(self) -> None:
        if self.problem is not None:
            raise RedisAway(f"redis: {self.problem}")

    async def _timed(self, command: str, work: Callable[[Redis], Awaitable[T]], within: float) -> T:
        began = self._clock.monotonic()
        try:
            with cancellation_kept():
                async with awake_timeout(within):
                    result = await work(self.client)
        except TimeoutError:
            took = self._clock.monotonic() - began
            self._observe(command, took, ok=False)
            if took < 2 * within:
                self._note_late(began, within)
            raise RedisAway("redis: did not answer in time") from None
        except (RedisError, OSError) as error:
            self._observe(command, self._clock.monotonic() - began, ok=False)
            self._shut(type(error).__name__)
            raise RedisAway(f"redis: {type(error).__name__}") from None
        self._late_since, self._answered = None, self._clock.monotonic()
        self._observe(command, self._answered - began, ok=True)
        return result

    def _note_late(self, began: float, within: float) -> None:
        """One late answer may be a busy moment of this machine; when nothing else is answered either, it is Redis."""
        if self._late_since is None:
            self._late_since = max(began, self._answered)
        if self._clock.monotonic() - self._late_since >= _LATE_SECONDS:
            self._shut(f"took longer than {within * 1000:.0f} ms")

    async def watch(self) -> None:
        """While the link is closed, probe every half second and open it when Redis answers. Runs until cancelled."""
        while True:
            await self._closed.wait()
            if await self._answers():
                log.info("redis_is_back")
                self.problem = self._late_since = None
                self._closed.clear()
            else:
                await self._clock.sleep(_PROBE_EVERY)

    async def close(self) -> None:
        """Give back every connection."""
        await self.client.aclose()

    def script(self, source: str) -> "Script":
        """A script that is sent once and called by its digest from then on, also after Redis forgot it."""
        return Script(self, source)

    def _shut(self, problem: str) -> None:
        if self.problem is None:
            log.warning("redis_is_away", problem=problem)
            self.problem = problem
            self._closed.set()

    async def _answers(self) -> bool:
        client: Any = self.client  # its annotations leave the kind of answer open
        try:
            with cancellation_kept():
                async with asyncio.timeout(_PROBE_SECONDS):
                    await client.ping()
                    await asyncio.gather(*(client.ping() for _ in range(_CONNECTIONS)))
        except (RedisError, OSError):  # a TimeoutError is an OSError
            return False
        return True


class Script:
    """A small Lua program that Redis runs in one piece."""

    def __init__(self, link: Link, source: str) -> None:
        self._link = link
        self._registered: Any = link.client.register_script(source)

    async def run(self, command: str, keys: list[str], arguments: list[Any], *, within: float = PROMPT_SECONDS) -> Any:
        """What it returns; raises RedisAway."""
        return await self._link.call(command, lambda _: self._registered(keys=keys, args=arguments), within=within)
