import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from openposterdb.art.base import BaseArtReader
from openposterdb.art.choice import Picture, tmdb_poster
from openposterdb.caching.folder import FolderStore
from openposterdb.caching.store import ImageStore, NullStore
from openposterdb.caching.verified import VerifiedStore
from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Fault, FaultKind, Service
from openposterdb.domain import ImageKind
from openposterdb.errors import NotFound, UpstreamBroken
from openposterdb.storage.database import Database
from openposterdb.storage.migrations import upgrade
from openposterdb.storage.repositories import BaseArtRepository
from openposterdb.upstreams import policy
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.pictures import PictureSource
from tests.manual_clock import GlidingClock

STALE_SECS = 600


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    await upgrade(url)
    opened = await Database.open(url)
    yield opened
    await opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "base")


@pytest.fixture
def poster(double: UpstreamDouble) -> Picture:
    picture = tmdb_poster(double.environment()["TMDB_IMAGE_BASE_URL"], "/paper-harbour.jpg", "w780")
    assert picture is not None
    return picture


@pytest.fixture
def backdrop(double: UpstreamDouble) -> Picture:
    base_url = double.environment()["FANART_IMAGE_BASE_URL"]
    url = f"{base_url}/fanart/movies/9000101/moviebackground/paper-harbour.jpg"
    return Picture("fanart", "fanart/77.jpg", url, "fanart", ImageKind.BACKDROP)


@pytest.fixture
def reader(
    double: UpstreamDouble, wire: Wire, clock: GlidingClock, database: Database, folder: FolderStore
) -> BaseArtReader:
    return _reader(double, wire, clock, database, folder)


def _reader(
    double: UpstreamDouble,
    wire: Wire,
    clock: GlidingClock,
    database: Database,
    store: ImageStore,
    stale: int = STALE_SECS,
) -> BaseArtReader:
    environment = double.environment()
    downloads = {
        "tmdb": PictureSource(
            Caller("tmdb", wire, policy.TMDB_IMAGES, budget=15), base_urls=(environment["TMDB_IMAGE_BASE_URL"],)
        ),
        "fanart": PictureSource(
            Caller("fanart", wire, policy.FANART, budget=15), base_urls=(environment["FANART_IMAGE_BASE_URL"],)
        ),
    }
    return BaseArtReader(
        VerifiedStore(store), BaseArtRepository(database), downloads, image_stale_secs=stale, clock=clock
    )


async def test_nothing_is_written_before_it_is_kept(
    reader: BaseArtReader, poster: Picture, folder: FolderStore
) -> None:
    art = await reader.fetch(poster)
    assert not art.stored
    assert not folder.root.exists() or not list(folder.root.rglob("*.jpg"))
    await reader.keep(poster, art)
    assert (folder.root / "posters/w780/paper-harbour.jpg").read_bytes() == art.data
    again = await reader.fetch(poster)
    assert (again.stored, again.data) == (True, art.data)


async def test_a_fresh_copy_needs_no_call(reader: BaseArtReader, poster: Picture, double: UpstreamDouble) -> None:
    await reader.keep(poster, await reader.fetch(poster))
    await reader.fetch(poster)
    assert double.count(Service.TMDB_IMAGES) == 1


async def test_downloads_at_the_same_time_are_shared(
    reader: BaseArtReader, poster: Picture, double: UpstreamDouble
) -> None:
    await asyncio.gather(*(reader.fetch(poster) for _ in range(30)))
    assert double.count(Service.TMDB_IMAGES) == 1


async def test_a_stale_copy_is_confirmed_by_a_conditional_request(
    reader: BaseArtReader, poster: Picture, double: UpstreamDouble, clock: GlidingClock
) -> None:
    art = await reader.fetch(poster)
    await reader.keep(poster, art)
    clock.tick(STALE_SECS + 1)
    assert (await reader.fetch(poster)).stored  # 304: the copy at hand
    assert double.count(Service.TMDB_IMAGES) == 2
    await reader.fetch(poster)  # and it counts as fresh again
    assert double.count(Service.TMDB_IMAGES) == 2


async def test_a_stale_copy_that_changed_is_replaced(
    reader: BaseArtReader, poster: Picture, double: UpstreamDouble, clock: GlidingClock
) -> None:
    await reader.keep(poster, await reader.fetch(poster))
    clock.tick(STALE_SECS + 1)
    double.add_fault(Fault(kind=FaultKind.PROGRESSIVE, times=1))
    art = await reader.fetch(poster)
    assert not art.stored
    await reader.keep(poster, art)
    assert (await reader.fetch(poster)).data == art.data


@pytest.mark.parametrize("kind", [FaultKind.STATUS, FaultKind.RESET, FaultKind.REDIRECT_ELSEWHERE, FaultKind.EMPTY])
async def test_a_stale_copy_serves_when_the_refetch_fails(
    reader: BaseArtReader, poster: Picture, double: UpstreamDouble, clock: GlidingClock, kind: FaultKind
) -> None:
    await reader.keep(poster, await reader.fetch(poster))
    clock.tick(STALE_SECS + 1)
    double.add_fault(Fault(kind=kind))
    assert (await reader.fetch(poster)).stored


async def test_zero_stale_seconds_mean_never(
    double: UpstreamDouble, wire: Wire, clock: GlidingClock, database: Database, folder: FolderStore, poster: Picture
) -> None:
    reader = _reader(double, wire, clock, database, folder, stale=0)
    await reader.keep(poster, await reader.fetch(poster))
    clock.tick(10 * 365 * 86_400)
    assert (await reader.fetch(poster)).stored
    assert double.count(Service.TMDB_IMAGES) == 1


async def test_fanarts_pictures_never_go_stale(
    reader: BaseArtReader, backdrop: Picture, double: UpstreamDouble, clock: GlidingClock
) -> None:
    await reader.keep(backdrop, await reader.fetch(backdrop))
    clock.tick(10 * 365 * 86_400)
    assert (await reader.fetch(backdrop)).stored
    assert double.count(Service.FANART_IMAGES) == 1


async def test_a_copy_that_rotted_is_downloaded_again(
    reader: BaseArtReader, poster: Picture, folder: FolderStore
) -> None:
    art = await reader.fetch(poster)
    await reader.keep(poster, art)
    (folder.root / poster.store_name).write_bytes(art.data[:-1] + b"x")
    again = await reader.fetch(poster)
    assert (again.stored, again.data) == (False, art.data)


async def test_a_rejected_copy_is_downloaded_again(reader: BaseArtReader, poster: Picture, folder: FolderStore) -> None:
    await reader.keep(poster, await reader.fetch(poster))
    stored = await reader.fetch(poster)
    await reader.reject(poster, stored)
    assert not (folder.root / poster.store_name).exists()
    assert not (await reader.fetch(poster)).stored


async def test_a_corrupt_replacement_does_not_cost_the_copy_at_hand(
    reader: BaseArtReader, poster: Picture, double: UpstreamDouble, clock: GlidingClock
) -> None:
    await reader.keep(poster, await reader.fetch(poster))
    clock.tick(STALE_SECS + 1)
    double.add_fault(Fault(kind=FaultKind.CORRUPT_PICTURE))
    corrupt = await reader.fetch(poster)
    assert not corrupt.stored
    await reader.reject(poster, corrupt)
    assert (await reader.fetch(poster)).stored


async def test_a_picture_that_is_gone_or_elsewhere(reader: BaseArtReader, poster: Picture) -> None:
    with pytest.raises(NotFound):
        await reader.fetch(replace(poster, url=poster.url.replace("paper", "lost"), store_name="posters/w780/a.jpg"))
    with pytest.raises(UpstreamBroken):
        await reader.fetch(replace(poster, url="https://evil.example/a.jpg", store_name="posters/w780/b.jpg"))


async def test_store_and_database_may_be_away(
    double: UpstreamDouble, wire: Wire, clock: GlidingClock, database: Database, tmp_path: Path, poster: Picture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"no folder")
    reader = _reader(double, wire, clock, database, FolderStore(blocked))
    art = await reader.fetch(poster)
    await reader.keep(poster, art)
    assert (await reader.fetch(poster)).data == art.data
    without_store = _reader(double, wire, clock, database, NullStore())
    await without_store.keep(poster, art)
    assert not (await without_store.fetch(poster)).stored
