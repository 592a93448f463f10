"""Prepared art and ratings are kept once per title: what memory lacks, and every new look, is laid together out of them."""

import pytest
from sqlalchemy import delete, select, update

from openposterdb.caching.keys import store_name
from openposterdb.caching.verified import digest
from openposterdb.domain import ImageKind, TitleId
from openposterdb.storage.repositories.image_meta import meta_of
from openposterdb.storage.rows import Purge, art_name_of
from openposterdb.storage.tables import available_ratings, image_meta, prepared_art
from tests.http.images.titles import MOVIE, paths

DAY = 86_400
KINDS = ("poster", "logo", "backdrop")
LOOK = "?label=text"


@pytest.fixture
def asked(double):
    """Paths of one movie's images, by kind."""
    return {kind: paths(double.catalogue.by_slug(MOVIE), kind)[0] for kind in KINDS}


async def change(service, statement):
    async with service.parts.database.writing() as connection:
        await connection.execute(statement)


async def row(service):
    async with service.parts.database.reading() as connection:
        return meta_of((await connection.execute(select(image_meta))).one())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("restarted", [False, True])
async def test_a_new_look_asks_nobody_and_fills_no_store(start, double, asked, kind, restarted):
    service = await start()
    await service.get(asked[kind])
    files = await service.shelved()
    double.calls.clear()
    if restarted:
        service = await start()
    decoded = service.decoded()
    look = await service.get(asked[kind] + LOOK)
    assert (look.status, service.decoded() - decoded) == (200, 0)
    assert not double.calls
    assert await service.shelved() == files
    assert len(files) == 1
    assert len(await service.kept()) == 2
    apart = await start(DB_DIR=f"{service.environment.db_dir}-2", CACHE_DIR=f"{service.environment.cache_dir}-2")
    assert (await apart.get(asked[kind] + LOOK)).body == look.body, "the bytes that a render gives"


async def test_a_new_look_of_old_ratings_asks_for_them_and_decodes_nothing(start, double, rerate, asked):
    service = await start()
    await service.get(asked["poster"])
    await service.settle()
    rerate(MOVIE, imdb=1.1)
    service.clock.tick(DAY + 2)
    double.calls.clear()
    decoded = service.decoded()
    look = await service.get(asked["poster"] + LOOK)
    assert double.calls
    assert service.decoded() == decoded
    apart = await start(DB_DIR=f"{service.environment.db_dir}-2", CACHE_DIR=f"{service.environment.cache_dir}-2")
    assert (await apart.get(asked["poster"] + LOOK)).body == look.body


@pytest.mark.parametrize(
    "lost",
    [
        update(available_ratings).values(badge_values=None),
        update(available_ratings).values(updated_at=available_ratings.c.updated_at + 1),
        delete(prepared_art),
        update(prepared_art).values(epoch=0),
        update(prepared_art).values(quality=1),
    ],
    ids=["no values", "renewed by an older release", "no art", "another renderer", "another quality"],
)
async def test_what_cannot_be_laid_together_is_made(start, double, asked, lost):
    first = await start()
    before = await first.get(asked["poster"])
    await first.settle()
    await change(first, lost)
    double.calls.clear()
    second = await start()
    assert (await second.get(asked["poster"])).body == before.body
    assert double.calls


@pytest.mark.parametrize("damage", [b"", b"not a picture", None], ids=["empty", "other bytes", "gone"])
async def test_damaged_art_is_dropped_and_made_again(start, asked, damage):
    first = await start()
    before = await first.get(asked["poster"])
    (name,) = await first.shelved()
    file = next(first.environment.cache_dir.rglob(name.rpartition("/")[2]))
    whole = file.read_bytes()
    file.unlink() if damage is None else file.write_bytes(damage)
    second = await start()
    assert (await second.get(asked["poster"])).body == before.body
    assert second.decoded() == 1
    await second.settle()
    assert file.read_bytes() == whole


async def test_art_that_is_whole_and_no_picture_is_dropped_too(start, asked):
    first = await start()
    before = await first.get(asked["poster"])
    (name,) = await first.shelved()
    file = next(first.environment.cache_dir.rglob(name.rpartition("/")[2]))
    whole = file.read_bytes()
    false = b"\xff\xd8 no prepared picture"
    file.write_bytes(false)
    await change(first, update(prepared_art).values(length=len(false), digest=digest(false)))
    second = await start()
    assert (await second.get(asked["poster"])).body == before.body
    assert second.decoded() == 1
    await second.settle()
    assert file.read_bytes() == whole


async def test_a_purged_title_has_no_art_left(start, double, asked):
    service = await start()
    for path in asked.values():
        await service.get(path)
    assert len(await service.shelved()) == 3
    title = double.catalogue.by_slug(MOVIE)
    await service.parts.purges.purge(Purge(title=TitleId.parse(title.tmdb_id)))
    assert await service.shelved() == []
    assert len(service.parts.prepared) == 0
    decoded = service.decoded()
    assert (await service.get(asked["poster"])).status == 200
    assert service.decoded() == decoded + 1


async def test_one_purged_image_takes_the_art_under_it_alone(start, asked):
    service = await start()
    for path in (asked["poster"], f"{asked['poster']}?imageSize=large", asked["logo"]):
        await service.get(path)
    key = next(name for name in await service.kept() if name.endswith(".zm.jpg"))
    await service.parts.purges.purge(
        Purge(cache_key=key.removeprefix("posters/").removesuffix(".jpg"), kind=ImageKind.POSTER)
    )
    assert [name.partition("@")[2] for name in await service.shelved()] == [".zm.png", ".zl.jpg"]


async def test_images_of_a_former_release_go_on_being_served_until_they_are_stale(start, double, asked):
    first = await start()
    await first.get(asked["poster"])
    await first.settle()
    meta = await row(first)
    body = b"\xff\xd8 as it was drawn then"
    root = next(first.environment.cache_dir.glob("r*"))
    file = root / store_name(meta.kind, meta.cache_key)
    file.parent.mkdir(parents=True)
    file.write_bytes(body)
    await change(first, update(image_meta).values(stored=True, length=len(body), digest=digest(body)))
    await change(first, update(available_ratings).values(badge_values=None, badge_values_at=None))
    await change(first, delete(prepared_art))
    double.calls.clear()
    second = await start()
    assert (await second.get(asked["poster"])).body == body
    assert not double.calls
    await second.get(f"{asked['poster']}{LOOK}")  # teaches ratings and art
    await second.settle()
    third = await start()
    drawn = await third.get(asked["poster"])
    assert drawn.body != body
    await third.settle()
    assert not file.exists(), "nothing is left behind"
    async with third.parts.database.reading() as connection:
        rows = [meta_of(found) for found in await connection.execute(select(image_meta))]
    assert {found.stored for found in rows} == {False}


def test_art_is_named_by_what_is_under_the_badges():
    assert art_name_of("tmdb/movie-278@mil.pbc.sh.li.dh.zm") == "tmdb/movie-278@.zm"
    assert (
        art_name_of("tmdb/movie-278_f_de@.ptl.sv.lt.dv.zvl.fn.c444.b50000") == "tmdb/movie-278_f_de@.zvl.fn.c444.b50000"
    )
    assert art_name_of("tmdb/series-1396_b@mil.sv.li.zs") == "tmdb/series-1396_b@.zs"
