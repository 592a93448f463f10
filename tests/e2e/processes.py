"""The service as an operator runs it: a process with its environment, its output and its signals."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

PYTHON = (sys.executable, "-m", "openposterdb")
READY_SECONDS = 60.0
END_SECONDS = 40.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(variables) -> dict[str, str]:
    """What the machine needs, and nothing that could configure a service by chance."""
    needed = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**needed, "PYTHONUNBUFFERED": "1", **variables}


def command(*arguments, folder: Path, variables=None, timeout=END_SECONDS) -> subprocess.CompletedProcess[str]:
    """Run `openposterdb ARGUMENTS` in `folder` until it ends."""
    return subprocess.run(
        [*PYTHON, *arguments],
        cwd=folder,
        env=clean_environment(variables or {}),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def workers_of(server: "ServerProcess") -> list[int]:
    """The processes that answer, of which the server itself is the supervisor."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return [int(child) for child in children if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()]


class ServerProcess:
    """A server, its output line by line, and a client for it."""

    def __init__(self, folder: Path, variables, *, arguments=("serve",), prefix=()) -> None:
        self.port, self.metrics_port = free_port(), free_port()
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        self.variables = {
            "LISTEN_ADDR": f"127.0.0.1:{self.port}",
            "METRICS_ADDR": f"127.0.0.1:{self.metrics_port}",
            "DB_DIR": str(folder / "db"),
            "CACHE_DIR": str(folder / "cache"),
            "IMAGE_RATE_LIMIT": "off",
            **variables,
        }
        self.out: list[str] = []
        self.err: list[str] = []
        self.process = subprocess.Popen(
            [*prefix, *PYTHON, *arguments],
            cwd=folder,
            env=clean_environment(self.variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that a kill reaches the workers too
        )
        self._readers = [
            threading.Thread(target=_collect, args=(stream, lines), daemon=True)
            for stream, lines in ((self.process.stdout, self.out), (self.process.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()
        self.client = httpx.Client(base_url=self.url, timeout=30, trust_env=False)

    def ready(self):
        """Wait until `/readyz` says so."""
        until(lambda: self.process.poll() is not None or self._is_ready(), "ready", READY_SECONDS)
        assert self.process.poll() is None, "\n".join(self.out + self.err)
        return self

    def _is_ready(self) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return self.client.get("/readyz").status_code == 200
        return False

    def get(self, path: str, **options) -> httpx.Response:
        return self.client.get(path, **options)

    def metrics(self) -> str:
        return httpx.get(f"http://127.0.0.1:{self.metrics_port}/metrics", trust_env=False).text

    def value(self, name: str) -> float:
        """The sum of a metric over its labels."""
        found = re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", self.metrics(), re.MULTILINE)
        return sum(map(float, found))

    def renders(self) -> int:
        return int(self.value("openposterdb_render_duration_seconds_count"))

    def decoded(self) -> int:
        """Renders that began with art; the others laid badges on art that was prepared before."""
        found = re.findall(
            r'^openposterdb_render_duration_seconds_count{[^}]*path="full"[^}]*} (\S+)$', self.metrics(), re.MULTILINE
        )
        return int(sum(map(float, found)))

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def interrupt(self) -> None:
        """Ctrl-C: SIGINT to every process of the group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def kill(self) -> None:
        """SIGKILL, to the supervisor and its workers in the same moment."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(END_SECONDS)

    def ended(self) -> int:
        """The exit code, once it has ended and everything that it wrote has been read."""
        code = self.process.wait(END_SECONDS)
        for reader in self._readers:
            reader.join(5)
        return code

    def close(self) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.terminate()
            try:
                self.ended()
            except subprocess.TimeoutExpired:
                self.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # a worker without its supervisor
        for reader in self._readers:
            reader.join(5)


def _collect(stream, lines) -> None:
    for line in stream:
        lines.append(line.rstrip("\n"))


def until(condition, what: str, seconds: float = 20.0):
    """Ask again until `condition` gives something true, which is returned."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not {what} within {seconds} s"
        time.sleep(0.02)
    return found
