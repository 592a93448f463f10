import asyncio

import pytest

from openposterdb.caching.loading import LoadingCache
from tests.manual_clock import ManualClock


class Source:
    """What the cache loads from: a value that the test changes."""

    def __init__(self) -> None:
        self.value: str | None = "old"
        self.loads = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None

    async def load(self) -> str | None:
        self.loads += 1
        value = self.value
        await self.gate.wait()
        if self.error:
            raise self.error
        return value


@pytest.fixture
def cache(clock: ManualClock) -> LoadingCache[str, str | None]:
    return LoadingCache(max_entries=3, ttl=60, clock=clock)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_value_is_loaded_once(cache):
    source = Source()
    assert [await cache.get("a", source.load) for _ in range(3)] == ["old"] * 3
    assert source.loads == 1


async def test_none_is_an_answer_too(cache):
    source = Source()
    source.value = None
    await cache.get("a", source.load)
    assert await cache.get("a", source.load) is None
    assert source.loads == 1


async def test_a_value_expires(cache, clock):
    source = Source()
    await cache.get("a", source.load)
    clock.tick(60)
    source.value = "new"
    assert await cache.get("a", source.load) == "new"


async def test_failures_are_shared_and_not_kept(cache):
    source = Source()
    source.error = ValueError()
    source.gate.clear()
    callers = [asyncio.create_task(cache.get("a", source.load)) for _ in range(10)]
    await settle()
    source.gate.set()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert all(outcome is source.error for outcome in outcomes)
    assert source.loads == 1
    source.error = None
    assert await cache.get("a", source.load) == "old"


async def test_it_is_bounded(cache):
    source = Source()
    for number in range(100):
        await cache.get(str(number), source.load)
    assert len(cache) == 3


@pytest.mark.parametrize("invalidate", [lambda cache: cache.discard("a"), lambda cache: cache.clear()])
async def test_what_was_read_before_an_invalidation_is_not_kept(cache, invalidate):
    source = Source()
    source.gate.clear()
    early = asyncio.create_task(cache.get("a", source.load))
    await settle()
    source.value = "new"
    invalidate(cache)
    late = asyncio.create_task(cache.get("a", source.load))
    await settle()
    source.gate.set()
    assert (await early, await late) == ("old", "new")
    assert await cache.get("a", source.load) == "new"
    assert source.loads == 2


async def test_a_value_put_during_a_load_wins(cache):
    source = Source()
    source.gate.clear()
    early = asyncio.create_task(cache.get("a", source.load))
    await settle()
    cache.put("a", "newer")
    source.gate.set()
    await early
    assert cache.peek("a") == "newer"


async def test_discarding_one_key_lets_the_loads_of_others_be_kept(cache):
    source = Source()
    source.gate.clear()
    other = asyncio.create_task(cache.get("b", source.load))
    await settle()
    cache.discard("a")
    source.gate.set()
    await other
    assert cache.peek("b") == "old"


async def test_the_answer_is_kept_when_the_caller_has_left(cache):
    source = Source()
    source.gate.clear()
    caller = asyncio.create_task(cache.get("a", source.load))
    await settle()
    caller.cancel()
    await settle()
    source.gate.set()
    await settle()
    assert cache.peek("a") == "old"


async def test_peek_loads_nothing(cache):
    assert cache.peek("a") is None
