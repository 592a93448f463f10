import asyncio
import os
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.caching.eviction import FolderBound, Sweep, last_step, sweep
from openposterdb.caching.folder import FolderStore

HOUR = 3600
LONG_AGO = 1_700_000_000


def put(root: Path, name: str, size: int, used: float) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    os.utime(path, (used, LONG_AGO))
    return path


def names(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def store_of(tmp_path):
    opened = []

    def open_store(max_bytes: int) -> FolderStore:
        opened.append(FolderStore(tmp_path, max_bytes=max_bytes))
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


def test_what_was_used_longest_ago_goes_first(tmp_path):
    for number in range(20):
        put(tmp_path, f"r1/posters/{number}", 100, LONG_AGO + number * HOUR)
    assert sweep(tmp_path, 1000) == Sweep(900, 11, 1100)
    assert names(tmp_path) == {f"r1/posters/{number}" for number in range(11, 20)}


def test_below_the_bound_nothing_is_deleted(tmp_path):
    for number in range(10):
        put(tmp_path, str(number), 100, LONG_AGO)
    assert sweep(tmp_path, 1000) == Sweep(1000)
    assert sweep(tmp_path / "nowhere", 1000) == Sweep(0)


def test_no_more_goes_than_has_to_when_all_are_of_one_age(tmp_path):
    for number in range(20):
        put(tmp_path, str(number), 100, LONG_AGO)
    assert sweep(tmp_path, 1000).left_bytes == 900


def test_what_is_being_written_is_left_alone(tmp_path):
    put(tmp_path, "a/.writing-1-x", 5000, LONG_AGO)
    put(tmp_path, "a/old", 5000, LONG_AGO)
    assert sweep(tmp_path, 1000) == Sweep(0, 1, 5000)
    assert names(tmp_path) == {"a/.writing-1-x"}


def test_links_lead_nowhere(tmp_path):
    outside = put(tmp_path, "outside/file", 5000, LONG_AGO)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "folder").symlink_to(outside.parent)
    (inside / "file").symlink_to(outside)
    sweep(inside, 1)
    assert outside.exists()


def test_a_sweep_that_is_stopped_deletes_nothing(tmp_path):
    put(tmp_path, "a", 5000, LONG_AGO)
    stopped = threading.Event()
    stopped.set()
    assert sweep(tmp_path, 1000, stopped).deleted == 0


@given(st.dictionaries(st.integers(0, 50), st.integers(1, 100), min_size=1), st.integers(1, 3000))
def test_steps_up_to_the_last_hold_the_surplus_and_no_step_too_many(held, surplus):
    last = last_step(Counter(held), surplus)
    until = sum(size for step, size in held.items() if step <= last)
    before = sum(size for step, size in held.items() if step < last)
    assert until >= min(surplus, sum(held.values()))
    assert before < surplus


async def test_writes_sweep_behind_themselves(store_of):
    store = store_of(10_000)
    assert store.bound is not None
    outcomes = []
    store.bound.subscribe(outcomes.append)
    for number in range(40):
        await store.write(f"a/{number}", b"x" * 1000)
        await store.bound.settle()
    assert 5_000 <= sum(path.stat().st_size for path in store.root.rglob("*") if path.is_file()) <= 11_000
    assert store.bound.held <= 10_000
    assert len(outcomes) < 30  # the first counts, then one for about each tenth of the bound
    assert sum(outcome.deleted for outcome in outcomes) >= 29


async def test_a_read_is_a_use(store_of):
    store = store_of(1000)
    used = put(store.root, "used", 600, LONG_AGO)
    put(store.root, "unused", 600, LONG_AGO + HOUR)
    assert await store.read("used") == b"x" * 600
    assert used.stat().st_mtime == LONG_AGO
    await store.tidy()
    await store.bound.settle()
    assert names(store.root) == {"used"}


async def test_a_use_is_noted_once_an_hour(store_of):
    store = store_of(1000)
    path = put(store.root, "a", 10, LONG_AGO)
    await store.read("a")
    first = path.stat().st_atime_ns
    await store.read("a")
    assert path.stat().st_atime_ns == first > LONG_AGO * 10**9


async def test_a_full_folder_is_swept_at_the_start(store_of):
    store = store_of(1000)
    put(store.root, "a", 2000, LONG_AGO)
    await store.tidy()
    await store.bound.settle()
    assert names(store.root) == set()


async def test_what_is_written_during_a_sweep_is_counted(tmp_path):
    bound = FolderBound(tmp_path, 1000)
    put(tmp_path, "a", 500, LONG_AGO)
    bound.start()
    bound.wrote(300)  # that the sweep sees it or not is chance; to count it twice is the safe side
    await bound.settle()
    await asyncio.sleep(0)
    assert bound.held == 800
    bound.close()


async def test_a_folder_that_cannot_be_read_is_tried_again_later(tmp_path, monkeypatch, capsys):
    bound = FolderBound(tmp_path, 1000)

    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr("openposterdb.caching.eviction.os.scandir", refuse)
    bound.start()
    await bound.settle()
    await asyncio.sleep(0)
    assert "store_not_swept" in capsys.readouterr().out
    assert bound.held == 900
    bound.close()


async def test_without_a_bound_nothing_is_noted_or_deleted(tmp_path):
    store = FolderStore(tmp_path)
    path = put(tmp_path, "a", 10, LONG_AGO + 3 * 86_400)
    before = path.stat().st_mtime_ns
    await store.read("a")
    await store.tidy()
    assert path.stat().st_mtime_ns == before
    assert store.bound is None
    store.close()
