"""What scenarios run in: three real replicas on one PostgreSQL, one Redis and one folder; and what they are measured by."""

import asyncio
import statistics
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loadtests.processes import cpu_seconds, pss_mib
from loadtests.upstreams import running_upstreams
from tests.e2e.conftest import Upstreams
from tests.e2e.processes import ServerProcess
from tests.fleet.conftest import PASSWORD, know_the_key
from tests.fleet.replicas import Balancer, Load, Replicas
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer, running_redis

MEMORY_MB = 64
"""Of images in each replica; what a replica takes is at most this and `OWN_MB`."""
OWN_MB = 150


@dataclass
class House:
    """A fleet of three that has just started, and what it depends on."""

    replicas: Replicas
    three: list[ServerProcess]
    front: Balancer
    upstreams: Upstreams
    redis: RedisServer
    postgres: PostgresServer
    database_url: str
    cpu_of_the_gone: float = 0.0

    def renders(self) -> int:
        return sum(each.renders() for each in self.three)

    def decoded(self) -> int:
        return sum(each.decoded() for each in self.three)

    def cpu_seconds(self) -> float:
        """User and system time of all replicas that were ever here."""
        return self.cpu_of_the_gone + cpu_seconds(*(each.process.pid for each in self.three))

    def replace(self, old: ServerProcess, new: list[ServerProcess]) -> None:
        """Count what `old` has spent for the last time, before it ends."""
        self.cpu_of_the_gone += cpu_seconds(old.process.pid)
        at = self.three.index(old)
        self.three[at : at + 1] = new


@dataclass
class Outcome:
    """What clients saw and what it cost; `broken` are the promises that did not hold, `notes` figures of the scenario's own."""

    load: Load
    renders: int
    calls: int
    most_calls: int
    requests: int
    p50_ms: float
    p99_ms: float
    cpu_ms: float = 0.0
    pss_mib: float = 0.0
    broken: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def expect(self, what: str, holds: bool) -> None:
        if not holds:
            self.broken.append(what)


Scenario = Callable[[House], Coroutine[Any, Any, Outcome]]


def outcome(house: House, load: Load, renders: int) -> Outcome:
    """The figures of a load; that no request failed is promised always."""
    calls = house.upstreams.calls()
    made = Outcome(
        load, renders, sum(calls.values()), max(calls.values(), default=0),
        len(load.statuses), percentile(load, 50), percentile(load, 99),
    )  # fmt: skip
    made.expect(f"no request fails ({sorted(set(map(str, load.failed)))})", not load.failed)
    return made


def percentile(load: Load, percent: int) -> float:
    """Milliseconds within which so many of a hundred were answered."""
    if len(load.seconds) < 2:
        return load.seconds[0] * 1000 if load.seconds else 0.0
    return statistics.quantiles(load.seconds, n=100, method="inclusive")[percent - 1] * 1000


def run(scenario: Scenario, house: House) -> Outcome:
    before = house.cpu_seconds()

    async def on_one_loop() -> Outcome:
        try:
            return await scenario(house)
        finally:
            await house.front.close()

    made = asyncio.run(on_one_loop())
    made.cpu_ms = (house.cpu_seconds() - before) * 1000 / max(1, made.requests)
    made.pss_mib = max(pss_mib(each.process.pid) for each in house.three)
    most = MEMORY_MB + OWN_MB
    made.expect(f"a replica takes at most {most} MiB", made.pss_mib <= most)
    return made


@contextmanager
def open_house(postgres: PostgresServer, *, titles: int = 0, **variables: str) -> Iterator[House]:
    """The double knows so many titles beside the demo's; `variables` are more of the environment."""
    url = postgres.url(postgres.create())
    asyncio.run(know_the_key(url))
    with tempfile.TemporaryDirectory() as folder, running_upstreams(titles) as upstreams, running_redis() as redis:
        shared = {
            "DATABASE_URL": url,
            "REDIS_URL": redis.url,
            "IMAGE_MEM_CACHE_MB": str(MEMORY_MB),
            "ADMIN_USERNAME": "root",
            "ADMIN_PASSWORD": PASSWORD,
            "ACCESS_LOG": "problems",
            "REQUEST_DEADLINE_SECS": "60",
        }
        replicas = Replicas(Path(folder), {**upstreams.variables, **shared, **variables})
        try:
            three = replicas.start(3)
            upstreams.forget_calls()
            yield House(replicas, three, Balancer(three, patience=60), upstreams, redis, postgres, url)
        finally:
            replicas.close()
