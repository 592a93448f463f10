import random
from collections import OrderedDict

import pytest

from openposterdb.caching.memory import ENTRY_OVERHEAD, ImageEntry, ImageMemory
from tests.manual_clock import ManualClock


def entry(size: int = 936) -> ImageEntry:
    return ImageEntry(b"x" * size, "image/jpeg", '"e"', None, 0.0)


@pytest.fixture
def memory(clock: ManualClock) -> ImageMemory:
    return ImageMemory(10_000, clock)  # ten entries of the usual size


def test_the_weight_is_the_body_and_a_little(memory):
    memory.put("a", entry(936))
    assert memory.bytes == 936 + ENTRY_OVERHEAD == 1000


def test_an_image_larger_than_the_bound_is_not_kept_and_drives_nobody_out(memory):
    memory.put("small", entry())
    assert not memory.put("huge", entry(10_000))
    assert memory.get("huge") is None
    assert memory.get("small") is not None


def test_a_huge_replacement_leaves_no_old_bytes_behind(memory):
    memory.put("a", entry())
    memory.put("a", entry(10_000))
    assert memory.get("a") is None


def test_a_memory_of_no_size_keeps_nothing(clock):
    memory = ImageMemory(0, clock)
    assert not memory.put("a", entry(0))
    assert len(memory) == 0


def test_an_image_lives_for_an_hour(memory, clock):
    memory.put("a", entry())
    for _ in range(3):
        clock.tick(1199)
        assert memory.get("a") is not None
    clock.tick(3)
    assert memory.get("a") is None
    assert memory.bytes == 0


def test_an_image_that_nobody_asks_for_lives_half_an_hour(memory, clock):
    memory.put("a", entry())
    clock.tick(1800)
    assert memory.get("a") is None


def test_a_replacement_lives_from_its_own_time(memory, clock):
    memory.put("a", entry())
    clock.tick(1700)
    memory.put("a", entry())
    clock.tick(1700)
    assert memory.get("a") is not None


def test_expired_images_give_their_room_back_when_others_come(memory, clock):
    for number in range(5):
        memory.put(str(number), entry())
    clock.tick(1800)
    memory.put("new", entry())
    assert len(memory) == 1
    assert memory.evictions == 5


def test_listeners_hear_of_every_end(memory, clock):
    told: list[str] = []
    evicted: list[None] = []
    memory.subscribe(told.append)
    memory.subscribe_evictions(lambda: evicted.append(None))
    memory.put("replaced", entry())
    memory.put("replaced", entry())
    assert told == ["replaced"]
    memory.discard("replaced")
    memory.put("expired", entry())
    clock.tick(1800)
    memory.get("expired")
    for number in range(11):
        memory.put(str(number), entry())
    assert told == ["replaced", "replaced", "expired", "0"]
    assert memory.evictions == len(evicted) == 2  # replacing and discarding are none


def test_a_look_at_what_is_held_is_no_use_of_it(memory, clock):
    memory.put("a", entry())
    clock.tick(1700)
    assert [key for key, _ in memory.items()] == ["a"]
    assert memory.peek("a") is not None
    clock.tick(100)
    assert memory.get("a") is None


def test_a_burst_of_images_leaves_the_popular_ones_alone(memory):
    popular = ["a", "b", "c"]
    for key in popular:
        memory.put(key, entry())
        for _ in range(3):
            memory.get(key)
    for number in range(200):
        memory.put(str(number), entry())
    assert all(memory.get(key) for key in popular)


def test_what_was_popular_once_makes_room_in_the_end(memory):
    memory.put("old", entry())
    for _ in range(3):
        memory.get("old")
    for number in range(200):
        for _ in range(4):
            memory.get(str(number // 2)) or memory.put(str(number // 2), entry())
    assert memory.get("old") is None


def test_an_image_that_comes_back_soon_is_taken_for_popular(memory):
    memory.put("a", entry())
    for number in range(10):
        memory.put(str(number), entry())
    assert memory.get("a") is None
    memory.put("a", entry())
    for number in range(100, 200):
        memory.put(str(number), entry())
    assert memory.get("a") is not None


def lru_hits(requests: list[str], entries: int) -> int:
    held: OrderedDict[str, None] = OrderedDict()
    hits = 0
    for key in requests:
        if key in held:
            hits += 1
            held.move_to_end(key)
        else:
            held[key] = None
            if len(held) > entries:
                held.popitem(last=False)
    return hits


def test_it_hits_more_often_than_least_recently_used_would(clock):
    """A skewed demand with bursts of titles that are asked for once, as a new catalogue page brings them."""
    chance = random.Random(7)
    weights = [1 / (rank + 1) for rank in range(2000)]
    requests: list[str] = []
    for burst in range(40):
        requests += chance.choices([f"t{number}" for number in range(2000)], weights, k=500)
        requests += [f"b{burst}-{number}" for number in range(150)]
    memory = ImageMemory(100 * 1000, clock)
    hits = 0
    for key in requests:
        if memory.get(key) is not None:
            hits += 1
        else:
            memory.put(key, entry())
    assert hits > 1.1 * lru_hits(requests, 100)
