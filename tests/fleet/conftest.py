import asyncio

import pytest

from openposterdb.accounts.keys import hash_key, prefix_of
from openposterdb.clock import SystemClock
from openposterdb.demo.double import run_in_background
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import ApiKeyRepository
from tests.e2e.conftest import KEY, Upstreams
from tests.fleet.replicas import Balancer, Replicas
from tests.servers.postgres import running_postgres
from tests.servers.redis import running_redis

PASSWORD = "correct horse battery"


@pytest.fixture
def upstreams():
    with run_in_background() as variables:
        yield Upstreams(variables)


@pytest.fixture
def redis():
    """A server of the test's own, which it may take away."""
    with running_redis() as server:
        yield server


@pytest.fixture
def own_postgres():
    """A server of the test's own, which it may take away."""
    with running_postgres() as server:
        url = server.url(server.create())
        asyncio.run(know_the_key(url))
        yield server.pid, url


@pytest.fixture
def database_url(postgres_server):
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


async def know_the_key(url: str) -> None:
    database = await Database.open(url)
    await ApiKeyRepository(database, SystemClock()).create("tests", hash_key(KEY), prefix_of(KEY))
    await database.close()


@pytest.fixture
def replicas(upstreams, redis, database_url, tmp_path):
    asyncio.run(know_the_key(database_url))
    servers = Replicas(
        tmp_path,
        {
            **upstreams.variables,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis.url,
            "ADMIN_USERNAME": "root",
            "ADMIN_PASSWORD": PASSWORD,
            "RENDER_CONCURRENCY": "2",
        },
    )
    yield servers
    servers.close()


@pytest.fixture
async def balancer():
    made = []

    def over(started, **options):
        made.append(Balancer(started, **options))
        return made[-1]

    yield over
    for each in made:
        await each.close()


def admin_of(replica):
    """Headers of an admin."""
    login = replica.client.post("/api/auth/login", json={"username": "root", "password": PASSWORD})
    return {"authorization": f"Bearer {login.json()['token']}"}
