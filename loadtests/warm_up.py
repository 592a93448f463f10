"""A warm-up of many titles beside those who wait, while the upstreams enforce their quota."""

import asyncio
import re
import sys
import time
from itertools import cycle

import httpx

from loadtests.house import House, Outcome, outcome, percentile
from loadtests.upstreams import FIRST, poster
from tests.e2e.processes import PYTHON, clean_environment
from tests.e2e.titles import POSTERS
from tests.fleet.replicas import Balancer, Load

TITLES = 2000
STRANGERS = 1000
"""Titles of the double that are on no list."""
PER_SECOND = 60
ENFORCED = PER_SECOND
"""Calls that each service lets through in any second."""
QUOTAS = {f"{name}_QUOTA": f"{PER_SECOND}/s" for name in ("TMDB", "MDBLIST", "OMDB")}
LIMITED = [{"kind": "quota", "service": name, "calls": ENFORCED} for name in ("tmdb", "mdblist", "omdb")]
ASKED_PER_SECOND = 20.0
BEFORE_SECONDS = 20.0
ONE_COLD_IN = 10
P99_GROWS, P99_MS = 1.5, 25.0
"""What the 99th percentile may grow by, and what is within the noise of two cores."""


async def warm_up(house: House) -> Outcome:
    """`openposterdb warm` of 2,000 titles beside 20 requests a second, one of ten for a new title"""
    house.upstreams.fail(*LIMITED)
    for _ in range(3):
        await house.front.ask(POSTERS * 3, at_once=4)
    visitors = Visitors(house.front)
    before = await visitors.until(asyncio.create_task(asyncio.sleep(BEFORE_SECONDS)))
    house.upstreams.forget_calls()
    began = time.monotonic()
    warming = asyncio.create_task(warm(house))
    during = await visitors.until(warming)
    took, report = time.monotonic() - began, warming.result()
    made = outcome(house, during, house.renders())
    refused = struck(house)
    made.expect(f"all of them are made ({report})", report.get("made") == TITLES)
    made.expect(f"not one 429 ({refused})", refused == 0)
    earlier = percentile(before, 99)
    made.expect(
        f"p99 beside it as before ({earlier:.0f} ms)", made.p99_ms <= max(P99_GROWS * earlier, earlier + P99_MS)
    )
    made.notes.append(
        f"{report.get('made')} made in {took:.0f} s, no more than {ENFORCED} calls a second let through, {refused} answers 429; "
        f"p50 and p99 before it {percentile(before, 50):.0f} and {earlier:.0f} ms"
    )
    return made


class Visitors:
    """So many requests a second, whether or not the ones before are answered; new titles are never asked for twice."""

    def __init__(self, front: Balancer) -> None:
        self._front = front
        self._new = iter(range(TITLES, TITLES + STRANGERS))
        self._known = cycle(POSTERS)

    async def until(self, over: "asyncio.Task[object]") -> Load:
        load, loop = Load(), asyncio.get_running_loop()
        due, number = loop.time(), 0
        async with asyncio.TaskGroup() as tasks:
            while not over.done():
                path = poster(next(self._new)) if number % ONE_COLD_IN == 0 else next(self._known)
                tasks.create_task(self._front.get(path, load))
                number, due = number + 1, due + 1 / ASKED_PER_SECOND
                await asyncio.sleep(max(0.0, due - loop.time()))
        return load


async def warm(house: House) -> dict[str, int]:
    """The counts of its report. It gives way to the replicas, as a job on another machine would by itself."""
    replica = house.three[0]
    process = await asyncio.create_subprocess_exec(
        "nice", "-n", "10", *PYTHON, "warm", "-",
        cwd=replica.folder,
        env=clean_environment({**replica.variables, "METRICS_ADDR": "off"}),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    ids = "".join(f"tmdb/movie-{FIRST + number}\n" for number in range(TITLES))
    try:
        async with asyncio.timeout(300):
            told, problems = await process.communicate(ids.encode())
    except TimeoutError:
        process.kill()
        await process.wait()
        return {}
    if process.returncode:
        sys.stderr.write(told.decode()[-1000:] + problems.decode()[-1000:])
    return {name: int(count) for name, count in re.findall(r"^([a-z ]+?) +(\d+)\b", told.decode(), re.MULTILINE)}


def struck(house: House) -> int:
    """Calls that the double has refused for being too many."""
    base = house.upstreams.variables["TMDB_API_BASE_URL"].removesuffix("/tmdb/3")
    return httpx.get(f"{base}/__double__/faults", trust_env=False).json().get("quota", 0)
