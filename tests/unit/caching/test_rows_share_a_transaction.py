"""Rows of composed images, of which a change of settings brings thousands, on a real folder and a real database."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.folder import FolderStore
from openposterdb.caching.kept import KeptImages
from openposterdb.caching.keys import store_name
from openposterdb.caching.memory import ImageEntry
from openposterdb.caching.verified import VerifiedStore, digest, etag_of
from openposterdb.domain import ImageKind
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import upgrade
from openposterdb.storage.repositories import ImageMetaRepository, ImagePurgeRepository
from openposterdb.storage.rows import ImageMeta, Purge
from tests.manual_clock import ManualClock

KIND = ImageKind.POSTER
BODY = b"image"


def key(number: int) -> str:
    return f"tmdb/movie-{number}@i.pbc.sh.li.dh.zm"


def meta(number: int, *, stored: bool = False, updated_at: int = 1000) -> ImageMeta:
    return ImageMeta(key(number), KIND, None, updated_at, updated_at, len(BODY), digest(BODY), "image/jpeg", stored)


class Index(ImageMetaRepository):
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.transactions: list[int] = []
        self.fails = False

    async def put_all(self, metas: Collection[tuple[ImageMeta, int | None]]) -> int:
        if self.fails:
            raise StorageUnavailable("database: away")
        if metas:
            self.transactions.append(len(metas))
        return await super().put_all(metas)


@dataclass
class House:
    kept: KeptImages
    index: Index
    purges: ImagePurgeRepository
    background: BackgroundTasks
    folder: FolderStore

    async def note(self, *metas: ImageMeta, purges_seen: int | None = None) -> None:
        for each in metas:
            self.kept.note(each, purges_seen)
        await self.background.drain()

    async def numbers(self) -> list[int]:
        present = await self.index.present([key(number) for number in range(300)])
        return [number for number in range(300) if key(number) in present]


@pytest.fixture
async def house(tmp_path: Path, clock: ManualClock):
    url = f"sqlite:///{tmp_path}/o.db"
    await upgrade(url)
    database, background, folder = await Database.open(url), BackgroundTasks(), FolderStore(tmp_path / "cache")
    index = Index(database)
    kept = KeptImages(store=VerifiedStore(folder), shared=None, index=index, background=background)
    yield House(kept, index, ImagePurgeRepository(database, clock), background, folder)
    await background.drain()
    folder.close()
    await database.close()


async def test_what_comes_together_is_written_together(house):
    await house.note(*map(meta, range(30)))
    assert house.index.transactions == [30]
    assert await house.numbers() == list(range(30))


async def test_many_are_no_endless_transaction(house):
    await house.note(*map(meta, range(250)))
    assert house.index.transactions == [100, 100, 50]


async def test_of_one_image_the_last_row_counts(house):
    await house.note(meta(1), meta(1, updated_at=2000))
    assert house.index.transactions == [1]
    row = await house.index.get(key(1))
    assert row is not None
    assert row.updated_at == 2000


async def test_what_is_there_already_is_not_written_again(house):
    await house.note(meta(1), meta(2))
    await house.note(replace(meta(1), created_at=5000), meta(3))
    assert house.index.transactions == [2, 1]


async def test_a_purge_since_then_keeps_out_what_it_covers_and_nothing_else(house):
    await house.purges.tell(Purge(cache_key=key(1)))
    ((number, _),) = await house.purges.since(0)
    house.kept.note(meta(3), number)
    await house.note(meta(1), meta(2), purges_seen=number - 1)
    assert await house.numbers() == [2, 3]
    await house.note(meta(1), purges_seen=number)
    assert await house.numbers() == [1, 2, 3]


async def test_a_database_that_is_away_is_told_and_the_next_rows_are_kept(house):
    house.index.fails = True
    await house.note(meta(1))
    assert house.kept.health.problem == "database: away"
    house.index.fails = False
    await house.note(meta(2))
    assert await house.numbers() == [2]


async def test_bytes_of_what_is_composed_from_now_on_go(house):
    entry = ImageEntry(BODY, "image/jpeg", etag_of(digest(BODY)), None, 1000.0)
    house.kept.keep(meta(1, stored=True), entry, None)
    await house.background.drain()
    path = house.folder.root / store_name(KIND, key(1))
    assert path.exists()
    await house.note(meta(1), meta(2))
    assert not path.exists()
    row = await house.index.get(key(1))
    assert row is not None
    assert not row.stored


async def test_bytes_that_come_after_a_row_are_not_undone_by_it(house):
    entry = ImageEntry(BODY, "image/jpeg", etag_of(digest(BODY)), None, 1000.0)
    house.kept.note(meta(1), None)
    house.kept.keep(meta(1, stored=True), entry, None)
    await house.background.drain()
    row = await house.index.get(key(1))
    assert row is not None
    assert row.stored
    assert await house.kept.stored(row) is not None
