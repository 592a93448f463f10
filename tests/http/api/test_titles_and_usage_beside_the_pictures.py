import asyncio

import pytest

from openposterdb.demo.faults import Fault, FaultKind, Service
from tests.http.api.conftest import KEY


@pytest.fixture
def moss(double):
    return double.catalogue.by_slug("moss")


async def test_the_imdb_rating_as_text(service, moss):
    for target in (f"imdb/rating/{moss.imdb}", f"tmdb/rating/{moss.tmdb_id}", f"imdb/rating/{moss.imdb}.jpg"):
        answer = await service.get(target)
        assert (answer.status, answer.header("content-type")) == (200, "text/plain; charset=utf-8")
        assert answer.body.decode() == f"{moss.ratings['imdb']:.1f}"
        assert answer.header("cache-control") == "public, max-age=3600"
        assert answer.header("access-control-allow-origin") == "*"
    head = await service.head(f"imdb/rating/{moss.imdb}")
    assert (head.status, head.header("content-length"), head.body) == (200, "3", b"")


async def test_no_rating_is_not_found(service, double):
    unrated = next(title for title in double.catalogue.title if not title.ratings and title.imdb)
    for target in (f"imdb/rating/{unrated.imdb}", "imdb/rating/tt0000000"):
        answer = await service.get(target)
        assert (answer.status, list(answer.json)) == (404, ["error"])
        assert answer.header("cache-control") is None


async def test_bad_keys_and_ids(service, moss):
    assert (await service.get(f"imdb/rating/{moss.imdb}", key="nobody")).status == 401
    assert (await service.get("requests", key="nobody")).status == 401
    assert (await service.get("tmdb/rating/x-1")).status == 400
    assert (await service.get("anidb/rating/1")).status == 400
    assert (await service.ask("POST", f"/{KEY}/requests")).header("allow") == "GET,HEAD"


async def test_a_failing_provider_is_no_absence(service, double, moss):
    for provider in (Service.MDBLIST, Service.OMDB):
        double.add_fault(Fault(kind=FaultKind.STATUS, service=provider, status=500))
    answer = await service.get(f"imdb/rating/{moss.imdb}")
    assert answer.status == 503
    assert int(answer.header("retry-after")) >= 1


async def test_the_free_key_has_used_nothing(start):
    service = await start(FREE_KEY_ENABLED="true")
    assert (await service.get("requests", key="t0-free-rpdb")).json == {"req": 0, "limit": 1_000_000_000}


async def test_they_share_the_limit_of_the_key_check(start):
    service = await start(IS_VALID_RATE_LIMIT="3/0.1")
    statuses = [(await service.get(path)).status for path in ("isValid", "requests", "imdb/rating/tt0", "requests")]
    assert statuses[0:2] == [200, 200]
    assert statuses[3] == 429


async def test_many_at_once_ask_upstreams_once(service, double, moss):
    answers = await asyncio.gather(*(service.get(f"imdb/rating/{moss.imdb}") for _ in range(20)))
    assert {answer.status for answer in answers} == {200}
    assert double.count(Service.MDBLIST) == 1
