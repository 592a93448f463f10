"""What this process takes of the machine: memory and its bound, processor time, room on a disk. Linux tells; others less."""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_CGROUPS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_NO_BOUND: Final = 1 << 60
"""Version 1 of control groups says so with a number near the largest."""


@dataclass(frozen=True, slots=True)
class Use:
    """Bytes resident, the most they may be, seconds of processor time since the start. None: not known here."""

    resident: int | None
    bound: int | None
    processor_seconds: float


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of a file system."""

    total: int
    free: int


def process_use(proc: Path = _PROC) -> Use:
    """What the process takes now."""
    return Use(_resident(proc), memory_bound(_total(proc)), time.process_time())


def memory_bound(machine: int | None, groups: tuple[Path, ...] = _CGROUPS) -> int | None:
    """The least of what the container may take and what the `machine` has, in bytes."""
    bounds = [] if machine is None else [machine]
    for group in groups:
        try:
            bounds.append(int(group.read_text()))
        except (OSError, ValueError):  # no such version of control groups, or `max`
            continue
    found = min(bounds, default=_NO_BOUND)
    return None if found >= _NO_BOUND else found


def room_of(folder: Path) -> Room | None:
    """The file system of the folder, or of the nearest above it that is there; None if it cannot be read."""
    for place in (folder.absolute(), *folder.absolute().parents):
        if place.is_dir():
            try:
                usage = shutil.disk_usage(place)
            except OSError:
                return None
            return Room(usage.total, usage.free)
    return None


def _resident(proc: Path) -> int | None:
    try:
        return int((proc / "self" / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None


def _total(proc: Path) -> int | None:
    try:
        line = next(line for line in (proc / "meminfo").read_text().splitlines() if line.startswith("MemTotal:"))
        return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError, StopIteration):
        return None
