"""One stored image: seen, told of, made, drawn again; by its cache key or by an id of its title."""

import asyncio

import pytest

from openposterdb.demo.faults import Fault, FaultKind
from openposterdb_render import quality_of
from tests.http.api.conftest import Client
from tests.http.images.conftest import rerate  # noqa: F401 - a fixture
from tests.http.images.titles import MOVIE, SERIES, WITHOUT_FANART, paths

KINDS = ("poster", "logo", "backdrop")
TYPES = {"poster": "image/jpeg", "logo": "image/png", "backdrop": "image/jpeg"}


@pytest.fixture
def made(service, double, client, admin):
    """Makes an image as a client of images does: its cache key and its bytes."""

    async def made(slug=MOVIE, kind="poster", query=""):
        answer = await service.get(f"{paths(double.catalogue.by_slug(slug), kind)[0]}{query}")
        assert answer.status == 200
        await service.settle()
        newest = (await client.get(f"/api/admin/{kind}s?sort=created&direction=desc", token=admin)).json["items"][0]
        return newest["cache_key"], answer.body

    return made


@pytest.fixture
def ask(client, admin):
    async def ask(path, method="GET", status=200):
        answer = await client.send(method, f"/api/admin/{path}", token=admin)
        assert answer.status == status, answer.body[:300]
        return answer

    return ask


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("from_memory", [True, False])
async def test_a_stored_image_is_shown_as_it_was_served(ask, made, service, kind, from_memory):
    key, body = await made(kind=kind)
    if not from_memory:
        service.parts.memory.clear()
    for path in [f"{kind}s/{key}/image", *([] if kind == "poster" else [f"{kind}s/{key}"])]:
        answer = await ask(path)
        assert answer.body == body
        assert answer.header("content-type") == TYPES[kind]
        assert answer.header("cache-control") is None
        assert answer.header("etag") is not None
    assert len(service.parts.memory) == (1 if from_memory else 0), "to look is no use"


async def test_colons_are_read_as_underscores(ask, made):
    key, body = await made(kind="logo")
    assert "_l_f_" in key
    assert (await ask(f"logos/{key.replace('_', ':')}")).body == body


@pytest.mark.parametrize(
    "path", ["tmdb/movie-1@.pbc.sh.li.dh.zm", "tmdb/movie-1", "imdb/tt0111161", "tmdb/x@y", "tmdb/%23"]
)
async def test_what_is_not_stored_is_not_found(ask, path):
    for wanted in (f"posters/{path}/image", f"logos/{path}", f"backdrops/{path}", f"posters/{path}/details"):
        assert (await ask(wanted, status=404)).json == {"error": "no such image is stored"}


async def test_a_key_of_another_kind_is_not_found(ask, made):
    key, _ = await made()
    await ask(f"logos/{key}", status=404)
    await ask(f"backdrops/{key}/details", status=404)


@pytest.mark.parametrize("path", ["isbn/1", "IMDB/tt1", "tmdb/..", "tmdb/%5C", "tmdb/%00", "tmdb/" + "x" * 101])
@pytest.mark.parametrize("end", ["image", "details", "fetch", "refresh", ""])
async def test_unsafe_paths_are_refused(client, admin, path, end):
    method = {"fetch": "POST", "refresh": "POST", "": "DELETE"}.get(end, "GET")
    answer = await client.send(method, f"/api/admin/posters/{path}/{end}".removesuffix("/"), token=admin)
    assert answer.status == 400
    assert set(answer.json) == {"error"}


async def test_without_a_store_memory_is_shown_and_nothing_else(start, double):
    service = await start(EXTERNAL_CACHE_ONLY="true")
    client = Client(service)
    token = (await client.setup()).json["token"]
    body = (await service.get(paths(double.catalogue.by_slug(MOVIE))[0])).body
    await service.settle()
    (item,) = (await client.get("/api/admin/posters", token=token)).json["items"]
    path = f"/api/admin/posters/{item['cache_key']}"
    assert (await client.get(f"{path}/image", token=token)).body == body
    assert (await client.get(f"{path}/details", token=token)).json["layers"] == ["memory"]
    service.parts.memory.clear()
    assert (await client.get(f"{path}/image", token=token)).body == body, "its art is still in memory"
    service.parts.prepared.clear()
    assert (await client.get(f"{path}/image", token=token)).status == 404
    assert (await client.get(f"{path}/details", token=token)).json["layers"] == []


async def test_details_tell_everything_that_is_known(ask, made, service, double):
    title = double.catalogue.by_slug(SERIES)
    key, body = await made(SERIES, "poster", "?imageSize=large")
    service.clock.tick(100)
    found = (await ask(f"posters/{key}/details")).json
    letters = key.partition("@")[2].partition(".")[0]
    assert found["cache_key"] == key
    assert (found["kind"], found["title"], found["size"], found["tier"]) == ("poster", title.tmdb_id, "large", "tmdb")
    assert found["language"] is None
    assert len(found["badges"]) == len(letters) == 3
    assert found["settings"]["position"] == "bc"
    assert (found["bytes"], found["content_type"]) == (len(body), "image/jpeg")
    assert found["age"] >= 100
    assert found["created_at"] == found["updated_at"]
    assert found["release_date"] == title.released
    assert found["layers"] == ["memory", "store"]
    assert set(found["badges"]) <= set(found["sources"])
    assert {f"imdb/{title.imdb}", f"tmdb/{title.tmdb_id}", f"tvdb/{title.tvdb}"} <= set(found["aliases"])
    assert found["etag"] == (await ask(f"posters/{key}/image")).header("etag")


@pytest.mark.parametrize("from_memory", [True, False])
async def test_the_quality_that_a_budget_has_chosen_is_told(ask, made, service, from_memory):
    roomy, whole = await made()
    await service.save(max_bytes=40_000)
    tight, body = await made()
    assert len(body) <= 40_000 < len(whole)
    if not from_memory:
        service.parts.memory.clear()
    assert (await ask(f"posters/{roomy}/details")).json["quality"] == 85
    assert 20 <= (await ask(f"posters/{tight}/details")).json["quality"] == quality_of(body) < 85


async def test_a_logo_has_no_quality(ask, made):
    key, _ = await made(kind="logo")
    assert (await ask(f"logos/{key}/details")).json["quality"] is None


@pytest.mark.parametrize("kind", KINDS)
async def test_fetching_takes_an_id_and_the_global_settings(ask, service, double, kind):
    await service.save(poster_position="tl", logo_label_style="t", backdrop_label_style="t")
    title = double.catalogue.by_slug(MOVIE)
    answer = await ask(f"{kind}s/imdb/{title.imdb}/fetch", "POST")
    assert answer.header("content-type") == TYPES[kind]
    cached = "public, max-age=3600, stale-while-revalidate=86400"
    assert answer.header("cache-control") == (cached if kind == "poster" else None)
    assert answer.body == (await service.get(paths(title, kind)[0])).body
    renders = service.renders()
    await ask(f"{kind}s/tmdb/{title.tmdb_id}/fetch", "POST")
    assert service.renders() == renders, "it is no refresh"


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_made_by_hand_is_listed_at_once(ask, double, kind):
    title = double.catalogue.by_slug(MOVIE)
    await ask(f"{kind}s/imdb/{title.imdb}/fetch", "POST")
    found = (await ask(f"{kind}s?search={title.imdb}")).json
    assert (len(found["items"]), found["total"]) == (1, 1)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_drawn_again_says_so_at_once(ask, made, clock, kind):
    key, _ = await made(kind=kind)
    before = (await ask(f"{kind}s/{key}/details")).json["updated_at"]
    clock.tick(100)
    await ask(f"{kind}s/{key}/refresh", "POST")
    found = (await ask(f"{kind}s/{key}/details")).json
    assert (found["updated_at"], found["age"]) == (before + 100, 0)


async def test_fetching_fails_as_images_do(ask, double, start):
    title = double.catalogue.by_slug(WITHOUT_FANART)
    await ask(f"logos/tmdb/{title.tmdb_id}/fetch", "POST", status=404)
    await ask("posters/tmdb/278x/fetch", "POST", status=400)
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service="tmdb"))
    await ask(f"posters/imdb/{double.catalogue.by_slug(MOVIE).imdb}/fetch", "POST", status=502)


async def test_without_fanart_only_posters_are_made(start, double):
    client = Client(await start(FANART_API_KEY=""))
    token = (await client.setup()).json["token"]
    title = double.catalogue.by_slug(MOVIE)
    for kind, status in (("poster", 200), ("logo", 501), ("backdrop", 501)):
        for action in ("fetch", "refresh"):
            path = f"/api/admin/{kind}s/tmdb/{title.tmdb_id}/{action}"
            assert (await client.post(path, token=token)).status == status


@pytest.mark.parametrize(
    ("kind", "settings", "query"),
    [
        ("poster", {"poster_position": "tr", "poster_label_style": "t", "ratings_limit": 2}, "?imageSize=large"),
        ("poster", {"poster_source": "f", "fanart_lang": "fr"}, ""),
        ("poster", {"poster_source": "f", "fanart_textless": True}, ""),
        ("logo", {"logo_badge_style": "h", "ratings_order": "rt,imdb", "ratings_exclude": "mal"}, ""),
        ("backdrop", {"backdrop_ratings_limit": 1, "fit": "native", "chroma": "444"}, "?imageSize=small"),
    ],
)
async def test_drawing_again_keeps_to_what_the_key_tells(ask, made, service, kind, settings, query):
    """Whatever the global settings are by now: the same badges, look, size and art, so the same key and bytes."""
    await service.save(**settings)
    key, body = await made(MOVIE, kind, query)
    await service.save(poster_position="l", poster_label_style="i", ratings_order="trakt", ratings_limit=8)
    renders = service.renders()
    answer = await ask(f"{kind}s/{key}/refresh", "POST")
    assert answer.body == body
    assert service.renders() == renders + 1
    assert answer.header("content-location") == f"/api/admin/{kind}s/{key}/image"
    assert answer.header("cache-control") == "no-store"


async def test_drawing_again_asks_the_upstreams_again(ask, made, service, rerate):
    """The ratings that were read a moment ago are what the admin does not believe."""
    key, before = await made()
    rerate(MOVIE, imdb=1.1, mal=11.0, letterboxd=0.5)
    answer = await ask(f"posters/{key}/refresh", "POST")
    assert answer.body != before
    again = await ask(f"posters/{key}/image")
    assert again.body == answer.body
    await service.settle()
    service.parts.memory.clear()
    assert (await ask(f"posters/{key}/image")).body == answer.body
    found = (await ask(f"posters/{key}/details")).json
    assert found["updated_at"] >= found["created_at"]


async def test_an_id_is_drawn_again_with_the_global_settings(ask, service, double, rerate):
    title = double.catalogue.by_slug(MOVIE)
    before = (await service.get(paths(title)[0])).body
    rerate(MOVIE, imdb=1.1, mal=11.0, letterboxd=0.5)
    answer = await ask(f"posters/imdb/{title.imdb}/refresh", "POST")
    assert answer.body != before
    assert (await service.get(paths(title)[0])).body == answer.body


async def test_a_rating_that_is_gone_takes_its_key_along(ask, made, service, double, rerate):
    key, _ = await made()
    letters = key.partition("@")[2].partition(".")[0]
    rerate(MOVIE, imdb=None)
    assert "i" in letters
    answer = await ask(f"posters/{key}/refresh", "POST")
    await service.settle()
    new = answer.header("content-location").removeprefix("/api/admin/posters/").removesuffix("/image")
    assert new == key.replace(f"@{letters}.", f"@{letters.replace('i', '')}.")
    await ask(f"posters/{key}/image", status=404)
    assert (await ask(f"posters/{new}/image")).body == answer.body


@pytest.mark.parametrize("service_name", ["tmdb", "mdblist", "omdb", "fanart"])
async def test_while_a_service_fails_nothing_changes(ask, made, double, service, service_name):
    if service_name == "fanart":
        await service.save(poster_source="f", fanart_lang="fr")
    key, body = await made()
    renders = service.renders()
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service=service_name))
    answer = await ask(f"posters/{key}/refresh", "POST", status=502 if service_name == "tmdb" else 503)
    assert set(answer.json) == {"error"}
    assert service.renders() == renders, "not drawn for nothing"
    assert (await ask(f"posters/{key}/image")).body == body


async def test_refreshes_of_one_image_are_one(ask, made, service):
    key, _ = await made()
    renders = service.renders()
    await asyncio.gather(*(ask(f"posters/{key}/refresh", "POST") for _ in range(8)))
    assert service.renders() == renders + 1


async def test_what_changes_is_noted(ask, made, client, admin):
    key, _ = await made()
    await ask(f"posters/{key}/refresh", "POST")
    await ask(f"posters/{key}", "DELETE")
    assert (await client.actions(admin))[-2:] == ["image_refreshed", "images_purged"]


async def test_only_admins_see_and_change_images(client, made, owner):
    key, _ = await made()
    for method, end in (
        ("GET", "/image"),
        ("GET", "/details"),
        ("POST", "/fetch"),
        ("POST", "/refresh"),
        ("DELETE", ""),
    ):
        for token in (None, owner):
            assert (await client.send(method, f"/api/admin/posters/{key}{end}", token=token)).status == 401
