"""`/api/admin/posters` and its kin: members, pages, filters, searches, and what is refused."""

import pytest

from tests.http.images.titles import DOUBLES, MOVIE, SERIES, paths


@pytest.fixture
async def library(service, double, admin):
    """Posters in two sizes, a logo and a backdrop, of a movie and of a series; the movie's are older."""
    for slug in (MOVIE, SERIES):
        title = double.catalogue.by_slug(slug)
        for kind, size in (("poster", "medium"), ("poster", "large"), ("logo", "medium"), ("backdrop", "small")):
            answer = await service.get(f"{paths(title, kind)[0]}?imageSize={size}")
            assert answer.status == 200
            await service.settle()
            service.clock.tick(10)
    return double.catalogue


@pytest.fixture
def listed(client, admin):
    async def listed(query="", kind="posters", status=200):
        answer = await client.get(f"/api/admin/{kind}{query}", token=admin)
        assert answer.status == status, answer.body
        return answer.json if status == 200 else answer

    return listed


def keys(page):
    return [item["cache_key"] for item in page["items"]]


async def test_an_empty_list_is_complete(listed):
    for kind in ("posters", "logos", "backdrops"):
        assert await listed(kind=kind) == {"items": [], "total": 0, "page": 1, "page_size": 50, "next": None}


async def test_an_item_tells_what_is_stored(listed, library, service):
    title = library.by_slug(MOVIE)
    page = await listed()
    first = page["items"][0]
    assert first["cache_key"].startswith(f"tmdb/{title.tmdb_id}@")
    assert first["release_date"] == title.released
    assert first["created_at"] == first["updated_at"]
    assert first["bytes"] == len(service.parts.memory.peek(first["cache_key"]).body)
    assert set(first) == {"cache_key", "release_date", "created_at", "updated_at", "bytes", "stale"}
    assert {key: page[key] for key in ("total", "page", "page_size", "next")} == {
        "total": 4,
        "page": 1,
        "page_size": 50,
        "next": None,
    }


async def test_every_kind_has_a_list_of_its_own(listed, library):
    for kind, count in (("posters", 4), ("logos", 2), ("backdrops", 2)):
        assert (await listed(kind=kind))["total"] == count
    assert all("_b@" in key for key in keys(await listed(kind="backdrops")))


async def test_the_oldest_come_first_page_by_page(listed, library):
    everything = await listed()
    created = [item["created_at"] for item in everything["items"]]
    assert created == sorted(created)
    pages = [await listed(f"?page={number}&page_size=3") for number in (1, 2, 3)]
    assert [keys(page) for page in pages] == [keys(everything)[:3], keys(everything)[3:], []]
    assert [page["next"] is None for page in pages] == [False, True, True]
    assert all(page["total"] == 4 for page in pages)


@pytest.mark.parametrize(
    ("query", "page", "size"),
    [("?page=0", 1, 50), ("?page_size=0", 1, 1), ("?page_size=101", 1, 100), ("?page=7&page_size=100", 7, 100)],
)
async def test_numbers_beyond_are_clamped(listed, query, page, size):
    answer = await listed(query)
    assert (answer["page"], answer["page_size"]) == (page, size)


async def test_a_list_is_followed_by_its_cursor_while_others_come(listed, library, service, double):
    before = keys(await listed("?sort=key"))
    seen, query = [], "?sort=key&page_size=1"
    while True:
        page = await listed(query)
        seen += keys(page)
        if page["next"] is None:
            break
        query = f"?sort=key&page_size=1&after={page['next']}"
        other = double.catalogue.by_slug(DOUBLES[len(seen) % 2])
        await service.get(paths(other)[0])
        await service.settle()
    assert [key for key in seen if key in before] == before
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("sort", ["created", "updated", "released", "key"])
async def test_orders_and_their_reverse(listed, library, sort):
    forwards = keys(await listed(f"?sort={sort}"))
    assert keys(await listed(f"?sort={sort}&direction=desc")) == forwards[::-1]


async def test_images_are_found_by_any_id_of_their_title(listed, library):
    title = library.by_slug(SERIES)
    number = title.tmdb_id.partition("-")[2]
    expected = [key for key in keys(await listed()) if key.startswith(f"tmdb/{title.tmdb_id}@")]
    assert len(expected) == 2
    for text in (
        title.imdb,
        f"imdb/{title.imdb}",
        f"tmdb/{title.tmdb_id}",
        title.tmdb_id,
        number,
        f"tmdb/{number}",
        f"tvdb/{title.tvdb}",
        f"tvdb/series-{title.tvdb}",
        f"%20{title.imdb}%20",
        f"tmdb/{title.tmdb_id}@",
        expected[0][:-1],
    ):
        found = await listed(f"?search={text}")
        assert set(keys(found)) <= set(expected), text
        assert keys(found), text
    for text in ("tt9999999", "tmdb/movie-9999999", "nonsense", "%00", "%F0%9F%8E%AC", "tmdb/movie-1_%25"):
        assert (await listed(f"?search={text}"))["total"] == 0, text


async def test_filters_apply_together(listed, library):
    large = await listed("?size=large")
    assert large["total"] == 2
    assert all(key.endswith(".zl") for key in keys(large))
    movie = library.by_slug(MOVIE)
    assert (await listed(f"?size=large&search={movie.imdb}"))["total"] == 1
    assert (await listed("?tier=tmdb"))["total"] == 4
    assert (await listed("?tier=textless"))["total"] == 0
    assert (await listed("?tier=language", kind="logos"))["total"] == 2
    assert (await listed("?tier=fanart", kind="backdrops"))["total"] == 2
    assert (await listed("?tier=tmdb", kind="backdrops"))["total"] == 0


async def test_what_is_due_for_a_refresh_is_told(listed, library, service, double, client):
    title = double.catalogue.by_slug("winter-twice")  # not released: stale after a day
    await service.get(paths(title)[0])
    await service.settle()
    assert (await listed("?stale=true"))["total"] == 0
    service.clock.tick(86_400 + 1)
    token = (await client.login()).json["token"]
    stale = (await client.get("/api/admin/posters?stale=true", token=token)).json
    assert [key.partition("@")[0] for key in keys(stale)] == [f"tmdb/{title.tmdb_id}"]
    assert stale["items"][0]["stale"] is True
    fresh = (await client.get("/api/admin/posters?stale=false", token=token)).json
    assert not any(item["stale"] for item in fresh["items"])


@pytest.mark.parametrize("query", ["?page=x", "?page=-1", "?page_size=1.0", "?page=1&page=2", "?page=99999999999"])
async def test_malformed_numbers_are_plain_text(listed, query):
    answer = await listed(query, status=400)
    assert answer.header("content-type").startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    ["?sort=size", "?direction=up", "?size=huge", "?stale=yes", "?tier=best", "?after=x", "?after=", "?after=e30"],
)
async def test_values_that_are_not_allowed_name_their_parameter(listed, query):
    answer = await listed(query, status=400)
    assert answer.json["error"].startswith(query[1:].partition("=")[0])


async def test_a_cursor_is_good_for_its_own_order_only(listed, library):
    after = (await listed("?page_size=1&sort=key"))["next"]
    for other in ("created", "released"):
        assert "after" in (await listed(f"?sort={other}&after={after}", status=400)).json["error"]
    await listed(f"?sort=key&direction=desc&after={after}", status=400)


async def test_only_admins_see_lists(client, owner):
    for kind in ("posters", "logos", "backdrops"):
        for token in (None, owner, "x"):
            answer = await client.get(f"/api/admin/{kind}", token=token)
            assert (answer.status, answer.body) == (401, b"")
