"""Replicas as an orchestrator runs them: processes on one PostgreSQL, one Redis and one volume, and clients of all of them."""

import asyncio
import contextlib
import itertools
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.e2e.conftest import Upstreams
from tests.e2e.processes import ServerProcess, until
from tests.servers.redis import RedisServer


class Replicas:
    """Servers that share everything but their memory; all of them are ended, however the test goes."""

    def __init__(self, folder: Path, variables) -> None:
        self.folder = folder
        self._variables = dict(variables)
        self._started: list[ServerProcess] = []

    def start(self, number: int = 1, **variables) -> list[ServerProcess]:
        """So many more, once all of them are ready."""
        new = [ServerProcess(self.folder, {**self._variables, **variables}) for _ in range(number)]
        self._started += new
        return [replica.ready() for replica in new]

    def close(self) -> None:
        for number, replica in enumerate(self._started):
            replica.kill() if replica.process.poll() is None else None
            replica.close()
            usual = ('"level": "info"', '"event": "request"')
            troubles = [line for line in replica.out + replica.err if not any(each in line for each in usual)]
            print(f"--- replica {number}", *troubles[-20:], sep="\n")  # shown where the test fails


@dataclass
class Load:
    """What clients saw: the statuses of all answers, with the text of what was none, and seconds."""

    statuses: list[int | str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    cache_control: set[str] = field(default_factory=set)

    @property
    def failed(self) -> list[int | str]:
        return [status for status in self.statuses if status != 200]


class Balancer:
    """Clients in front of the replicas, in turn, with so many seconds of patience; `take_out` is what an orchestrator does
    before it stops one."""

    def __init__(self, replicas, *, patience: float = 30) -> None:
        self.replicas = list(replicas)
        self._client = httpx.AsyncClient(
            timeout=patience, trust_env=False, limits=httpx.Limits(max_connections=None, max_keepalive_connections=0)
        )
        self._turns = itertools.count()

    def take_out(self, replica) -> None:
        self.replicas.remove(replica)

    def add(self, replica) -> None:
        self.replicas.append(replica)

    async def get(self, path: str, load: Load) -> httpx.Response | None:
        replica = self.replicas[next(self._turns) % len(self.replicas)]
        began = time.monotonic()
        try:
            answer = await self._client.get(replica.url + path)
        except httpx.TransportError as error:
            load.statuses.append(type(error).__name__)
            return None
        load.statuses.append(answer.status_code)
        load.seconds.append(time.monotonic() - began)
        load.cache_control.add(answer.headers.get("cache-control", ""))
        return answer

    async def ask(self, paths, *, at_once: int = 32) -> Load:
        """All of the paths, so many at a time."""
        load, turns = Load(), asyncio.Semaphore(at_once)

        async def one(path):
            async with turns:
                await self.get(path, load)

        await asyncio.gather(*(one(path) for path in paths))
        return load

    @contextlib.asynccontextmanager
    async def under_load(self, paths, *, clients: int = 6):
        """Clients that ask on and on while the context lasts."""
        load, over = Load(), asyncio.Event()

        async def client(number):
            for path in itertools.islice(itertools.cycle(paths), number, None):
                if over.is_set():
                    return
                await self.get(path, load)

        tasks = [asyncio.create_task(client(number)) for number in range(clients)]
        try:
            yield load
        finally:
            over.set()
            await asyncio.gather(*tasks)

    async def close(self) -> None:
        await self._client.aclose()


async def soon(condition, what: str, seconds: float = 20.0):
    """As `until`, while the clients go on."""
    return await asyncio.to_thread(until, condition, what, seconds)


async def some_answers(load: Load, number: int) -> None:
    """Wait until the clients have so many more."""
    enough = len(load.statuses) + number
    await soon(lambda: len(load.statuses) >= enough, "answered", 60)


def redis_of(replica) -> str:
    return replica.get("/readyz").json()["redis"]


__all__ = ["Balancer", "Load", "RedisServer", "Replicas", "redis_of", "some_answers", "soon"]


def pictures_fetched(upstreams: Upstreams) -> int:
    """Posters that were downloaded from the double of TMDB."""
    return sum(number for call, number in upstreams.calls().items() if "/tmdb-images/" in call)


def joined(replica: ServerProcess) -> int:
    """Requests that wait for another of the same process."""
    return int(replica.value("openposterdb_coalesced_requests_total"))
