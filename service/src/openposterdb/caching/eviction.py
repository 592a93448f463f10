"""Keeping a folder below a number of bytes: what has not been used for longest goes first.

Nobody keeps a list of the files: there may be millions. What the folder holds is counted once and then by what is written;
when that passes the bound, two walks follow, one to see how much was last used when, one to delete what is oldest until a
tenth of the bound is free. So a walk is paid for by thousands of writes. The time of last use is the files' own access
time, which is set by whoever reads them, at most once an hour, since most file systems are mounted to forget it.
"""

import asyncio
import contextlib
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

UNFINISHED = ".writing-"
"""How the names of files begin that are still being written."""

_FREE_SHARE = 10  # a tenth of the bound is freed at a time
_STEP_SECONDS = 600
_USE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep left in the folder, and what it deleted."""

    left_bytes: int
    deleted: int = 0
    deleted_bytes: int = 0


def note_use(path: Path, details: os.stat_result, now: float) -> None:
    """Remember that the file was used `now` (Unix time), if that was not remembered within the hour."""
    if now - details.st_atime > _USE_SECONDS:
        with contextlib.suppress(OSError):  # read-only, or gone: it is no reason not to serve it
            os.utime(path, (now, details.st_mtime))


class FolderBound:
    """Sweeps the folder behind the writes that fill it, one sweep at a time, in a thread of its own.

    Several processes may share the folder: each counts what it writes itself, and every sweep counts everything anew.
    """

    def __init__(self, root: Path, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.held = max_bytes  # not counted yet, so that the first write counts
        self._root = root
        self._since = 0
        self._sweep: asyncio.Future[Sweep] | None = None
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="store-sweep")
        self._listeners: list[Callable[[Sweep], None]] = []

    def subscribe(self, listener: Callable[[Sweep], None]) -> None:
        """Call `listener` with the outcome of every sweep."""
        self._listeners.append(listener)

    def wrote(self, size: int) -> None:
        """Count bytes that were written, and sweep when that is too much."""
        self.held += size
        self._since += size
        if self.held > self.max_bytes:
            self.start()

    def start(self) -> None:
        """Sweep now, unless that is under way."""
        if self._sweep is None:
            self._since = 0
            work = asyncio.get_running_loop().run_in_executor(
                self._pool, sweep, self._root, self.max_bytes, self._stopped
            )
            self._sweep = work
            work.add_done_callback(self._swept)

    async def settle(self) -> None:
        """Wait for the sweep under way, if there is one."""
        if self._sweep is not None:
            await asyncio.wait([self._sweep])

    def close(self) -> None:
        """Break off the sweep under way. Blocks for a moment."""
        self._stopped.set()
        self._pool.shutdown(wait=True)

    def _swept(self, work: asyncio.Future[Sweep]) -> None:
        self._sweep = None
        if work.cancelled():
            return
        if (error := work.exception()) is not None:
            log.warning("store_not_swept", error=type(error).__name__)
            self.held = self.max_bytes - self.max_bytes // _FREE_SHARE  # try again after as much as a sweep would free
            return
        outcome = work.result()
        self.held = outcome.left_bytes + self._since
        if outcome.deleted:
            log.info("store_swept", deleted=outcome.deleted, deleted_bytes=outcome.deleted_bytes)
        for listener in self._listeners:
            listener(outcome)


def sweep(root: Path, max_bytes: int, stopped: threading.Event | None = None) -> Sweep:
    """Delete the files that were used longest ago until a tenth of `max_bytes` is free, or until it is stopped.

    Nothing is deleted below the bound. Raises OSError.
    """
    stopped = stopped or threading.Event()
    by_step: Counter[int] = Counter()
    for _, details in _files(root, stopped):
        by_step[int(details.st_atime // _STEP_SECONDS)] += details.st_size
    held = sum(by_step.values())
    surplus = held - (max_bytes - max_bytes // _FREE_SHARE)
    if held <= max_bytes:
        return Sweep(held)
    last = last_step(by_step, surplus)
    deleted = deleted_bytes = 0
    for path, details in _files(root, stopped):
        if deleted_bytes >= surplus:
            break
        if int(details.st_atime // _STEP_SECONDS) <= last:
            with contextlib.suppress(FileNotFoundError):  # another process deletes too
                path.unlink()
                deleted += 1
                deleted_bytes += details.st_size
    return Sweep(held - deleted_bytes, deleted, deleted_bytes)


def last_step(bytes_by_step: Counter[int], surplus: int) -> int:
    """The last of the steps, oldest first, that together hold at least `surplus` bytes."""
    last = 0
    for last in sorted(bytes_by_step):
        surplus -= bytes_by_step[last]
        if surplus <= 0:
            break
    return last


def _files(root: Path, stopped: threading.Event) -> Iterator[tuple[Path, os.stat_result]]:
    folders = [root]
    while folders and not stopped.is_set():
        with contextlib.suppress(FileNotFoundError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry))
                elif not entry.name.startswith(UNFINISHED):
                    with contextlib.suppress(FileNotFoundError):
                        yield Path(entry), entry.stat(follow_symlinks=False)
