"""A PostgreSQL of the test session, with collation rules of a language, as installations have them."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg

from openposterdb.storage.migrations import upgrade
from tests.servers.process import free_port, program, running

_DEBIAN = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "200"}
_MIGRATED = "migrated"


@dataclass
class PostgresServer:
    """Databases by name; a new one is a copy of a migrated one, unless it is to be empty."""

    port: int
    launch: Callable[[], subprocess.Popen[bytes]]
    numbers: Iterator[int] = field(default_factory=count)
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """The same data on the same port again; what a crash left is recovered first."""
        self.process = self.launch()

    def crash(self) -> None:
        """SIGQUIT: every connection breaks, nothing is written any more."""
        assert self.process is not None
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(10)

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://tests@127.0.0.1:{self.port}/{name}"

    def create(self, *, empty: bool = False) -> str:
        """The name of a new database."""
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else _MIGRATED}")
        return name

    def drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> None:
        asyncio.run(self.run(statement, database))

    async def run(self, statement: str, database: str = "postgres") -> None:
        """The same for tests that have a loop already."""
        await _execute(self.port, statement, database)


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server whose data live in a folder of its own; it refuses to run as root, so root lends it another user."""
    initdb = program("initdb", *_DEBIAN, package="postgresql")
    postgres = program("postgres", *_DEBIAN, package="postgresql")
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        data, log, port = folder / "data", folder / "log", free_port()
        subprocess.run(
            [initdb, "--no-sync", "--auth=trust", "--username=tests", "--encoding=UTF8", "--locale=C.UTF-8",
             "--locale-provider=icu", "--icu-locale=en-US", f"--pgdata={data}"],
            check=True, user=user, cwd="/", stdout=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip
        settings = {**_SETTINGS, "port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        command = [postgres, "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())]
        with ExitStack() as processes:
            server = PostgresServer(
                port,
                lambda: processes.enter_context(running(command, answers=lambda: _answers(port), log=log, user=user)),
            )
            server.start()
            server.execute(f"CREATE DATABASE {_MIGRATED}")
            asyncio.run(upgrade(server.url(_MIGRATED)))
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


async def _execute(port: int, statement: str, database: str) -> None:
    connection = await asyncpg.connect(
        user="tests", host="127.0.0.1", port=port, database=database, ssl=False, timeout=10
    )
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _answers(port: int) -> bool:
    try:
        asyncio.run(_execute(port, "SELECT 1", "postgres"))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True
