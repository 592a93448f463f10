import asyncio

import pytest

from openposterdb.buckets import Rate
from openposterdb.clock import SystemClock
from openposterdb.fleet.opening import open_fleet
from openposterdb.telemetry import Metrics
from openposterdb.upstreams.budgets import Allowance, Grant, Priority


class Text:
    def encode(self, value: str) -> bytes:
        return value.encode()

    def decode(self, data: bytes) -> str:
        return data.decode()


def new_metrics() -> Metrics:
    return Metrics(version="test", renderer="test")


def fleet_on(url: str, metrics: Metrics):
    return open_fleet(url, clock=SystemClock(), metrics=metrics)


def sample(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


async def work() -> str:
    return "done"


async def test_everything_works_and_is_measured(redis):
    metrics = new_metrics()
    async with fleet_on(redis.url, metrics) as one, fleet_on(redis.url, new_metrics()) as two:
        assert one.state() == "ok"
        assert sample(metrics, "openposterdb_redis_up") == 1
        assert [await fleet.flight("image", Text()).run("k", work) for fleet in (two, one)] == ["done", "done"]
        assert sample(metrics, "openposterdb_coalesced_requests_total", scope="fleet") == 1
        assert sample(metrics, "openposterdb_lock_wait_seconds_count") == 1
        assert (sample(metrics, "openposterdb_redis_duration_seconds_count", command="flight_join") or 0) >= 1
        assert await one.images(1).get("k") is None
        assert one.buckets("images", Rate(1, 1.0)).allow("a")
        assert await one.budget("tmdb", Allowance(), ["k"]).take(Priority.REFRESH) == Grant(0, None)


async def test_without_redis_it_opens_all_the_same_and_finds_it_later(redis):
    metrics = new_metrics()
    redis.stop()
    async with fleet_on(redis.url, metrics) as fleet:
        assert fleet.state() == "away: did not answer at the start"
        assert sample(metrics, "openposterdb_redis_up") == 0
        assert await fleet.flight("image", Text()).run("k", work) == "done"
        redis.start()
        async with asyncio.timeout(10):
            while fleet.state() != "ok":
                await asyncio.sleep(0.02)


async def test_nothing_goes_on_after_it_was_closed(redis):
    before = len(asyncio.all_tasks())
    async with fleet_on(redis.url, new_metrics()):
        pass
    assert len(asyncio.all_tasks()) == before


async def test_an_address_of_another_form_is_refused():
    with pytest.raises(ValueError):
        async with fleet_on("http://redis", new_metrics()):
            pass
