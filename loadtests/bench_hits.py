"""Cached hits: requests per second and CPU per request of the hot path, against a bare function on the same server.

    python -m loadtests.bench_hits [--rounds 3] [--seconds 3] [--connections 64] [--kilobytes 100] [--json FILE] [--repeat 1] [--write]

The baseline `bare` is an RSGI function that answers the same bytes with the same headers and looks at nothing. `hot` is what
the service does for a cached image (exact target, freshness, generation, rate limit, a use of the key), `route` the whole way
through adapter and Robyn to a handler that has the image in memory. Rounds alternate between the three, figures are medians.
CPU is user and system time of the server's processes per request: on a shared machine it is steadier than throughput.
Exits with status 1 where `hot` costs more than `--bar` times the CPU of `bare`; `--write` puts the table into docs/benchmarks.md.
Load comes from wrk where it is installed, else from a Python client, which is itself the limit of requests per second.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from loadtests.document import DOCUMENT, write_section
from loadtests.processes import cpu_seconds

BASELINE = "bare"
VARIANTS = (BASELINE, "hot", "route")
TARGET = "/0123456789abcdef0123456789abcdef/imdb/poster-default/tt0111161.jpg?imageSize=medium"
SERVE = """
import sys
from openposterdb.http.serve import serve
serve(target=f"loadtests.bench_hits:{sys.argv[1]}", address="127.0.0.1", port=int(sys.argv[2]))
"""


def picture() -> bytes:
    """Bytes of the size of a poster; what they mean does not matter to a server."""
    return bytes(range(256)) * (int(os.environ.get("BENCH_KILOBYTES", "100")) * 1000 // 256)


def bare() -> Any:
    """The least that can answer a request."""
    from openposterdb.http.security import HeaderPolicy

    body = picture()
    headers = [("content-type", "image/jpeg"), ("cache-control", "public, max-age=3600"), ("etag", '"1"')]
    HeaderPolicy().apply("/", headers)

    async def application(_scope: Any, proto: Any) -> None:
        proto.response_bytes(200, headers, body)

    return application


def hot() -> Any:
    """The hot path as the service has it."""
    return _application(keep=True)


def route() -> Any:
    """The route, never kept by the hot path."""
    return _application(keep=False)


def _application(*, keep: bool) -> Any:
    from functools import partial

    from robyn import Request

    from openposterdb.accounts.last_used import LastUsed
    from openposterdb.accounts.registry import KeyOwner
    from openposterdb.buckets import Buckets, Rate
    from openposterdb.clock import SystemClock
    from openposterdb.http import responses
    from openposterdb.http.adapter import RobynRSGI
    from openposterdb.http.hot import HotPath
    from openposterdb.http.limits import Group, Limits
    from openposterdb.http.requests import single
    from openposterdb.http.robyn_import import new_app
    from openposterdb.http.security import HeaderPolicy

    clock, body, app = SystemClock(), picture(), new_app()
    buckets = Buckets(Rate(1_000_000_000, 1e-9), clock)
    usage: Any = None  # nothing is written down while this runs
    note_use = partial(LastUsed(usage, clock).note, KeyOwner(1))
    pattern = "/:key/:id_type/poster-default/:file"

    @app.get(pattern)
    async def image(request: Request) -> responses.Answer:
        single(request, "imageSize")
        kept = responses.Keep("image", 3600.0, on_hit=note_use) if keep else None
        return responses.image(body, "image/jpeg", etag='"1"', cache_control="public, max-age=3600", keep=kept)

    return RobynRSGI(
        app,
        hot=HotPath(clock),
        limits=Limits({pattern: Group(buckets)}),
        policy=HeaderPolicy(),
        clock=clock,
    )


@dataclass(frozen=True)
class Run:
    requests_per_second: float
    cpu_microseconds: float | None
    p99_milliseconds: float | None


class Server:
    """One variant in its own processes."""

    def __init__(self, variant: str, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, variant, str(self.port)],
            cwd=Path(__file__).parents[1],
            env=environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def answer(self) -> tuple[bytes, int]:
        """The status line and the length of the whole answer, once the server is there."""
        give_up = time.monotonic() + 20
        while time.monotonic() < give_up and self.process.poll() is None:
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection,
            ):
                connection.sendall(f"GET {TARGET} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n".encode())
                received = b"".join(iter(lambda: connection.recv(1 << 16), b""))
                return received.partition(b"\r\n")[0], len(received)
            time.sleep(0.05)
        raise SystemExit("the server did not start")

    def stop(self) -> None:
        """End it as a deployment would."""
        self.process.terminate()
        self.process.wait(15)


def load_with_wrk(port: int, seconds: float, connections: int) -> tuple[int, float, float | None]:
    """Requests, seconds and the 99th percentile in milliseconds."""
    command = [
        "wrk",
        "--latency",
        "-t1",
        f"-c{connections}",
        f"-d{max(1, round(seconds))}s",
        f"http://127.0.0.1:{port}{TARGET}",
    ]
    report = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    if "Non-2xx" in report or "Socket errors" in report:
        raise SystemExit(f"not every answer was good:\n{report}")
    counted = re.search(r"(\d+) requests in ([\d.]+)(m?s)", report)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", report)
    if counted is None or p99 is None:
        raise SystemExit(f"wrk reported something else:\n{report}")
    took = float(counted[2]) / (1000 if counted[3] == "ms" else 1)
    return int(counted[1]), took, float(p99[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]


def load_with_python(port: int, seconds: float, connections: int) -> tuple[int, float, float | None]:
    """The same from threads with one connection each; at most eight of them."""
    done, request = [], f"GET {TARGET} HTTP/1.1\r\nhost: h\r\n\r\n".encode()
    stop = time.monotonic() + seconds

    def run() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            count = 0
            while time.monotonic() < stop:
                connection.sendall(request)
                head = connection.recv(1 << 16)
                while b"\r\n\r\n" not in head:
                    head += connection.recv(1 << 16)
                start, _, body = head.partition(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", start)
                if not start.startswith(b"HTTP/1.1 200") or length is None:
                    raise SystemExit(f"not a good answer: {start!r}")
                left = int(length[1]) - len(body)
                while left:
                    left -= len(connection.recv(left))
                count += 1
            done.append(count)

    started = time.monotonic()
    threads = [threading.Thread(target=run) for _ in range(min(connections, 8))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done), time.monotonic() - started, None


@contextlib.contextmanager
def servers(environment: dict[str, str]) -> Iterator[dict[str, Server]]:
    running: dict[str, Server] = {}
    try:
        for variant in VARIANTS:
            running[variant] = Server(variant, environment)
        yield running
    finally:
        for server in running.values():
            server.stop()


def measure(server: Server, seconds: float, connections: int) -> Run:
    load = load_with_wrk if shutil.which("wrk") else load_with_python
    before = cpu_seconds(server.process.pid)
    requests, took, p99 = load(server.port, seconds, connections)
    after = cpu_seconds(server.process.pid)
    cpu = (after - before) / requests * 1e6 if after > before else None  # where there is no /proc
    return Run(requests / took, cpu, p99)


def median(runs: list[Run]) -> Run:
    columns = [
        [value for value in column if value is not None]
        for column in zip(*(asdict(r).values() for r in runs), strict=True)
    ]
    return Run(*(statistics.median(column) if column else None for column in columns))  # type: ignore[arg-type]


def processor() -> str:
    with contextlib.suppress(OSError):
        if found := re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text()):
            return found[1]
    return platform.processor() or platform.machine()


def machine() -> dict[str, object]:
    packages = {name: version(name) for name in ("granian", "robyn", "uvloop")}
    load = "wrk" if shutil.which("wrk") else "python client"
    return {"cpu": processor(), "cores": os.cpu_count(), "python": platform.python_version(), **packages, "load": load}


def show(medians: dict[str, Run]) -> None:
    base = medians[BASELINE]
    print(f"{'variant':<8} {'req/s':>9} {'of bare':>8} {'CPU us/req':>11} {'of bare':>8} {'p99 ms':>8}")
    for variant, run in medians.items():
        cpu, cpu_ratio, p99 = "-", "-", "-"
        if run.cpu_microseconds is not None and base.cpu_microseconds:
            cpu, cpu_ratio = f"{run.cpu_microseconds:.1f}", f"{run.cpu_microseconds / base.cpu_microseconds:.2f}"
        if run.p99_milliseconds is not None:
            p99 = f"{run.p99_milliseconds:.1f}"
        ratio = run.requests_per_second / base.requests_per_second
        print(f"{variant:<8} {run.requests_per_second:>9.0f} {ratio:>8.2f} {cpu:>11} {cpu_ratio:>8} {p99:>8}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--kilobytes", type=int, default=100)
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--bar", type=float, default=1.15, help="most that a hot hit may cost, in times of a bare answer"
    )
    parser.add_argument("--repeat", type=int, default=1, help="whole measurements, each with servers of its own")
    parser.add_argument("--write", action="store_true", help=f"into {DOCUMENT.name}")
    options = parser.parse_args()
    about = machine()
    print("cached hits:", ", ".join(f"{name} {value}" for name, value in about.items()))
    how = f"1 worker, {options.connections} connections, {options.kilobytes} KB, median of {options.rounds} x {options.seconds:g} s"
    print(how)
    measured: list[dict[str, Run]] = []
    ratios: list[float | None] = []
    for _ in range(options.repeat):
        runs = measure_all(options)
        measured.append({variant: median(of_variant) for variant, of_variant in runs.items()})
        ratios.append(hot_ratio(runs))
        show(measured[-1])
    if options.json:
        report = {
            "machine": about,
            "options": {name: value for name, value in vars(options).items() if name != "json"},
            "medians": [{v: asdict(r) for v, r in medians.items()} for medians in measured],
        }
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    known = [ratio for ratio in ratios if ratio is not None]
    held = not known or statistics.median(known) <= options.bar
    verdict = f"at most {options.bar:g} is the bar: {'held' if held else 'MISSED'}"
    print(f"CPU of a hot hit, in times of a bare answer: {', '.join(f'{ratio:.2f}' for ratio in known)}; {verdict}")
    if options.write:
        write_section("hits", section(measured, known, f"{how}, load average {os.getloadavg()[0]:.1f}", verdict))
    sys.exit(not held)


def measure_all(options: argparse.Namespace) -> dict[str, list[Run]]:
    """Rounds of each variant, measured in turn."""
    runs: dict[str, list[Run]] = {variant: [] for variant in VARIANTS}
    with servers({**os.environ, "BENCH_KILOBYTES": str(options.kilobytes)}) as running:
        answers = {server.answer() for server in running.values()}
        if len(answers) != 1 or not next(iter(answers))[0].endswith(b"200 OK"):
            raise SystemExit(f"the variants do not answer alike: {answers}")
        for server in running.values():
            measure(server, 1.0, options.connections)  # warms up
        for _ in range(options.rounds):
            for variant, server in running.items():
                runs[variant].append(measure(server, options.seconds, options.connections))
    return runs


def hot_ratio(runs: dict[str, list[Run]]) -> float | None:
    """CPU of a hot hit in times of a bare answer's beside it, the median of all rounds; None where there is no /proc."""
    pairs = [
        (hot.cpu_microseconds, bare.cpu_microseconds) for hot, bare in zip(runs["hot"], runs[BASELINE], strict=True)
    ]
    ratios = [hot / bare for hot, bare in pairs if hot and bare]
    return statistics.median(ratios) if ratios else None


def section(measured: list[dict[str, Run]], ratios: list[float], how: str, verdict: str) -> str:
    """As docs/benchmarks.md has it: every measurement, and what came out."""
    lines = [
        "## A hot hit against a bare function of the same server",
        "",
        f"{how}. CPU is user and system time of the server's processes per request; `route` is the whole way that a first request takes.",
        "",
        "| measurement | answer | requests per second | CPU us | CPU, bare = 1 | p99 ms |",
        "|---|---|---|---|---|---|",
    ]
    for number, medians in enumerate(measured, 1):
        base = medians[BASELINE].cpu_microseconds or 0.0
        for variant, run in medians.items():
            cpu = run.cpu_microseconds or 0.0
            of_bare = cpu / base if base else 0.0
            lines.append(
                f"| {number} | `{variant}` | {run.requests_per_second:.0f} | {cpu:.1f} | {of_bare:.2f} | {run.p99_milliseconds or 0:.1f} |"
            )
    return "\n".join(
        [
            *lines,
            "",
            f"CPU of a hot hit, bare = 1, the median of pairs of neighbouring rounds: {', '.join(f'{ratio:.2f}' for ratio in ratios)}; {verdict}.",
        ]
    )


if __name__ == "__main__":
    main()
