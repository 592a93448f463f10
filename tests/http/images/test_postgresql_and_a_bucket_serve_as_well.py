"""The service with its database and its pictures elsewhere, and with a Redis beside it."""

import pytest

from openposterdb.clock import SystemClock
from openposterdb.storage.rows import Purge
from tests.servers.bucket import ACCESS_KEY, SECRET_KEY
from tests.servers.redis import running_redis


@pytest.fixture
def clock(request, clock):
    """Redis counts real time, so whoever shares one does."""
    return SystemClock() if "redis" in request.fixturenames else clock


@pytest.fixture
def elsewhere(bucket_server, postgres_url):
    return {
        "DATABASE_URL": postgres_url,
        "IMAGE_STORE_URL": f"s3://{bucket_server.create()}/pictures?endpoint={bucket_server.endpoint}",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
    }


@pytest.fixture
def poster(double):
    return f"imdb/poster-default/{double.catalogue.title[0].imdb}.jpg"


async def test_what_one_process_makes_another_finds(start, elsewhere, poster):
    one = await start(**elsewhere)
    made = await one.get(poster)
    assert made.status == 200
    assert one.renders() == 1
    await one.settle()
    two = await start(**elsewhere)
    found = await two.get(poster)
    assert (found.status, found.body) == (200, made.body)
    assert two.decoded() == 0
    assert not one.environment.cache_dir.exists()


async def test_a_change_here_is_seen_there(start, elsewhere, poster):
    one, two = await start(**elsewhere), await start(**elsewhere)
    before = await two.get(poster)
    await one.save(ratings_limit=1)
    await two.tell_changes()
    after = await two.get(poster)
    assert (before.status, after.status) == (200, 200)
    assert before.body != after.body


async def test_a_bucket_that_is_away_costs_renders_and_no_request(start, elsewhere, poster):
    service = await start(**{**elsewhere, "AWS_SECRET_ACCESS_KEY": "wrong"})
    assert (await service.get(poster)).status == 200
    await service.settle()
    ready = await service.ask("GET", "/readyz")
    assert ready.status == 200
    assert b"degraded: image store: PermissionDeniedError" in ready.body


async def test_a_database_that_is_gone_costs_known_keys_nothing(start, elsewhere, poster, postgres_server):
    service = await start(**elsewhere)
    made = await service.get(poster)
    await service.settle()
    name = elsewhere["DATABASE_URL"].rpartition("/")[2]
    await postgres_server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    try:
        await postgres_server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        assert (await service.get(poster)).body == made.body
        assert (await service.get(poster, key="t3-unknown")).status == 503
        assert (await service.ask("GET", "/readyz")).status == 503
    finally:
        await postgres_server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert (await service.ask("GET", "/readyz")).status == 200


@pytest.fixture
def redis():
    with running_redis() as server:
        yield server


async def test_pictures_are_shared_in_redis_alone(start, elsewhere, poster, redis):
    """Without any store; what is purged here is gone there."""
    shared = {**elsewhere, "IMAGE_STORE_URL": "", "EXTERNAL_CACHE_ONLY": "true", "REDIS_URL": redis.url}
    one = await start(**shared)
    made = await one.get(poster)
    await one.settle()
    two = await start(**shared)
    assert (await two.get(poster)).body == made.body
    assert two.decoded() == 0
    assert two.value("openposterdb_cache_requests_total", layer="prepared", result="hit") == 1
    await one.parts.purges.purge(Purge())
    await one.settle()
    three = await start(**shared)
    await three.tell_changes()
    assert (await three.get(poster)).body == made.body
    assert three.decoded() == 1


async def test_a_redis_that_goes_away_costs_no_request(start, elsewhere, poster, redis):
    service = await start(**elsewhere, REDIS_URL=redis.url)
    made = await service.get(poster)
    await service.settle()
    assert b'"redis":"ok"' in (await service.ask("GET", "/readyz")).body.replace(b" ", b"")
    redis.stop()
    service.parts.memory.clear()
    service.parts.prepared.clear()
    assert (await service.get(poster)).body == made.body
    ready = await service.ask("GET", "/readyz")
    assert ready.status == 200
    assert b'"redis":"away' in ready.body.replace(b" ", b"")
