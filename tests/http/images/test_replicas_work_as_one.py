"""Three replicas on one PostgreSQL, one bucket and one Redis, all asked for the same at once."""

import asyncio

import pytest

from openposterdb.clock import SystemClock
from tests.servers.bucket import ACCESS_KEY, SECRET_KEY
from tests.servers.redis import running_redis


@pytest.fixture
def clock():
    """Redis counts real time, so everybody does."""
    return SystemClock()


@pytest.fixture
def redis():
    with running_redis() as server:
        yield server


@pytest.fixture
def shared(bucket_server, postgres_url, redis):
    return {
        "DATABASE_URL": postgres_url,
        "IMAGE_STORE_URL": f"s3://{bucket_server.create()}/pictures?endpoint={bucket_server.endpoint}",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "REDIS_URL": redis.url,
    }


async def test_cold_titles_cost_one_render_and_one_call_per_resource(start, shared, double):
    replicas = [await start(**shared) for _ in range(3)]
    titles = [title for title in double.catalogue.title if title.imdb][:6]
    paths = [f"imdb/poster-default/{title.imdb}.jpg" for title in titles]
    answers = await asyncio.gather(*(one.get(path) for path in paths for one in replicas for _ in range(5)))
    assert {answer.status for answer in answers} == {200}
    assert sum(one.renders() for one in replicas) == len(titles)
    assert {call: number for call, number in double.calls.items() if number > 1} == {}


async def test_without_redis_each_replica_works_for_itself_and_none_fails(start, shared, double, redis):
    replicas = [await start(**shared) for _ in range(2)]
    redis.stop()
    path = f"imdb/poster-default/{double.catalogue.title[0].imdb}.jpg"
    answers = await asyncio.gather(*(one.get(path) for one in replicas for _ in range(5)))
    assert {answer.status for answer in answers} == {200}
