"""What the processes of a server have used, read from /proc: all of the group that its first process leads."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_GONE = (FileNotFoundError, ProcessLookupError)  # it ended while it was read


def cpu_seconds(*groups: int) -> float:
    """User and system time so far, in seconds, in steps of the kernel's clock (10 ms)."""
    ticks = sum(int(fields[11]) + int(fields[12]) for _, fields in _stats() if int(fields[2]) in groups)
    return ticks / _TICKS


def pss_mib(group: int) -> float:
    """Memory of all of them together in MiB, a page that several share counted once among them."""
    total = 0
    for folder, fields in _stats():
        if int(fields[2]) == group:
            with suppress(*_GONE):
                lines = (folder / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def folders(group: int) -> list[Path]:
    """Their folders in /proc, for those who read them often."""
    return [folder for folder, fields in _stats() if int(fields[2]) == group]


def running_ms(processes: list[Path]) -> float:
    """What all threads of these processes have run, in milliseconds, as exactly as the scheduler knows."""
    spent = (thread.read_text() for folder in processes for thread in folder.glob("task/*/schedstat"))
    return sum(int(line.split()[0]) for line in spent) / 1e6


def _stats() -> Iterator[tuple[Path, list[str]]]:
    """Folder and status of every process of the machine, the status from its third field on."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(*_GONE):
            yield path.parent, path.read_text().rpartition(") ")[2].split()
