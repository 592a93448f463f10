"""The hashes of CDN mode: one write however many ask, a use noted at most once a day, and rows that go in good time."""

import asyncio

import pytest
from sqlalchemy import insert, select

from openposterdb.caching.background import BackgroundTasks
from openposterdb.domain import ImageKind, ImageSize
from openposterdb.errors import NotFound, StorageUnavailable
from openposterdb.images.addresses import CdnAddresses
from openposterdb.settings import RenderSettings
from openposterdb.settings.canonical import CanonicalForm
from openposterdb.storage.repositories import CdnSettingsRepository
from openposterdb.storage.tables import cdn_settings
from tests.database_fixtures import clock, database, url  # noqa: F401

DAY = 86_400
FORM = CanonicalForm.of(ImageKind.POSTER, ImageSize.MEDIUM, RenderSettings())
OTHER = CanonicalForm.of(ImageKind.POSTER, ImageSize.LARGE, RenderSettings())


class Counted(CdnSettingsRepository):
    """The real table, its calls counted; `broken` makes it one that is away."""

    def __init__(self, database):
        super().__init__(database)
        self.gets, self.puts, self.broken = 0, 0, False

    async def get(self, digest):
        self.gets += 1
        if self.broken:
            raise StorageUnavailable("away")
        return await super().get(digest)

    async def put(self, digest, request, at):
        self.puts += 1
        await super().put(digest, request, at)


@pytest.fixture
def stored(database):
    return Counted(database)


@pytest.fixture
def background():
    return BackgroundTasks()


@pytest.fixture
def process(stored, background, clock):
    """A process on the same database; call it again for another one."""
    return lambda epoch=1: CdnAddresses(stored, background, clock, renderer_epoch=epoch)


async def used_at(database):
    async with database.reading() as connection:
        return (await connection.execute(select(cdn_settings.c.used_at))).scalars().all()


async def test_a_crowd_writes_once_and_a_redirect_that_is_known_asks_nobody(process, stored):
    addresses = process()
    digests = set(await asyncio.gather(*(addresses.hash_of(FORM) for _ in range(50))))
    assert digests == {FORM.hash(renderer_epoch=1)}
    assert (stored.gets, stored.puts) == (1, 1)
    assert await addresses.request_of(digests.pop()) == FORM
    assert stored.gets == 1


async def test_another_process_writes_nothing_that_is_there(process, stored):
    digest = await process().hash_of(FORM)
    other = process()
    assert await other.hash_of(FORM) == digest
    assert await process().request_of(digest) == FORM
    assert stored.puts == 1


async def test_another_epoch_has_other_hashes_and_serves_the_old_ones(process):
    old = await process(1).hash_of(FORM)
    new = process(2)
    assert await new.hash_of(FORM) != old
    assert await new.request_of(old) == FORM


async def test_use_is_noted_at_most_once_a_day(process, stored, database, background, clock):
    addresses = process()
    digest = await addresses.hash_of(FORM)
    began = int(clock.now())
    for _ in range(23):
        clock.tick(3600)
        await addresses.hash_of(FORM)
        await addresses.request_of(digest)
    assert (stored.puts, await used_at(database)) == (1, [began])
    clock.tick(DAY)
    await addresses.hash_of(FORM)
    assert (stored.puts, await used_at(database)) == (2, [int(clock.now())])
    clock.tick(2 * DAY)
    assert await addresses.request_of(digest) == FORM
    await background.drain()
    assert (stored.puts, await used_at(database)) == (3, [int(clock.now())]), "also by whoever only serves it"


async def test_an_unknown_hash_is_looked_up_again_within_seconds(process, stored, clock):
    addresses, digest = process(), FORM.hash(renderer_epoch=1)
    for _ in range(5):
        with pytest.raises(NotFound):
            await addresses.request_of(digest)
    assert stored.gets == 1
    await process().hash_of(FORM)
    clock.tick(3)
    assert await addresses.request_of(digest) == FORM


async def test_a_hash_that_was_unknown_is_known_at_once_to_whoever_hands_it_out(process):
    addresses, digest = process(), FORM.hash(renderer_epoch=1)
    with pytest.raises(NotFound):
        await addresses.request_of(digest)
    assert await addresses.hash_of(FORM) == digest
    assert await addresses.request_of(digest) == FORM


@pytest.mark.parametrize("digest", ["", "0" * 31, "0" * 33, "G" * 32, "A" * 32, "é" * 32, "0" * 31 + "\n"])
async def test_what_is_no_hash_is_looked_up_nowhere(process, stored, digest):
    with pytest.raises(NotFound):
        await process().request_of(digest)
    assert stored.gets == 0


async def test_nobody_waits_for_a_database_that_just_failed(process, stored, clock):
    addresses = process()
    stored.broken = True
    for _ in range(9):
        with pytest.raises(StorageUnavailable):
            await addresses.hash_of(FORM)
    assert stored.gets == 1
    stored.broken = False
    clock.tick(6)
    assert await addresses.hash_of(FORM)


@pytest.mark.parametrize("text", ["", "{}", "null", "[1]", '{"kind":"poster","size":"huge","settings":{}}', "nonsense"])
async def test_a_row_that_makes_no_sense_is_no_address(process, stored, text):
    await stored.put("0" * 32, text, 0)
    with pytest.raises(NotFound):
        await process().request_of("0" * 32)


async def test_rows_go_when_unused_for_a_year_and_more(process, stored, database, clock):
    now = int(clock.now())
    await stored.put("a" * 32, str(FORM), now - 401 * DAY)
    await stored.put("b" * 32, str(FORM), now - 399 * DAY)
    await process().prune()
    assert await used_at(database) == [now - 399 * DAY]


async def test_of_too_many_the_oldest_go_but_none_that_a_redirect_may_lead_to(stored, database):
    rows = [{"hash": f"{n:032x}", "request": "{}", "created_at": 0, "used_at": n * 100} for n in range(50)]
    async with database.writing() as connection:
        await connection.execute(insert(cdn_settings), rows)
    assert await stored.prune(unused_since=0, most=30, used_before=1000) == 10
    assert sorted(await used_at(database)) == [n * 100 for n in range(10, 50)]
    assert await stored.prune(unused_since=0, most=30, used_before=10_000) == 10
    assert sorted(await used_at(database)) == [n * 100 for n in range(20, 50)]
    assert await stored.prune(unused_since=0, most=30, used_before=10_000) == 0


async def test_whatever_is_handed_out_outlives_its_redirect(process, stored, database, clock, monkeypatch):
    """Also where rows are as many as may be, and their times of use as far behind as they may be."""
    monkeypatch.setattr("openposterdb.images.addresses._MOST_ROWS", 0)
    addresses, digest = process(), FORM.hash(renderer_epoch=1)
    await addresses.hash_of(FORM)
    for _ in range(300):
        clock.tick(1801)
        await addresses.hash_of(FORM)  # a redirect, which may be kept for 3900 s
        clock.tick(3900)
        await addresses.prune()
        assert await process().request_of(digest) == FORM
        clock.tick(997)
    clock.tick(3 * DAY)
    await addresses.prune()
    assert await used_at(database) == []


async def test_beyond_a_bound_no_new_address_is_handed_out(database, stored, clock):
    addresses = CdnAddresses(stored, BackgroundTasks(), clock, renderer_epoch=1, most_taken=1)
    known, other = FORM, CanonicalForm.of(ImageKind.POSTER, ImageSize.LARGE, RenderSettings())
    assert known != other
    digest = await addresses.hash_of(known)
    await addresses.prune()
    with pytest.raises(StorageUnavailable):
        await addresses.hash_of(other)
    assert await addresses.hash_of(known) == digest
    assert len(await used_at(database)) == 1


async def test_pruning_waits_for_a_database_that_is_away(process, database, monkeypatch):
    async def away(**_):
        raise StorageUnavailable("away")

    addresses = process()
    monkeypatch.setattr(addresses._stored, "prune", away)
    await addresses.prune()
