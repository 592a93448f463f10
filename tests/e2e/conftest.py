import asyncio
import shutil
from pathlib import Path

import httpx
import pytest

from openposterdb.accounts.keys import hash_key, prefix_of
from openposterdb.clock import SystemClock
from openposterdb.demo.answers import KEYS
from openposterdb.demo.double import run_in_background
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import upgrade
from openposterdb.storage.repositories import ApiKeyRepository
from tests.e2e.processes import ServerProcess

KEY = "t3-8f0e2a54-6d7c-4f0b-9f3e-1c2d3e4f5a6b"
SECRETS = (KEY, *KEYS.values())


class Upstreams:
    """The double of the upstreams as another process sees it."""

    def __init__(self, variables) -> None:
        self.variables = dict(variables)
        self._control = variables["TMDB_API_BASE_URL"].removesuffix("/tmdb/3") + "/__double__"

    def calls(self) -> dict[str, int]:
        return httpx.get(f"{self._control}/calls", trust_env=False).json()

    def forget_calls(self) -> None:
        httpx.delete(f"{self._control}/calls", trust_env=False).raise_for_status()

    def fail(self, *faults) -> None:
        httpx.put(f"{self._control}/faults", json=list(faults), trust_env=False).raise_for_status()

    def heal(self) -> None:
        httpx.delete(f"{self._control}/faults", trust_env=False).raise_for_status()


@pytest.fixture(scope="session")
def double():
    with run_in_background() as variables:
        yield Upstreams(variables)


@pytest.fixture
def upstreams(double):
    """Healthy, and nothing counted yet."""
    double.heal()
    double.forget_calls()
    yield double
    double.heal()


@pytest.fixture(scope="session")
def database_with_key(tmp_path_factory):
    """A migrated database in which `KEY` is known; made once, copied for every server."""
    folder = tmp_path_factory.mktemp("database")

    async def make():
        url = f"sqlite:///{folder / 'openposterdb.db'}"
        await upgrade(url)
        database = await Database.open(url)
        await ApiKeyRepository(database, SystemClock()).create("tests", hash_key(KEY), prefix_of(KEY))
        await database.close()

    asyncio.run(make())
    return folder


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory, database_with_key):
    """Makes folders for servers that know `KEY`."""

    def make() -> Path:
        folder = tmp_path_factory.mktemp("server")
        shutil.copytree(database_with_key, folder / "db")
        return folder

    return make


class Servers:
    """Starts servers; all of them are ended, and none may have written a secret."""

    def __init__(self, double, new_folder) -> None:
        self._double = double
        self._new_folder = new_folder
        self._started: list[ServerProcess] = []

    def __call__(self, folder=None, *, arguments=("serve",), prefix=(), **variables) -> ServerProcess:
        server = ServerProcess(
            folder or self._new_folder(),
            {**self._double.variables, **variables},
            arguments=arguments,
            prefix=prefix,
        )
        self._started.append(server)
        return server

    def close(self) -> None:
        for server in self._started:
            server.close()
        for server in self._started:
            assert_no_secret(server.out + server.err)


def assert_no_secret(lines) -> None:
    told = [line for line in lines if any(secret in line for secret in SECRETS)]
    assert not told, told


@pytest.fixture
def start(double, new_folder):
    servers = Servers(double, new_folder)
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def shared_server(double, new_folder):
    """One server for every test that leaves it as it was, everything logged."""
    servers = Servers(double, new_folder)
    yield servers(LOG_LEVEL="debug").ready()
    servers.close()


@pytest.fixture
def server(shared_server, upstreams):
    return shared_server
