"""The storm after a change of settings: every picture in a style that it was never drawn in.

    python -m loadtests.settings_storm [--pictures 80] [--styles 4] [--service FOLDER] [--write FILE]

A real server on a double of its upstreams, asked by one client for posters, then backdrops, then logos of the demo's titles in all sizes:

  first      nothing is known: ids, ratings and art come from the upstreams, every picture is decoded
  storm      the global settings have changed to another style
  storms     `--styles` more of them, for the size of the store
  restarted  the process is new, the style the last one: what memory misses comes out of the lower layers
  storm cold the process is new, and so is the style

Of each phase: processor time of the server's processes in all and per image, against `first` of the same run; latency at the
client; calls of upstreams; the store's bytes. `--service` measures another release's `service/src`.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from loadtests.bench_hits import machine
from loadtests.processes import cpu_seconds
from openposterdb.demo.catalogue import load_catalogue
from openposterdb.demo.double import run_in_background
from tests.e2e.processes import ServerProcess

NAME, PASSWORD = "admin", "a password that nobody guesses"
KEY = "t0-free-rpdb"
SIZES = ("medium", "large", "very-large")
Pictures = list[tuple[str, str]]
"""Kinds and IMDb ids."""

STYLES = [
    {
        "poster_position": position,
        **{f"{kind}_badge_style": style for kind in ("poster", "logo", "backdrop")},
        **{f"{kind}_label_style": label for kind in ("poster", "logo", "backdrop")},
    }
    for label in "it"
    for style in "hv"
    for position in ("bc", "tl", "r", "tc")
]
SETTLE_SECONDS = 2.0


@dataclass(frozen=True)
class Phase:
    name: str
    images: int
    cpu: float
    latencies: dict[str, list[float]]
    calls: int
    store_bytes: int
    store_files: int

    @property
    def cpu_per_image(self) -> float:
        """Milliseconds."""
        return self.cpu / self.images * 1000

    def latency(self, size: str) -> float:
        """Median, milliseconds."""
        return statistics.median(self.latencies[size]) * 1000


class Storm:
    """One store and database, and the servers that follow one another on them."""

    def __init__(self, folder: Path, variables: dict[str, str], pictures: Pictures) -> None:
        self._folder = folder
        self._variables = variables
        self._pictures = pictures

    @contextmanager
    def server(self) -> Iterator[ServerProcess]:
        running = ServerProcess(self._folder, self._variables)
        try:
            yield running.ready()
        finally:
            running.close()

    def phase(self, name: str, running: ServerProcess, style: int, *, change: bool) -> Phase:
        if change:
            set_style(running, style)
        calls = running.value("openposterdb_upstream_requests_total")
        before = cpu_seconds(running.process.pid)
        latencies: dict[str, list[float]] = {size: [] for size in SIZES}
        for size in SIZES:
            for kind, title in self._pictures:
                path = f"/{KEY}/imdb/{kind}-default/{title}?imageSize={size}"
                started = time.perf_counter()
                answer = running.client.get(path)
                latencies[size].append(time.perf_counter() - started)
                if answer.status_code != 200:
                    raise SystemExit(f"{path}: {answer.status_code} {answer.text[:200]}")
        time.sleep(SETTLE_SECONDS)  # what is written behind the answers belongs to them
        used = cpu_seconds(running.process.pid) - before
        made = running.value("openposterdb_upstream_requests_total") - calls
        size_of, files = store(self._folder / "cache")
        return Phase(name, len(SIZES) * len(self._pictures), used, latencies, int(made), size_of, files)


def set_style(running: ServerProcess, style: int) -> None:
    login = running.client.post("/api/auth/login", json={"username": NAME, "password": PASSWORD})
    login.raise_for_status()
    saved = running.client.put(
        "/api/admin/settings",
        json=STYLES[style % len(STYLES)],
        headers={"authorization": f"Bearer {login.json()['token']}"},
    )
    saved.raise_for_status()


def store(root: Path) -> tuple[int, int]:
    """Bytes and files in the store, art as it was downloaded left out."""
    files = [path for path in root.glob("r*/**/*") if path.is_file()]
    return sum(path.stat().st_size for path in files), len(files)


def pictures() -> Pictures:
    titles = [title for title in load_catalogue().titles() if title.imdb]
    having = {
        "poster": [title for title in titles if title.has_poster],
        "backdrop": [title for title in titles if title.backdrop],
        "logo": [title for title in titles if title.logo],
    }
    return [(kind, title.imdb or "") for kind, some in having.items() for title in some]


def measure(count: int, styles: int) -> list[Phase]:
    wanted = pictures()[:count]
    with run_in_background() as upstreams, tempfile.TemporaryDirectory() as folder:
        variables = {
            **upstreams,
            "ADMIN_USERNAME": NAME,
            "ADMIN_PASSWORD": PASSWORD,
            "FREE_KEY_ENABLED": "true",
            "LOG_LEVEL": "error",
        }
        storm = Storm(Path(folder), variables, wanted)
        with storm.server() as running:
            phases = [
                storm.phase("first", running, 0, change=True),
                storm.phase("storm", running, 1, change=True),
            ]
            phases += [storm.phase(f"storm {number}", running, number, change=True) for number in range(2, 2 + styles)]
        with storm.server() as running:
            phases.append(storm.phase("restarted", running, 1 + styles, change=False))
        with storm.server() as running:
            phases.append(storm.phase("storm cold", running, 2 + styles, change=True))
    return phases


def table(phases: list[Phase]) -> str:
    head = "| phase | images | CPU s | CPU ms per image | of the first | " + " | ".join(f"{size} ms" for size in SIZES)
    lines = [f"{head} | upstream calls | store MB | files |", "|---" * (8 + len(SIZES)) + "|"]
    for phase in phases:
        latencies = " | ".join(f"{phase.latency(size):.1f}" for size in SIZES)
        ratio = phase.cpu / phases[0].cpu
        lines.append(
            f"| {phase.name} | {phase.images} | {phase.cpu:.2f} | {phase.cpu_per_image:.2f} | {ratio:.3f} | {latencies} |"
            f" {phase.calls} | {phase.store_bytes / 1e6:.1f} | {phase.store_files} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pictures", type=int, default=80)
    parser.add_argument("--styles", type=int, default=4)
    parser.add_argument("--service", type=Path, help="another release's service/src")
    parser.add_argument("--write", type=Path, help="append the table to this file")
    options = parser.parse_args()
    if options.service:
        os.environ["PYTHONPATH"] = str(options.service)
    about = ", ".join(f"{name} {value}" for name, value in machine().items() if name != "load")
    text = f"{about}; 1 worker, 1 client\n\n{table(measure(options.pictures, options.styles))}"
    print(text)
    if options.write:
        with options.write.open("a") as report:
            report.write(f"{text}\n")


if __name__ == "__main__":
    main()
