"""A Redis of the test session, and ones that a test may stop, kill and start again."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.servers.process import end, free_port, listens, program, running


class RedisServer:
    """A server that keeps nothing on disk; it can be taken away and given back on the same port."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._options = options
        self._running = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            program("redis-server", package="redis-server"), "--port", str(self.port), "--bind", "127.0.0.1",
            "--save", "", "--appendonly", "no", "--dir", str(self._folder), *self._options,
        ]  # fmt: skip
        started = running(command, answers=lambda: listens(self.port), log=self._folder / "log")
        self._process = self._running.enter_context(started)

    def close(self) -> None:
        self._running.close()

    def stop(self) -> None:
        """Everything it held is gone afterwards."""
        assert self._process is not None
        end(self._process)

    def kill(self) -> None:
        """SIGKILL: it closes nothing and says nothing to anybody."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def hang(self) -> None:
        """Let it accept connections and answer nothing."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


@contextmanager
def running_redis(*options: str) -> Iterator[RedisServer]:
    folder = Path(tempfile.mkdtemp(prefix="redis-", dir="/tmp"))
    server = RedisServer(folder, *options)
    try:
        server.start()
        yield server
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)
