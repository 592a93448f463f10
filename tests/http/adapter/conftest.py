import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

SERVE = """
import sys
from openposterdb.http.serve import serve
serve(target="tests.http.adapter.served_app:build", address="127.0.0.1", port=int(sys.argv[1]), kill_timeout=int(sys.argv[2]))
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ServerProcess:
    """A supervisor with its worker, its output line by line."""

    def __init__(self, *, kill_timeout=10, code=SERVE, env=None):
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, str(self.port), str(kill_timeout)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=Path(__file__).parents[3],
            env={**os.environ, **(env or {})},
        )
        self.lines = []
        self._queue = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            self._queue.put(line.rstrip())

    def until_listening(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError), self.connect() as probe:
                probe.sendall(b"GET /readyz HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
                if probe.recv(100):
                    return self
            time.sleep(0.02)
        pytest.fail("the server did not start:\n" + "\n".join(self.lines))

    def until_line(self, wanted):
        while True:
            line = self._queue.get(timeout=15)
            if wanted in line:
                return line

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=15)

    def exchange(self, *pieces):
        """Send the bytes as they are on a new connection, and read the answer until its end."""
        with self.connect() as connection:
            with contextlib.suppress(ConnectionError):
                for piece in pieces:
                    connection.sendall(piece)
            received = b""
            with contextlib.suppress(ConnectionError):
                while chunk := connection.recv(65_536):
                    received += chunk
        return received

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def ended(self, timeout=20):
        return self.process.wait(timeout)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)


@pytest.fixture
def start_server():
    servers = []

    def start(**options):
        server = ServerProcess(**options)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="module")
def server():
    started = ServerProcess()
    try:
        yield started.until_listening()
    finally:
        started.close()
