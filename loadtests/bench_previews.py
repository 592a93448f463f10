"""Previews: how long a designer waits after a control was moved, through the whole HTTP stack, drawn and from memory.

    python -m loadtests.bench_previews [--rounds 11] [--json FILE]

A real server on a double of its upstreams, one keep-alive connection with an admin's token, as a browser has it. For every kind
and parameter: from a picture that was just shown, one parameter changes, to a value that was never drawn (`cold`), then the same
request again (`cached`). `on a title` is a limit that changes on a title's own art. Rounds go through all parameters in turn, each
with an order of ratings of its own, so that nothing was drawn before; figures are medians in milliseconds, from the request's
first byte to the answer's last. Requests keep below the rate limit of a session, which is not part of the figures.
"""

import argparse
import http.client
import itertools
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from loadtests.bench_hits import machine
from loadtests.processes import folders, running_ms
from openposterdb.demo.double import run_in_background
from openposterdb.domain import RatingSource
from tests.e2e.processes import ServerProcess

NAME, PASSWORD = "admin", "a password that nobody guesses"
TITLE = "tmdb/movie-9000102"
PACE_SECONDS = 0.055
COMMON = {
    "label_style": ("i", "t"),
    "ratings_limit": ("5", "6"),
    "ratings_exclude": ("", "imdb"),
    "fit": ("cover", "native"),
}
CHANGES: dict[str, dict[str, tuple[str, str]]] = {
    "poster": {
        **COMMON,
        "badge_style": ("h", "v"),
        "badge_direction": ("h", "v"),
        "poster_position": ("bc", "tl"),
        "chroma": ("420", "444"),
        "imageSize": ("medium", "large"),
        "on a title": ("5", "6"),
    },
    "logo": {**COMMON, "badge_style": ("h", "v"), "imageSize": ("medium", "large"), "on a title": ("5", "6")},
    "backdrop": {
        **COMMON,
        "badge_style": ("v", "h"),
        "chroma": ("420", "444"),
        "imageSize": ("medium", "large"),
        "on a title": ("5", "6"),
    },
}


@contextmanager
def server() -> Iterator[ServerProcess]:
    with run_in_background() as upstreams, tempfile.TemporaryDirectory() as folder:
        variables = {**upstreams, "ADMIN_USERNAME": NAME, "ADMIN_PASSWORD": PASSWORD, "LOG_LEVEL": "warning"}
        running = ServerProcess(Path(folder), variables)
        try:
            yield running.ready()
        finally:
            running.close()


class Designer:
    """One browser."""

    def __init__(self, running: ServerProcess) -> None:
        self._running = running
        self._connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        self._token = ""
        self._until = 0.0
        self._processes = folders(running.process.pid)

    def show(self, kind: str, parameters: dict[str, str]) -> tuple[float, float]:
        """Milliseconds until the picture is there, and those that the server's processors worked."""
        if time.monotonic() > self._until:
            self._log_in()
        time.sleep(PACE_SECONDS)
        path = f"/api/admin/preview/{kind}?{urlencode(parameters)}"
        before = running_ms(self._processes)
        started = time.perf_counter()
        self._connection.request("GET", path, headers={"authorization": f"Bearer {self._token}"})
        answer = self._connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - started) * 1000
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:200]!r}")
        return took, running_ms(self._processes) - before

    def _log_in(self) -> None:
        answer = self._running.client.post("/api/auth/login", json={"username": NAME, "password": PASSWORD})
        answer.raise_for_status()
        self._token = answer.json()["token"]
        self._until = time.monotonic() + 600


def fresh_orders() -> Iterator[str]:
    """Orders that begin with IMDb, which one parameter leaves out, and then differ within what is shown."""
    others = list(itertools.permutations([source for source in RatingSource if source is not RatingSource.IMDB], 4))
    random.Random(8).shuffle(others)
    return (",".join((RatingSource.IMDB, *order)) for order in others)


def measure(designer: Designer, rounds: int) -> dict[str, dict[str, dict[str, float]]]:
    orders = fresh_orders()
    times: dict[tuple[str, str], tuple[list[float], list[float], list[float]]] = {}
    for number in range(rounds + 1):  # the first one warms up
        for kind, changes in CHANGES.items():
            for parameter, (before, after) in changes.items():
                shown = {"ratings_order": next(orders), "ratings_limit": "5"}
                name = parameter
                if parameter == "on a title":
                    shown["id"], name = TITLE, "ratings_limit"
                designer.show(kind, {**shown, name: before})
                cold, cpu = designer.show(kind, {**shown, name: after})
                cached, _ = designer.show(kind, {**shown, name: after})
                if number:
                    colds, cpus, cacheds = times.setdefault((kind, parameter), ([], [], []))
                    cpus.append(cpu)
                    colds.append(cold)
                    cacheds.append(cached)
    medians: dict[str, dict[str, dict[str, float]]] = {}
    for (kind, parameter), (colds, cpus, cacheds) in times.items():
        medians.setdefault(kind, {})[parameter] = {
            "cold": statistics.median(colds),
            "worst_cold": max(colds),
            "cpu": statistics.median(cpus),
            "cached": statistics.median(cacheds),
        }
    return medians


def show(medians: dict[str, dict[str, dict[str, float]]]) -> None:
    print(f"{'kind':<9} {'changed':<16} {'cold ms':>8} {'worst':>8} {'CPU ms':>7} {'cached ms':>10}")
    for kind, parameters in medians.items():
        for parameter, found in parameters.items():
            print(
                f"{kind:<9} {parameter:<16} {found['cold']:>8.1f} {found['worst_cold']:>8.1f} {found['cpu']:>7.1f}"
                f" {found['cached']:>10.1f}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    about = {name: value for name, value in machine().items() if name != "load"}
    print("previews:", ", ".join(f"{name} {value}" for name, value in about.items()))
    print(f"1 worker, 1 connection, median of {options.rounds}")
    with server() as running:
        medians = measure(Designer(running), options.rounds)
    show(medians)
    if options.json:
        report = {"machine": about, "options": {"rounds": options.rounds}, "medians": medians}
        options.json.write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
