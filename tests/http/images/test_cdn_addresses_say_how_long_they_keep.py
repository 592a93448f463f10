"""What is under `/c/`: pictures for as long as they stay good, failures for no time at all."""

import asyncio

import pytest

from openposterdb.demo.faults import Fault, FaultKind
from tests.http.adapter.rsgi_fakes import FakeProto, FakeScope
from tests.http.images.pictures import size_of
from tests.http.images.titles import MOVIE, WITHOUT_FANART

CDN = {"ENABLE_CDN_REDIRECTS": "true"}
NOBODYS = "0" * 32
FOR_GOOD = "public, max-age=31536000, stale-while-revalidate=220752000"
ABSENT = "public, max-age=86400, stale-while-revalidate=604800"
PASSING = "public, max-age=60"


@pytest.fixture
async def service(start):
    return await start(**CDN)


@pytest.fixture
def movie(double):
    return double.catalogue.by_slug(MOVIE).tmdb_id


async def address(service, path):
    return (await service.get(path)).header("location")


async def hash_of(service, kind="poster"):
    return (await address(service, f"tmdb/{kind}-default/movie-1")).split("/")[2]


@pytest.mark.parametrize(
    ("slug", "released", "cache_control"),
    [
        ("paper-harbour", "1922-03-04", FOR_GOOD),
        ("neon-orchard", "1984-06-15", FOR_GOOD),
        ("hundred-doors", "2026-11-13", "public, max-age=926492, stale-while-revalidate=6485444"),
        ("winter-twice", "2027-02-12", "public, max-age=86400, stale-while-revalidate=604800"),
        ("lisbon-project", None, "public, max-age=86400, stale-while-revalidate=604800"),
    ],
)
async def test_an_image_keeps_as_long_as_its_title_is_old(service, double, slug, released, cache_control):
    title = double.catalogue.by_slug(slug)
    assert (str(title.released) if title.released else None) == released
    target = await address(service, f"tmdb/poster-default/{title.tmdb_id}.jpg")
    for method in ("GET", "GET", "HEAD"):
        answer = await service.ask(method, target)
        assert (answer.status, answer.header("cache-control")) == (200, cache_control)
        assert answer.header("content-type") == "image/jpeg"
        assert answer.header("access-control-allow-origin") == "*"


async def test_it_is_revalidated_by_its_tag(service, double, movie):
    target = await address(service, f"tmdb/poster-default/{movie}.jpg")
    first = await service.ask("GET", target)
    for _ in range(2):
        again = await service.ask("GET", target, headers=[("if-none-match", first.header("etag"))])
        assert (again.status, again.body) == (304, b"")
        assert again.header("cache-control") == FOR_GOOD
        assert again.header("etag") == first.header("etag")
    assert (await service.ask("GET", target, headers=[("if-none-match", '"other"')])).status == 200


async def test_a_cold_head_does_not_wait_for_the_render(service, double, movie):
    double.add_fault(Fault(kind=FaultKind.HANG, service="tmdb-images"))
    target = await address(service, f"tmdb/poster-default/{movie}.jpg")
    answer = await service.ask("HEAD", target)
    assert (answer.status, answer.header("cache-control")) == (200, "no-store")


async def test_a_hot_address_is_answered_from_memory(service, double, movie):
    target = await address(service, f"tmdb/poster-default/{movie}.jpg")
    first = await service.ask("GET", target)
    assert len(service.hot) == 1
    proto = FakeProto()
    assert service.hot.answer(FakeScope("GET", target), proto)
    assert proto.body == first.body
    assert proto.header("cache-control") == FOR_GOOD


async def test_a_degraded_image_is_brief(service, double, movie):
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service="mdblist"))
    answer = await service.ask("GET", await address(service, f"tmdb/poster-default/{movie}.jpg"))
    assert (answer.status, answer.header("cache-control")) == (200, PASSING)


async def test_an_image_whose_successor_is_being_made_is_brief(start, double, rerate):
    service = await start(**CDN, RATINGS_STALE_SECS="100")
    target = await address(service, f"tmdb/poster-default/{double.catalogue.by_slug('winter-twice').tmdb_id}")
    old = await service.ask("GET", target)
    assert old.header("cache-control") == "public, max-age=100, stale-while-revalidate=700"
    rerate("winter-twice", imdb=9.9)
    service.clock.tick(150)
    stale = await service.ask("GET", target)
    assert (stale.body, stale.header("cache-control")) == (old.body, PASSING)
    await service.settle()
    new = await service.ask("GET", target)
    assert new.body != old.body
    assert new.header("cache-control") == old.header("cache-control")


@pytest.mark.parametrize(
    ("path", "status"),
    [("tmdb/poster-default/movie-404.jpg", 404), ("douban/poster-default/1", 400), ("tmdb/poster-default/x-1", 400)],
)
async def test_absence_is_no_cached_error_but_a_placeholder_for_a_day(service, path, status):
    target = await address(service, path)
    answer = await service.ask("GET", target)
    assert (answer.status, answer.header("cache-control")) == (status, "no-store")
    assert set(answer.json) == {"error"}
    answer = await service.ask("GET", f"{target}?fallback=true")
    assert (answer.status, answer.header("cache-control"), size_of(answer)) == (200, ABSENT, (580, 859))
    assert (await service.ask("GET", f"{target}?fallback=1")).status == status


async def test_art_that_does_not_exist_is_absent_too(service, double):
    title = double.catalogue.by_slug(WITHOUT_FANART)
    for kind in ("logo", "backdrop"):
        target = await address(service, f"tmdb/{kind}-default/{title.tmdb_id}?fallback=true")
        answer = await service.ask("GET", target)
        assert (answer.status, answer.header("cache-control")) == (200, ABSENT)
        answer = await service.ask("GET", target.partition("?")[0])
        assert (answer.status, answer.header("cache-control")) == (404, "no-store")


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault(kind=FaultKind.STATUS, status=500, service="tmdb"), 502),
        (Fault(kind=FaultKind.STATUS, status=429, service="tmdb", retry_after="3"), 503),
        (Fault(kind=FaultKind.CORRUPT_PICTURE, service="tmdb-images"), 502),
    ],
    ids=["refused", "throttled", "broken"],
)
async def test_what_fails_is_never_kept(service, double, movie, fault, status):
    target = await address(service, f"tmdb/poster-default/{movie}.jpg")
    double.add_fault(fault)
    answer = await service.ask("GET", target)
    assert (answer.status, answer.header("cache-control")) == (status, "no-store")
    answer = await service.ask("GET", f"{target}?fallback=true")
    assert (answer.status, answer.header("cache-control"), size_of(answer)) == (200, PASSING, (580, 859))
    assert len(service.hot) == 0


async def test_too_late_is_never_kept(start, double, movie):
    service = await start(**CDN, REQUEST_DEADLINE_SECS="0.05")
    double.add_fault(Fault(kind=FaultKind.HANG, service="tmdb"))
    target = await address(service, f"tmdb/poster-default/{movie}.jpg")
    answer = await service.ask("GET", target)
    assert (answer.status, answer.header("cache-control")) == (504, "no-store")
    answer = await service.ask("GET", f"{target}?fallback=true")
    assert (answer.status, answer.header("cache-control")) == (200, PASSING)


@pytest.mark.parametrize("digest", [NOBODYS, "0" * 31, "F" * 32, "x", "..", "%20"])
@pytest.mark.parametrize("query", ["", "?fallback=true", "?imageSize=huge"])
async def test_an_unknown_hash_is_unknown_for_a_minute(service, movie, digest, query):
    answer = await service.ask("GET", f"/c/{digest}/tmdb/poster-default/{movie}.jpg{query}")
    assert (answer.status, answer.json) == (404, {"error": "not found"})
    assert answer.header("cache-control") == "public, max-age=60"


async def test_a_hash_is_that_of_one_kind(service, movie):
    posters = await hash_of(service)
    answer = await service.ask("GET", f"/c/{posters}/tmdb/backdrop-default/{movie}.jpg")
    assert (answer.status, answer.header("cache-control")) == (404, "public, max-age=60")


async def test_the_size_is_part_of_the_hash_and_may_be_named(service, movie):
    target = await address(service, f"tmdb/backdrop-default/{movie}.jpg?imageSize=small")
    bare = target.partition("?")[0]
    assert size_of(await service.ask("GET", target)) == size_of(await service.ask("GET", bare)) == (1280, 720)
    assert size_of(await service.ask("GET", f"{bare}?imageSize=medium")) == (1920, 1080)


async def test_the_earlier_failure_wins(start):
    full = await start(**CDN)
    hashes = {kind: await hash_of(full, kind) for kind in ("poster", "backdrop")}
    bare = await start(**CDN, FANART_API_KEY="")

    async def status(digest, kind, query, id_type="douban"):
        answer = await bare.ask("GET", f"/c/{digest}/{id_type}/{kind}-default/x?{query}")
        assert answer.header("cache-control") == ("public, max-age=60" if answer.status == 404 else "no-store")
        return answer.status, answer.body

    repeated = "imageSize=huge&imageSize=huge"
    assert (await status(NOBODYS, "backdrop", repeated))[0] == 400
    assert (await status(NOBODYS, "backdrop", "imageSize=huge"))[0] == 404
    assert (await status(hashes["backdrop"], "backdrop", "imageSize=huge"))[0] == 501
    assert b"imageSize" in (await status(hashes["poster"], "poster", "imageSize=small"))[1]
    assert b"id type" in (await status(hashes["poster"], "poster", "imageSize=large"))[1]
    assert (await status(hashes["poster"], "poster", "lang=x&lang=y&fallback=no"))[0] == 400, "lang is not looked at"


async def test_language_and_rpdbs_parameters_mean_nothing_here(service, movie):
    target = await address(service, f"tmdb/poster-default/{movie}.jpg")
    first = await service.ask("GET", target)
    for query in ("lang=fr", "lang=!", "lang=a&lang=b", "order=imdb&ratingBarPos=top&label=text", "key=7"):
        answer = await service.ask("GET", f"{target}?{query}")
        assert (answer.status, answer.header("etag")) == (200, first.header("etag"))


async def test_errors_of_the_frame_are_not_kept_either(service, movie):
    target = await address(service, f"tmdb/poster-default/{movie}.jpg")
    answer = await service.ask("POST", target)
    assert (answer.status, answer.header("allow"), answer.header("cache-control")) == (405, "GET,HEAD", "no-store")
    answer = await service.ask("GET", target.replace("poster-default", "poster-rt"))
    assert (answer.status, answer.json, answer.header("cache-control")) == (404, {"error": "not found"}, "no-store")
    answer = await service.ask("GET", f"/c/{NOBODYS}/tmdb/poster-default/%ff")
    assert (answer.status, answer.header("cache-control")) == (400, "no-store")


async def test_addresses_have_a_limit_of_their_own_per_client(start, movie):
    service = await start(**CDN, CDN_RATE_LIMIT="3/0.001", IMAGE_RATE_LIMIT="2/0.001")
    target = await address(service, f"tmdb/poster-default/{movie}.jpg")
    other = f"/c/{NOBODYS}/tmdb/logo-default/{movie}.png"
    statuses = [(await service.ask("GET", path)).status for path in (target, other, target, target, other)]
    assert statuses == [200, 404, 200, 429, 429], "one bucket for all of them, the hot ones too"
    limited = await service.ask("GET", target)
    assert limited.header("cache-control") == "no-store"
    assert int(limited.header("retry-after")) >= 1
    assert (await service.ask("GET", target, client="192.0.2.9:1")).status == 200
    assert (await service.get(f"tmdb/poster-default/{movie}.jpg")).status == 302, "keys have their own"
    assert (await service.get(f"tmdb/poster-default/{movie}.jpg")).status == 429


async def test_a_crowd_at_an_address_makes_one_render(service, movie):
    target = await address(service, f"tmdb/poster-default/{movie}.jpg")
    answers = await asyncio.gather(*(service.ask("GET", f"{target}?{n}") for n in range(40)))
    assert {answer.status for answer in answers} == {200}
    assert service.renders() == 1


async def test_keyed_and_unkeyed_requests_share_the_image(start, service, movie):
    await service.ask("GET", await address(service, f"tmdb/poster-default/{movie}.jpg"))
    names = await service.kept()
    plain = await start(ENABLE_CDN_REDIRECTS="false")
    assert (await plain.get(f"tmdb/poster-default/{movie}.jpg")).status == 200
    assert plain.decoded() == 0
    assert await plain.kept() == names
