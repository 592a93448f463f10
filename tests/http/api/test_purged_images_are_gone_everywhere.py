"""Purging: from memory, hot path, store and database; here at once, in other processes as soon as they hear of it."""

import asyncio

import pytest

from openposterdb.caching.store import StoreUnavailable
from openposterdb.domain import ImageKind, TitleId
from openposterdb.errors import StorageUnavailable
from openposterdb.images import purges
from openposterdb.storage.repositories import AliasRepository
from tests.http.images.titles import MOVIE, SERIES, paths


@pytest.fixture
def purge(client, admin):
    async def purge(value, status=200):
        answer = await client.post("/api/admin/images/purge", value, token=admin)
        assert answer.status == status, answer.body
        return answer.json

    return purge


@pytest.fixture
def make(double):
    """Makes every kind of image of a title in a process."""

    async def make(service, slug=MOVIE, kinds=("poster", "logo", "backdrop")):
        title = double.catalogue.by_slug(slug)
        for kind in kinds:
            assert (await service.get(paths(title, kind)[0])).status == 200
        await service.settle()
        return title

    return make


def held(service):
    return sorted(key for key, _ in service.parts.memory.items())


@pytest.mark.parametrize(
    ("value", "removed"),
    [
        ({"everything": True}, 6),
        ({"kind": "poster"}, 2),
        ({"title": "IMDB"}, 3),
        ({"title": "TMDB"}, 3),
        ({"title": "NUMBER"}, 3),
        ({"title": "CANONICAL", "kind": "logo"}, 1),
        ({"older_than_days": 0}, 3),
        ({"older_than_days": 2}, 3),
        ({"older_than_days": 2, "kind": "backdrop"}, 1),
        ({"older_than_days": 9}, 0),
    ],
)
async def test_what_is_described_goes_and_nothing_else(service, client, make, value, removed):
    title = await make(service, MOVIE)
    service.clock.tick(3 * 86_400)
    await make(service, SERIES)
    token = (await client.setup()).json["token"]
    forms = {
        "IMDB": title.imdb,
        "TMDB": f"tmdb/{title.tmdb_id}",
        "CANONICAL": title.tmdb_id,
        "NUMBER": title.tmdb_id.partition("-")[2],
    }
    if "title" in value:
        value = {**value, "title": forms[value["title"]]}
    before = len(held(service))
    answer = await client.post("/api/admin/images/purge", value, token=token)
    assert answer.json == {"removed": removed, "finished": True}
    left = 0
    for kind in ("posters", "logos", "backdrops"):
        left += (await client.get(f"/api/admin/{kind}", token=token)).json["total"]
    assert left == len(await service.kept()) == 6 - removed
    assert len(held(service)) <= before


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"everything": False},
        {"everything": True, "kind": "logo"},
        {"title": "tt1", "everything": True},
        {"kind": "x"},
        {"older_than_days": -1},
        {"older_than_days": 99_999},
        {"title": "x" * 201},
    ],
)
async def test_a_purge_says_what_it_means(purge, value):
    assert set(await purge(value, status=400)) == {"error"}


@pytest.mark.parametrize("value", [{"older_than_days": "3"}, {"everything": 1}, {"title": 278}, [], {"kind": 1}])
async def test_members_of_other_types_are_unprocessable(client, admin, value):
    answer = await client.post("/api/admin/images/purge", value, token=admin)
    assert answer.status == 422


async def test_a_title_that_nobody_knows_is_not_found(purge):
    for text in ("tt9999999", "tvdb/1", "nonsense", "", "77777777"):
        await purge({"title": text}, status=404)


async def test_a_number_of_two_titles_is_refused_until_it_says_which(service, make, purge, double):
    movie, series = await make(service, "cartographer", ["poster"]), await make(service, "moss", ["poster"])
    number = movie.tmdb_id.partition("-")[2]
    assert number == series.tmdb_id.partition("-")[2], "a movie and a series with one TMDB number"
    answer = await purge({"title": number}, status=400)
    assert movie.tmdb_id in answer["error"]
    assert series.tmdb_id in answer["error"]
    assert (await purge({"title": series.tmdb_id}))["removed"] == 1
    assert (await purge({"title": number}))["removed"] == 1, "of one title there are images now"


async def test_a_purged_image_is_made_again_when_it_is_asked_for(service, make, purge, double):
    title = await make(service, kinds=["poster"])
    path = paths(title)[0]
    before = await service.get(path)
    assert len(service.hot) > 0
    renders = service.renders()
    await purge({"everything": True})
    assert len(service.hot) == 0
    assert held(service) == []
    assert await service.kept() == []
    after = await service.get(path)
    assert after.body == before.body
    assert service.renders() == renders + 1
    assert len(await service.kept()) == 1, "and kept again"


async def test_one_image_is_deleted_by_its_key(service, make, client, admin):
    await make(service)
    (item,) = (await client.get("/api/admin/logos", token=admin)).json["items"]
    path = f"/api/admin/logos/{item['cache_key']}"
    assert (await client.delete(path, token=admin)).json == {"removed": 1, "finished": True}
    assert (await client.delete(path, token=admin)).json == {"removed": 0, "finished": True}
    assert (await client.delete("/api/admin/logos/tmdb/movie-1", token=admin)).json["removed"] == 0
    assert len(held(service)) == len(await service.kept()) == 2


async def test_every_other_process_drops_it_too(start, service, make, client, admin):
    other = await start()
    await other.tell_changes()
    await other.settle()
    title = await make(service)
    await make(other)
    await make(other, SERIES)
    assert len(held(other)) == 6
    await client.post("/api/admin/images/purge", {"title": title.tmdb_id}, token=admin)
    assert len(held(service)) == 0
    assert len(other.hot) > 0
    await other.tell_changes()
    await other.settle()
    assert len(held(other)) == 3
    assert len(other.hot) == 0
    renders = other.renders()
    await other.get(paths(title)[0])
    assert other.renders() == renders + 1


async def test_a_process_that_was_away_for_days_drops_everything(start, service, make, client, admin):
    other = await start()
    await client.post("/api/admin/images/purge", {"title": "movie-1"}, token=admin)
    await other.tell_changes()
    await other.settle()
    await make(other)
    for _ in range(3):
        await client.post("/api/admin/images/purge", {"title": "movie-2"}, token=admin)
    service.clock.tick(2 * 86_400)
    token = (await client.login()).json["token"]
    await client.post("/api/admin/images/purge", {"title": "movie-3"}, token=token)
    assert len(held(other)) == 3, "nobody has told it yet"
    await other.tell_changes()
    await other.settle()
    assert held(other) == []


async def test_many_images_go_in_batches(service, purge, monkeypatch, admin):
    """No transaction holds the database for long: the loop runs in between, and others may write."""
    monkeypatch.setattr(purges, "_BATCH", 10)
    layers = service.parts.layers
    for number in range(1, 36):
        await layers.put(ImageKind.POSTER, f"tmdb/movie-{number}@.pbc.sh.li.dh.zm", b"x" * 10, None)
    await service.settle()
    assert len(await service.kept()) == 35
    others = 0

    async def write_meanwhile():
        nonlocal others
        while True:
            await AliasRepository(service.parts.database).put_many([f"imdb/tt{others}"], TitleId("movie", 1), 1)
            others += 1

    writing = asyncio.create_task(write_meanwhile())
    assert (await purge({"kind": "poster"})) == {"removed": 35, "finished": True}
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    assert others >= 3
    assert await service.kept() == []


async def test_a_database_that_is_away_is_told_and_nothing_is_half_done(service, make, purge, monkeypatch):
    await make(service, kinds=["poster"])

    def away():
        raise StorageUnavailable("database: OperationalError")

    with monkeypatch.context() as broken:
        broken.setattr(service.parts.database, "writing", away)
        assert "database" in (await purge({"kind": "poster"}, status=503))["error"]
    assert len(await service.kept()) == 1
    assert (await purge({"kind": "poster"}))["removed"] == 1


async def test_a_store_that_refuses_leaves_files_that_answer_nobody(service, make, purge, monkeypatch, double):
    title = await make(service, kinds=["poster"])

    async def refuse(*_):
        raise StoreUnavailable("image store: Read-only file system")

    with monkeypatch.context() as broken:
        broken.setattr("openposterdb.caching.folder.FolderStore.delete", refuse)
        assert (await purge({"kind": "poster"}))["removed"] == 1
    assert len(await service.shelved()) == 1
    decoded = service.decoded()
    assert (await service.get(paths(title)[0])).status == 200
    assert service.decoded() == decoded + 1


async def test_only_admins_purge(client, owner):
    for token in (None, owner):
        answer = await client.post("/api/admin/images/purge", {"everything": True}, token=token)
        assert answer.status == 401
