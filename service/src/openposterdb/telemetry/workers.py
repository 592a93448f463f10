"""Metrics of several workers in one container: each writes its values to files, the supervisor adds them up when asked.

This is the multiprocess mode of prometheus-client. The files live in `PROMETHEUS_MULTIPROC_DIR`, or else in a folder of
their own in memory (`/dev/shm`) or in the temporary folder: a root file system that is read-only does not matter. What
a worker has counted stays after its end, so that no counter ever falls; its gauges go with it.
"""

import os
import re
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from prometheus_client import CollectorRegistry, Metric, multiprocess, values
from prometheus_client.registry import Collector

from openposterdb.config import Bind
from openposterdb.telemetry.exporter import export_registry

_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder with a random name is made in it
_OF_LIVING: Final = re.compile(r"gauge_live[a-z]+_(\d+)\.db")


@contextmanager
def export_workers(bind: Bind | None) -> Generator[None]:
    """Serve the sums of all workers from this process; the workers that are forked meanwhile call `share_values`."""
    with _folder() as folder:
        registry = CollectorRegistry()
        registry.register(LivingWorkers(folder))
        with export_registry(registry, bind, keep_from_children=True):
            yield


def share_values() -> None:
    """Keep the values of all instruments made from now on in this process's files. The folder has to be there."""
    if _VARIABLE not in os.environ:
        raise RuntimeError(f"{_VARIABLE} is not set: the supervisor prepares the folder")
    library: Any = values  # not typed
    library.ValueClass = library.MultiProcessValue()  # the library chose at its import


class LivingWorkers(Collector):
    """Adds up what all workers wrote, without the gauges of those that ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._library: Any = multiprocess  # not typed
        self._sum = self._library.MultiProcessCollector(None, str(folder))

    def collect(self) -> Iterable[Metric]:
        """The sums, read at this moment."""
        for pid in {int(found[1]) for path in self._folder.iterdir() if (found := _OF_LIVING.fullmatch(path.name))}:
            if not _lives(pid):
                self._library.mark_process_dead(pid, str(self._folder))
        return self._sum.collect()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's by now
        return False
    return True


@contextmanager
def _folder() -> Generator[Path]:
    """The folder, empty of what a server before this one left, and known to the workers by the environment."""
    given = os.environ.get(_VARIABLE)
    if given:
        folder = Path(given)
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.db"):
            path.unlink()
        yield folder
        return
    place = _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="openposterdb-metrics-", dir=place) as made:
        os.environ[_VARIABLE] = made
        try:
            yield Path(made)
        finally:
            del os.environ[_VARIABLE]
