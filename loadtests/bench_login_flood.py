"""Cached images while somebody floods the login: percentiles and throughput, alone and beside the flood.

    python -m loadtests.bench_login_flood [--rounds 10] [--seconds 1] [--connections 16] [--logins 200] [--json FILE] [--write]

A real server with a cached poster, asked for by wrk over keep-alive connections as fast as it answers. The flood is `--logins`
requests per second with wrong passwords, each for another account and from another address (X-Forwarded-For through a trusted
proxy), so that neither the limit per address nor the one per account stops it: each costs an Argon2 hash, or a 503 when too
many wait. Rounds alternate between alone and beside; figures are medians, the ratio is the median of those of neighbouring
rounds, since a shared machine has good and bad moments. The 99th percentile beside the flood may be at most `--bar` times the
one alone, else the command ends with status 1. Generators and server share the machine's cores.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from loadtests.bench_hits import machine
from loadtests.document import DOCUMENT, write_section
from openposterdb.demo.double import run_in_background
from tests.e2e.processes import ServerProcess, command, until

POSTER = "imdb/poster-default/tt99000102.jpg"
FLOODERS = 64
SETTLE_SECONDS = 0.5
HASHED, REFUSED = 401, 503
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Run:
    requests_per_second: float
    p50_milliseconds: float
    p99_milliseconds: float


@contextmanager
def server() -> Iterator[tuple[ServerProcess, str]]:
    """A running server that trusts this machine as a proxy, and the path of a poster that it has in memory."""
    with run_in_background() as upstreams, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        variables = {
            **upstreams,
            "TRUSTED_PROXIES": "127.0.0.1/32",
            "ADMIN_USERNAME": "admin",
            "ADMIN_PASSWORD": "a password that nobody guesses",
        }
        key = command("keys", "create", "bench", folder=folder, variables={"DB_DIR": str(folder / "db")}).stdout.strip()
        running = ServerProcess(folder, variables)
        try:
            path = f"/{key}/{POSTER}"
            running.ready()
            until(lambda: running.get(path).status_code == 200, "rendered")
            yield running, path
        finally:
            running.close()


def hits(url: str, seconds: float, connections: int) -> Run:
    """Ask for a cached image as fast as it comes."""
    options = ["--latency", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s"]
    report = subprocess.run(["wrk", *options, url], capture_output=True, text=True, check=True, timeout=seconds + 30)
    if "Non-2xx" in report.stdout or "Socket errors" in report.stdout:
        raise SystemExit(f"not every answer was good:\n{report.stdout}")
    found = dict(re.findall(r"(50|99)%\s+([\d.]+(?:us|ms|s))", report.stdout))
    rate = re.search(r"Requests/sec:\s+([\d.]+)", report.stdout)
    if rate is None or found.keys() != {"50", "99"}:
        raise SystemExit(f"wrk reported something else:\n{report.stdout}")
    return Run(float(rate[1]), _milliseconds(found["50"]), _milliseconds(found["99"]))


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)([a-z]+)", text).groups()  # type: ignore[union-attr]
    return float(number) * UNITS[unit]


class Flood:
    """Logins from another process, between `begin` and `end`."""

    def __init__(self, port: int, rate: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_run_flood, args=(port, rate, theirs), daemon=True)
        self._process.start()
        self._pipe.recv()

    def begin(self) -> None:
        """Log in; returns when the queue of passwords has had the time to fill."""
        self._pipe.send("begin")
        time.sleep(SETTLE_SECONDS)

    def end(self) -> "Counter[int]":
        """Stop; the statuses of the answers."""
        self._pipe.send("end")
        return self._pipe.recv()

    def close(self) -> None:
        self._process.terminate()
        self._process.join(10)


def _run_flood(port: int, rate: float, pipe: Connection) -> None:
    asyncio.run(_flood(port, rate, pipe))


async def _flood(port: int, rate: float, pipe: Connection) -> None:
    counts: Counter[int] = Counter()
    on = asyncio.Event()
    flooders = [asyncio.create_task(_log_in(port, number, FLOODERS / rate, on, counts)) for number in range(FLOODERS)]
    pipe.send("ready")
    while True:
        if await asyncio.to_thread(pipe.recv) == "begin":
            on.set()
        else:
            on.clear()
            pipe.send(counts.copy())
            counts.clear()
        for flooder in flooders:
            if flooder.done():
                flooder.result()


async def _log_in(port: int, number: int, interval: float, on: asyncio.Event, counts: "Counter[int]") -> None:
    """One login per `interval` seconds over one connection, whoever pretends to be behind it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    loop = asyncio.get_running_loop()
    attempt, due = 0, loop.time()
    while True:
        if not on.is_set():
            await on.wait()
            due = loop.time() + interval * number / FLOODERS
        await asyncio.sleep(max(0.0, due - loop.time()))
        due = max(due + interval, loop.time())
        attempt += 1
        body = json.dumps({"username": f"user-{number}-{attempt}", "password": "wrong password"})
        address = f"10.{number}.{attempt // 250 % 250}.{attempt % 250}"
        writer.write(
            f"POST /api/auth/login HTTP/1.1\r\nhost: h\r\nx-forwarded-for: {address}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        counts[int(head.split(None, 2)[1])] += 1


def median(runs: list[Run]) -> Run:
    return Run(*(statistics.median(column) for column in zip(*(asdict(run).values() for run in runs), strict=True)))


def show(medians: dict[str, Run]) -> None:
    print(f"{'cached hits':<16} {'req/s':>9} {'p50 ms':>8} {'p99 ms':>8}")
    for name, run in medians.items():
        print(f"{name:<16} {run.requests_per_second:>9.0f} {run.p50_milliseconds:>8.2f} {run.p99_milliseconds:>8.2f}")
    alone, beside = medians.values()
    print(
        f"{'ratio':<16} {beside.requests_per_second / alone.requests_per_second:>9.2f} "
        f"{beside.p50_milliseconds / alone.p50_milliseconds:>8.2f} {beside.p99_milliseconds / alone.p99_milliseconds:>8.2f}"
    )


def section(medians: dict[str, Run], how: str, verdict: str) -> str:
    """As docs/benchmarks.md has it."""
    rows = [
        f"| {name} | {run.requests_per_second:.0f} | {run.p50_milliseconds:.2f} | {run.p99_milliseconds:.2f} |"
        for name, run in medians.items()
    ]
    head = ["## Cached hits beside a flood of logins", "", f"{how}; load average {os.getloadavg()[0]:.1f}.", ""]
    table = ["| cached hits | requests per second | p50 ms | p99 ms |", "|---|---|---|---|", *rows]
    return "\n".join([*head, *table, "", f"{verdict}."])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--logins", type=float, default=200.0, help="per second")
    parser.add_argument("--bar", type=float, default=2.0, help="most that the 99th percentile may grow")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", action="store_true", help=f"into {DOCUMENT.name}")
    options = parser.parse_args()
    runs: dict[str, list[Run]] = {"alone": [], "beside logins": []}
    counts: Counter[int] = Counter()
    with server() as (running, path):
        url = f"{running.url}{path}"
        flood = Flood(running.port, options.logins)
        try:
            hits(url, 1, options.connections)  # warms up
            for _ in range(options.rounds):
                runs["alone"].append(hits(url, options.seconds, options.connections))
                flood.begin()
                runs["beside logins"].append(hits(url, options.seconds, options.connections))
                counts += flood.end()
        finally:
            flood.close()
    if set(counts) - {HASHED, REFUSED} or not counts[HASHED]:
        raise SystemExit(f"this was no flood of hashes, the statuses are {dict(counts)}")
    about, medians = machine(), {name: median(of_name) for name, of_name in runs.items()}
    print("cached hits beside a login flood:", ", ".join(f"{name} {value}" for name, value in about.items()))
    how = (
        f"{options.connections} connections, {options.logins:g} logins per second, median of {options.rounds} x "
        f"{options.seconds:g} s; {counts[HASHED]} passwords hashed, {counts[REFUSED]} logins refused as too many"
    )
    print(how)
    show(medians)
    ratio = statistics.median(
        beside.p99_milliseconds / alone.p99_milliseconds for alone, beside in zip(*runs.values(), strict=True)
    )
    if options.json:
        report = {
            "machine": about,
            "options": {name: value for name, value in vars(options).items() if name != "json"},
            "logins": {"hashed": counts[HASHED], "refused": counts[REFUSED]},
            "medians": {name: asdict(run) for name, run in medians.items()},
            "p99_ratio": ratio,
        }
        options.json.write_text(json.dumps(report, indent=2) + os.linesep)
    verdict = f"p99 grows {ratio:.2f} times; at most {options.bar:g} is the bar: {'held' if ratio <= options.bar else 'MISSED'}"
    print(verdict)
    if options.write:
        write_section("logins", section(medians, how, verdict))
    sys.exit(0 if ratio <= options.bar else 1)


if __name__ == "__main__":
    main()
