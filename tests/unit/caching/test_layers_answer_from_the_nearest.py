"""Memory above a real folder and a real database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.folder import FolderStore
from openposterdb.caching.keys import store_name
from openposterdb.caching.layers import ImageLayers
from openposterdb.caching.memory import ImageMemory
from openposterdb.caching.verified import VerifiedStore
from openposterdb.domain import ImageKind
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import upgrade
from openposterdb.storage.repositories import ImageMetaRepository
from tests.manual_clock import ManualClock

KEY = "tmdb/movie-278@mil.pbc.sh.li.dh.zm"
KIND = ImageKind.POSTER


class Index(ImageMetaRepository):
    fails = False

    async def get(self, cache_key: str):
        if self.fails:
            raise StorageUnavailable("database: away")
        return await super().get(cache_key)

    async def put(self, meta, *, purges_seen=None):
        if self.fails:
            raise StorageUnavailable("database: away")
        return await super().put(meta, purges_seen=purges_seen)


class CountingFolder(FolderStore):
    reads = 0

    async def read(self, name: str) -> bytes | None:
        self.reads += 1
        return await super().read(name)


@dataclass
class House:
    layers: ImageLayers
    folder: CountingFolder
    index: Index
    background: BackgroundTasks
    clock: ManualClock
    seen: list[tuple[str, bool]]

    @property
    def file(self) -> Path:
        return self.folder.root / store_name(KIND, KEY)

    def forget_memory(self) -> None:
        self.layers.memory.clear()

    async def put(self, body: bytes) -> None:
        await self.layers.put(KIND, KEY, body, "1994-09-23")
        await self.background.drain()


@pytest.fixture
async def house(tmp_path: Path, clock: ManualClock) -> AsyncIterator[House]:
    url = f"sqlite:///{tmp_path}/o.db"
    await upgrade(url)
    database = await Database.open(url)
    folder, index, background = CountingFolder(tmp_path / "cache"), Index(database), BackgroundTasks()
    seen: list[tuple[str, bool]] = []
    layers = ImageLayers(
        memory=ImageMemory(10_000_000, clock),
        store=VerifiedStore(folder),
        index=index,
        background=background,
        clock=clock,
        observe=lambda layer, key, found: seen.append((layer, found is not None)),
    )
    yield House(layers, folder, index, background, clock, seen)
    await background.drain()
    folder.close()
    await database.close()


async def test_what_is_put_is_answered_from_memory_at_once(house):
    await house.layers.put(KIND, KEY, b"image", None)
    entry = await house.layers.get(KIND, KEY)
    assert entry is not None
    assert entry.body == b"image"
    assert house.seen == [("memory", True)]


async def test_the_store_answers_after_a_restart_and_promotes_to_memory(house):
    await house.put(b"image")
    stored_at = house.clock.now()
    house.forget_memory()
    house.clock.tick(500)
    entry = await house.layers.get(KIND, KEY)
    assert entry is not None
    assert (entry.body, entry.release_date, entry.stored_at) == (b"image", "1994-09-23", int(stored_at))
    assert await house.layers.get(KIND, KEY) is entry
    assert house.seen == [("memory", False), ("store", True), ("memory", True)]


async def test_the_tag_is_the_same_from_every_layer(house):
    first = await house.layers.put(KIND, KEY, b"image", None)
    await house.background.drain()
    house.forget_memory()
    again = await house.layers.get(KIND, KEY)
    assert again is not None
    assert again.etag == first.etag


async def test_those_who_ask_at_the_same_time_share_one_reading(house):
    await house.put(b"image")
    house.forget_memory()
    entries = await asyncio.gather(*(house.layers.get(KIND, KEY) for _ in range(50)))
    assert len({id(entry) for entry in entries}) == 1
    assert house.folder.reads == 1


async def test_an_image_made_while_the_old_one_is_read_is_not_replaced_by_it(house, monkeypatch):
    await house.put(b"old")
    house.forget_memory()
    reading, go_on = asyncio.Event(), asyncio.Event()
    read = house.folder.read

    async def slow_read(name):
        data = await read(name)
        reading.set()
        await go_on.wait()
        return data

    monkeypatch.setattr(house.folder, "read", slow_read)
    asking = asyncio.create_task(house.layers.get(KIND, KEY))
    await reading.wait()
    await house.layers.put(KIND, KEY, b"new", None)
    go_on.set()
    entry = await asking
    assert entry is not None
    assert entry.body == b"new"
    held = house.layers.memory.get(KEY)
    assert held is not None
    assert held.body == b"new"


@pytest.mark.parametrize("corrupt", [b"", b"imag", b"imagE"])
async def test_a_corrupt_file_is_a_miss_and_leaves_no_row(house, corrupt):
    await house.put(b"image")
    house.forget_memory()
    house.file.write_bytes(corrupt)
    assert await house.layers.get(KIND, KEY) is None
    assert await house.index.get(KEY) is None
    assert not house.file.exists()
    await house.put(b"image")
    house.forget_memory()
    assert await house.layers.get(KIND, KEY) is not None


async def test_a_file_without_a_row_is_not_trusted(house):
    await house.folder.write(store_name(KIND, KEY), b"image")
    assert await house.layers.get(KIND, KEY) is None


async def test_without_the_database_an_image_is_a_miss_and_still_kept_in_memory(house):
    house.index.fails = True
    assert await house.layers.get(KIND, KEY) is None
    await house.put(b"image")
    assert await house.layers.get(KIND, KEY) is not None
    assert house.layers.health.problem == "database: away"
    house.index.fails = False
    await house.put(b"image")
    assert house.layers.health.problem is None


async def test_a_store_that_refuses_costs_no_answer(house):
    house.folder.root.parent.mkdir(exist_ok=True)
    house.folder.root.write_bytes(b"a file where the folder should be")
    await house.put(b"image")
    assert house.layers.health.problem is not None
    assert house.layers.health.problem.startswith("image store: ")
    entry = await house.layers.get(KIND, KEY)
    assert entry is not None
    house.forget_memory()
    assert await house.layers.get(KIND, KEY) is None
