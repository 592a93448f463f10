"""Real servers for tests: found on this machine, started on a free port, ended whatever happened."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.02

sentences: set[str] = set()
"""What tests of this session were skipped for."""


def program(name: str, *folders: Path, package: str) -> str:
    """The path of a program; without it the test is skipped with one sentence, in CI it fails."""
    found = shutil.which(name) or next((str(folder / name) for folder in folders if (folder / name).exists()), None)
    if found is None:
        missing(f"{name} is not installed (Debian: `apt-get install {package}`)")
    return found


def missing(sentence: str) -> NoReturn:
    """Skip what cannot run on this machine; CI has to have everything."""
    sentences.add(sentence)
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str],
    *,
    answers: Callable[[], bool],
    log: Path,
    user: str | None = None,
    environment: dict[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """The server, once it answers; killed if it does not end by itself, also when it was stopped by a signal."""
    variables = None if environment is None else {**os.environ, **environment}
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, user=user, env=variables, cwd="/")
    try:
        _await(process, answers, log)
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and see to it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    """Whether somebody accepts connections there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _await(process: subprocess.Popen[bytes], answers: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"{process.args} did not start:\n{log.read_text()[-2000:]}", pytrace=False)
        time.sleep(_POLL_SECONDS)
