"""A purge against what is being written and read at that moment, in this process and in another on the same database."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.folder import FolderStore
from openposterdb.caching.layers import ImageLayers
from openposterdb.caching.memory import ImageMemory
from openposterdb.caching.prepared import PreparedLayers
from openposterdb.caching.verified import VerifiedStore
from openposterdb.domain import ImageKind, TitleId
from openposterdb.images.prepared import PreparedPictures
from openposterdb.images.purges import ImagePurges
from openposterdb.images.shelf import Shelf
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import upgrade
from openposterdb.storage.repositories import ImageMetaRepository, ImagePurgeRepository, PreparedArtRepository
from openposterdb.storage.rows import Purge
from tests.manual_clock import GlidingClock

POSTER = ImageKind.POSTER


def key(number: int = 278) -> str:
    return f"tmdb/movie-{number}@mil.pbc.sh.li.dh.zm"


class Gate:
    """Holds back whoever passes while it is shut."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self.reached = asyncio.Event()

    def shut(self) -> None:
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    async def pass_through(self) -> None:
        self.reached.set()
        await self._open.wait()


class Folder(FolderStore):
    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.written, self.has_read = Gate(), Gate()

    async def write(self, name, data):
        await super().write(name, data)
        await self.written.pass_through()

    async def read(self, name):
        data = await super().read(name)
        await self.has_read.pass_through()
        return data


@dataclass
class Process:
    layers: ImageLayers
    purges: ImagePurges
    folder: Folder
    index: ImageMetaRepository
    background: BackgroundTasks

    async def put(self, number: int = 278, body: bytes = b"image") -> None:
        await self.layers.put(POSTER, key(number), body, None)

    async def settle(self) -> None:
        await self.purges.drain()
        await self.background.drain()

    @property
    def files(self) -> set[str]:
        return {
            str(path.relative_to(self.folder.root).with_suffix("")).removeprefix("posters/")
            for path in self.folder.root.rglob("*.jpg")
        }

    async def rows(self) -> frozenset[str]:
        return await self.index.present([key(number) for number in range(300)])


@pytest.fixture
async def open_process(tmp_path: Path) -> AsyncIterator:
    url = f"sqlite:///{tmp_path}/o.db"
    await upgrade(url)
    clock = GlidingClock()
    async with AsyncExitStack() as stack:

        async def go() -> Process:
            database = await Database.open(url)
            stack.push_async_callback(database.close)
            folder, background = Folder(tmp_path / "cache"), BackgroundTasks()
            stack.callback(folder.close)
            index = ImageMetaRepository(database)
            layers = ImageLayers(
                memory=ImageMemory(10_000_000, clock),
                store=VerifiedStore(folder),
                index=index,
                background=background,
                clock=clock,
                observe=lambda layer, key, found: None,
            )
            art = PreparedLayers(
                store=VerifiedStore(folder),
                shared=None,
                index=PreparedArtRepository(database),
                epoch=1,
                quality=85,
                health=layers.health,
                clock=clock,
            )
            shelf = Shelf(art, PreparedPictures(10_000_000, clock), background, clock)
            purges = ImagePurges(ImagePurgeRepository(database, clock), layers, shelf, background, clock)
            await purges.hear()
            process = Process(layers, purges, folder, index, background)
            stack.push_async_callback(process.settle)
            return process

        yield go


async def test_a_write_under_way_leaves_neither_row_nor_file(open_process):
    process = await open_process()
    process.folder.written.shut()
    await process.put()
    await process.folder.written.reached.wait()  # the file is there, the row is not
    purging = asyncio.create_task(process.purges.purge(Purge()))
    await asyncio.sleep(0)
    process.folder.written.open()
    await purging
    await process.settle()
    assert await process.rows() == process.files == frozenset()
    assert await process.layers.get(POSTER, key()) is None


async def test_a_write_under_way_in_another_process_neither(open_process):
    here, there = await open_process(), await open_process()
    there.folder.written.shut()
    await there.put()
    await there.folder.written.reached.wait()
    await here.purges.purge(Purge(title=TitleId("movie", 278)))
    there.folder.written.open()
    await there.settle()
    assert await here.rows() == here.files == frozenset()
    assert there.layers.memory.peek(key()) is not None, "until it hears of it"
    there.purges.changed()
    await there.settle()
    assert there.layers.memory.peek(key()) is None


async def test_what_a_purge_does_not_mean_is_kept_all_the_same(open_process):
    process = await open_process()
    process.folder.written.shut()
    await process.put()
    await process.folder.written.reached.wait()
    await process.purges.purge(Purge(title=TitleId("movie", 27)))
    process.folder.written.open()
    await process.settle()
    assert await process.rows() == process.files == {key()}


async def test_an_image_made_after_the_purge_is_kept(open_process):
    process = await open_process()
    await process.put(body=b"old")
    await process.settle()
    deleting, go_on = asyncio.Event(), asyncio.Event()
    drop_files = process.layers.drop_files

    async def slow_drop(images):
        deleting.set()
        await go_on.wait()
        await drop_files(images)

    process.layers.drop_files = slow_drop
    purging = asyncio.create_task(process.purges.purge(Purge()))
    await deleting.wait()
    await process.put(body=b"new")
    await process.background.drain()
    go_on.set()
    await purging
    process.layers.memory.clear()
    entry = await process.layers.get(POSTER, key())
    assert entry is not None
    assert entry.body == b"new"


async def test_a_read_under_way_does_not_bring_it_back(open_process):
    process = await open_process()
    await process.put()
    await process.settle()
    process.layers.memory.clear()
    process.folder.has_read.shut()
    process.folder.has_read.reached.clear()
    asking = asyncio.create_task(process.layers.get(POSTER, key()))
    await process.folder.has_read.reached.wait()
    await process.purges.purge(Purge(cache_key=key()))
    process.folder.has_read.open()
    assert await asking is not None, "who asked before the purge is answered"
    assert process.layers.memory.peek(key()) is None
    assert await process.layers.get(POSTER, key()) is None


async def test_two_writes_of_one_image_do_not_mix(open_process):
    """The row of one and the file of the other would be taken for a broken disk."""
    process = await open_process()
    for body in (b"first", b"second", b"third"):
        await process.put(body=body)
    await process.settle()
    process.layers.memory.clear()
    entry = await process.layers.get(POSTER, key())
    assert entry is not None
    assert entry.body == b"third"


async def test_a_purge_goes_on_behind_an_impatient_caller(open_process):
    process = await open_process()
    for number in range(1, 20):
        await process.put(number)
    await process.settle()
    purging = await process.purges.purge(Purge(), patience=0)
    assert not purging.finished
    await process.purges.drain()
    assert purging.finished
    assert purging.removed == 19
    assert await process.rows() == process.files == frozenset()


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_the_order_rows_and_files_agree(open_process, seed):
    chance = random.Random(seed)
    processes = [await open_process(), await open_process()]
    descriptions = (Purge(), Purge(title=TitleId("movie", 1)), Purge(cache_key=key(2)), Purge(kind=ImageKind.LOGO))

    async def act() -> None:
        process = chance.choice(processes)
        match chance.randrange(4):
            case 0:
                await process.purges.purge(chance.choice(descriptions))
            case 1:
                await process.layers.get(POSTER, key(chance.randrange(4)))
            case _:
                await process.put(chance.randrange(4), f"image {chance.randrange(3)}".encode())
        if chance.random() < 0.2:
            process.purges.changed()

    for _ in range(6):
        await asyncio.gather(*(act() for _ in range(12)))
    for process in processes:
        await process.settle()
    for process in processes:
        process.layers.memory.clear()
        for number in range(4):
            await process.layers.get(POSTER, key(number))  # what is broken is dropped by the look
    assert await processes[0].rows() <= processes[0].files
    for process in processes:
        await process.purges.purge(Purge())
    assert await processes[0].rows() == processes[0].files == frozenset()
