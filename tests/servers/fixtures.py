"""One server of each sort for the whole session, started when the first test asks for it."""

from collections.abc import Iterator

import pytest

from tests.servers.bucket import BucketServer, running_bucket
from tests.servers.postgres import PostgresServer, running_postgres
from tests.servers.redis import RedisServer, running_redis


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def shared_redis() -> Iterator[RedisServer]:
    """For tests that leave the server as it is."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[BucketServer]:
    with running_bucket() as server:
        yield server
