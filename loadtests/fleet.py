"""A fleet under load: scenarios on three real replicas, each with an outcome that is checked; writes docs/benchmarks.md.

    python -m loadtests.fleet [--only NAME ...] [--write]

The replicas share a real PostgreSQL, a real Redis and a folder; the upstreams are the demo's double. CPU is user and system time
of all processes of the replicas per request. Exits with status 1 when an outcome is not what it has to be.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from loadtests.bench_hits import machine
from openposterdb.demo.double import run_in_background
from tests.e2e.conftest import Upstreams
from tests.e2e.processes import ServerProcess
from tests.e2e.titles import POSTERS
from tests.fleet.conftest import know_the_key
from tests.fleet.replicas import Balancer, Load, Replicas, some_answers
from tests.servers.postgres import running_postgres
from tests.servers.redis import RedisServer, running_redis

DOCUMENT = Path(__file__).parents[1] / "docs/benchmarks.md"
HERD = 500


@dataclass
class House:
    """A fleet of three that has just started, and what it depends on."""

    replicas: Replicas
    three: list[ServerProcess]
    front: Balancer
    upstreams: Upstreams
    redis: RedisServer

    def renders(self) -> int:
        return sum(each.renders() for each in self.three)


@dataclass
class Outcome:
    """What clients saw and what it cost; `broken` are the promises that did not hold."""

    load: Load
    renders: int
    calls: int
    most_calls: int
    cpu_ms: float | None = None
    rss_mib: float = 0.0
    broken: list[str] = field(default_factory=list)

    def expect(self, what: str, holds: bool) -> None:
        if not holds:
            self.broken.append(what)


Scenario = Callable[[House], Awaitable[Outcome]]


def outcome(house: House, load: Load, **more: int) -> Outcome:
    calls = house.upstreams.calls()
    made = Outcome(load, more.get("renders", house.renders()), sum(calls.values()), max(calls.values(), default=0))
    made.expect("no request fails", not load.failed)
    return made


async def hits(house: House) -> Outcome:
    """All posters again and again, from memory."""
    for _ in range(3):
        await house.front.ask(POSTERS * 3)
    before = house.renders()
    made = outcome(house, await house.front.ask(POSTERS * 60), renders=house.renders() - before)
    made.expect("nothing is drawn", made.renders == 0)
    return made


async def cold(house: House) -> Outcome:
    """Every poster once."""
    return outcome(house, await house.front.ask(POSTERS))


async def cold_over_a_slow_line(house: House) -> Outcome:
    """Every poster once, while each upstream call takes 80 ms longer."""
    house.upstreams.fail({"kind": "slow", "delay": 0.08})
    return outcome(house, await house.front.ask(POSTERS))


async def herd(house: House) -> Outcome:
    """500 clients at once for one cold poster."""
    made = outcome(house, await house.front.ask([POSTERS[0]] * HERD, at_once=HERD))
    made.expect("one render", made.renders == 1)
    made.expect("one call per resource", made.most_calls == 1)
    return made


async def redis_leaves(house: House) -> Outcome:
    """Redis is killed under load and comes back."""
    await house.front.ask(POSTERS)
    async with house.front.under_load(POSTERS) as load:
        await some_answers(load, 100)
        await asyncio.to_thread(house.redis.stop)
        await some_answers(load, 200)
        await asyncio.to_thread(house.redis.start)
        await some_answers(load, 100)
    return outcome(house, load)


async def rolling_restart(house: House) -> Outcome:
    """Each replica is replaced under load."""
    await house.front.ask(POSTERS)
    before = house.renders()
    async with house.front.under_load(POSTERS) as load:
        for old in list(house.three):
            (fresh,) = await asyncio.to_thread(house.replicas.start, 1)
            house.front.add(fresh)
            house.front.take_out(old)
            house.three[house.three.index(old)] = fresh
            await some_answers(load, 50)
            old.terminate()
            await asyncio.to_thread(old.ended)
    new = house.renders()
    made = outcome(house, load, renders=new)
    made.expect(f"hit ratio of 95 % ({before} drawn before)", new <= 0.05 * len(load.statuses))
    return made


SCENARIOS: dict[str, Scenario] = {
    "hits": hits,
    "cold": cold,
    "cold-80-ms": cold_over_a_slow_line,
    "herd": herd,
    "redis-leaves": redis_leaves,
    "rolling-restart": rolling_restart,
}


def cpu_seconds(replicas: list[ServerProcess]) -> float:
    groups = {each.process.pid for each in replicas}
    return sum(
        (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") for fields in stats() if int(fields[2]) in groups
    )


def rss_mib(replicas: list[ServerProcess]) -> float:
    """Of the replica that takes most, supervisor and worker together."""
    pages: dict[int, int] = {}
    for fields in stats():
        pages[int(fields[2])] = pages.get(int(fields[2]), 0) + int(fields[21])
    return max(pages.get(each.process.pid, 0) for each in replicas) * os.sysconf("SC_PAGE_SIZE") / 2**20


def stats() -> Iterator[list[str]]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            yield path.read_text().rpartition(") ")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue


async def run(scenario: Scenario, house: House) -> Outcome:
    measured = list(house.three)
    before = cpu_seconds(measured)
    try:
        made = await scenario(house)
    finally:
        await house.front.close()
    if house.three == measured:  # of those that ended nothing is known any more
        made.cpu_ms = (cpu_seconds(measured) - before) * 1000 / max(1, len(made.load.statuses))
    made.rss_mib = rss_mib(house.three)
    return made


@contextmanager
def house(postgres_url: str) -> Iterator[House]:
    with (
        tempfile.TemporaryDirectory() as folder,
        run_in_background() as variables,
        running_redis() as redis,
    ):
        shared = {"DATABASE_URL": postgres_url, "REDIS_URL": redis.url, "IMAGE_MEM_CACHE_MB": "64"}
        replicas = Replicas(Path(folder), {**variables, **shared, "ACCESS_LOG": "problems"})
        try:
            three = replicas.start(3)
            yield House(replicas, three, Balancer(three), Upstreams(variables), redis)
        finally:
            replicas.close()


def row(name: str, scenario: Scenario, made: Outcome) -> str:
    seconds = sorted(made.load.seconds)
    p50 = statistics.median(seconds) * 1000
    p99 = seconds[int(len(seconds) * 0.99) - 1 if len(seconds) > 1 else 0] * 1000
    cpu = "-" if made.cpu_ms is None else f"{made.cpu_ms:.1f}"
    verdict = "; ".join(f"**not: {what}**" for what in made.broken) or "holds"
    return (
        f"| {name} | {(scenario.__doc__ or '').strip()} | {len(made.load.statuses)} | {len(made.load.failed)} | {made.renders} "
        f"| {made.calls} ({made.most_calls}) | {p50:.0f} | {p99:.0f} | {cpu} | {made.rss_mib:.0f} | {verdict} |"
    )


def document(rows: list[str]) -> str:
    about = ", ".join(f"{name} {value}" for name, value in machine().items() if name != "load")
    return f"""# Benchmarks

Written by `make loadtest`. Three replicas, one PostgreSQL, one Redis, one folder, the demo's upstreams and the clients share this machine:
{about}. Times include the clients' own (a Python client, a new connection per request): compare rows of one run, not machines.
Upstream calls are all calls, in brackets the most for one resource. CPU is that of the replicas per request, RSS that of the largest.

| scenario | what happens | requests | failed | renders | upstream calls | p50 ms | p99 ms | CPU ms | RSS MiB | outcome |
|---|---|---|---|---|---|---|---|---|---|---|
{chr(10).join(rows)}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=sorted(SCENARIOS), default=None)
    parser.add_argument("--write", action="store_true", help=f"write {DOCUMENT.name}")
    options = parser.parse_args()
    rows, broken = [], False
    with running_postgres() as postgres:
        for name in options.only or SCENARIOS:
            url = postgres.url(postgres.create())
            asyncio.run(know_the_key(url))
            with house(url) as opened:
                made = asyncio.run(run(SCENARIOS[name], opened))
            rows.append(row(name, SCENARIOS[name], made))
            broken = broken or bool(made.broken)
            print(rows[-1], flush=True)
    if options.write:
        DOCUMENT.write_text(document(rows))
    sys.exit(broken)


if __name__ == "__main__":
    main()
