"""The order of the checks: of two things wrong with a request, the earlier one decides the status."""

from itertools import combinations

import pytest
from sqlalchemy import text

from openposterdb.demo.faults import Fault, FaultKind
from tests.http.images.conftest import KEY
from tests.http.images.pictures import size_of
from tests.http.images.titles import MOVIE

GOOD = {"key": KEY, "type": "tmdb", "path": "backdrop-default", "id": "movie-9000108.jpg", "query": ()}
"""A request that can be answered, before something is wrong with it."""

STEPS = {
    "rate limit": (429, {}),
    "path not UTF-8": (400, {"id": "movie-%ff.jpg"}),
    "parameter repeated": (400, {"query": ("fallback=x", "fallback=y")}),
    "imageSize": (400, {"query": ("imageSize=huge",)}),
    "Fanart not configured": (501, {}),
    "key": (401, {"key": "nobodys"}),
    "lang": (400, {"query": ("lang=x",)}),
    "id type": (400, {"type": "douban"}),
    "id value": (400, {"id": "a%5Cb.jpg"}),
    "title": (404, {"id": "movie-404.jpg"}),
}
"""What can be wrong, in the order of the checks: status and the parts of the request."""

MESSAGES = {
    "imageSize": "imageSize",
    "Fanart not configured": "FANART_API_KEY not configured",
    "key": "Unauthorized",
    "lang": "lang",
    "id type": "id type",
    "id value": "id value",
    "title": "title",
}
PLAIN = {"rate limit", "path not UTF-8", "parameter repeated"}


def target_of(*wrong, extra=()):
    parts, query = dict(GOOD), list(extra)
    for name in reversed(wrong):  # an earlier step's part replaces a later one's, but ids and types stay apart
        changes = STEPS[name][1]
        query += changes.get("query", ())
        parts.update({part: value for part, value in changes.items() if part != "query"})
    return f"/{parts['key']}/{parts['type']}/{parts['path']}/{parts['id']}" + ("?" + "&".join(query) if query else "")


async def started_with(start, wrong):
    limits = {"IMAGE_RATE_LIMIT": "1/0.001"} if "rate limit" in wrong else {}
    fanart = {"FANART_API_KEY": ""} if "Fanart not configured" in wrong else {}
    service = await start(**limits, **fanart)
    if limits:
        await service.ask("GET", target_of(*wrong))  # the only token
    return service


@pytest.mark.parametrize(("first", "second"), combinations(STEPS, 2))
async def test_the_earlier_failure_wins(start, double, first, second):
    service = await started_with(start, {first, second})
    answer = await service.ask("GET", target_of(first, second))
    assert answer.status == STEPS[first][0]
    assert answer.header("cache-control") is None
    if first in PLAIN:
        assert answer.header("content-type") == "text/plain; charset=utf-8"
    else:
        assert answer.header("content-type") == "application/json"
        assert set(answer.json) == {"error"}
        assert MESSAGES[first] in answer.json["error"]
    if "title" not in {first, second}:
        assert not double.calls


BEFORE_FALLBACK = [
    "rate limit",
    "path not UTF-8",
    "parameter repeated",
    "imageSize",
    "Fanart not configured",
    "key",
    "lang",
]


@pytest.mark.parametrize("step", BEFORE_FALLBACK)
async def test_fallback_does_not_excuse_the_early_steps(start, step):
    service = await started_with(start, {step})
    query = () if step == "parameter repeated" else ("fallback=true",)
    assert (await service.ask("GET", target_of(step, extra=query))).status == STEPS[step][0]


async def test_only_the_word_true_asks_for_a_placeholder(service):
    for step in ("id type", "id value", "title"):
        answer = await service.ask("GET", target_of(step, extra=("fallback=true",)))
        assert (answer.status, size_of(answer)) == (200, (1920, 1080))
        for value in ("1", "TRUE", "True", "", "yes", "+true", "false"):
            assert (await service.ask("GET", target_of(step, extra=(f"fallback={value}",)))).status == STEPS[step][0]


@pytest.mark.parametrize("name", ["fallback", "lang", "imageSize", "order", "ratingBarPos", "label"])
async def test_a_known_parameter_may_be_given_once(service, name):
    value = {"lang": "de", "imageSize": "large", "fallback": "true"}.get(name, "x")
    answer = await service.get(f"tmdb/poster-default/movie-9000108.jpg?{name}={value}&{name}={value}")
    assert answer.status == 400
    assert answer.header("content-type") == "text/plain; charset=utf-8"
    assert answer.header("cache-control") is None
    assert (await service.get("tmdb/poster-default/movie-9000108.jpg?key=1&key=2&x&x")).status == 200


SIZES = {
    "poster": {"medium", "large", "very-large", "verylarge"},
    "logo": {"medium", "large", "very-large", "verylarge"},
    "backdrop": {"small", "medium", "large", "very-large", "verylarge"},
}
NO_SIZES = ("", "Medium", "LARGE", "very_large", "very%20large", "xl", "580", "m", "tiny")


@pytest.mark.parametrize("kind", SIZES)
async def test_sizes_are_checked_by_kind(service, kind):
    path = f"tmdb/{kind}-default/movie-404?imageSize="
    accepted = {size for size in (*SIZES["backdrop"], *NO_SIZES) if (await service.get(path + size)).status == 404}
    assert accepted == SIZES[kind]
    for size in {*SIZES["backdrop"], *NO_SIZES} - accepted:
        answer = await service.get(f"{path}{size}&fallback=true")
        assert answer.status == 400
        assert set(answer.json) == {"error"}


async def test_languages_are_two_to_five_plain_characters(service):
    path = "tmdb/poster-default/movie-404?lang="
    for lang in ("de", "pt-BR", "xx", "eng", "00", "12345", "a-b-c", "--"):
        assert (await service.get(path + lang)).status == 404
    for lang in ("", "d", "de_DE", "german", "pt-BRx", "d%C3%A9", "de%20", "%00%00", "de%0A", "..", "a/b"):
        answer = await service.get(f"{path}{lang}&fallback=true")
        assert answer.status == 400
        assert set(answer.json) == {"error"}


@pytest.mark.parametrize("kind", ["logo", "backdrop"])
async def test_logos_and_backdrops_need_a_key_of_fanart(start, double, kind):
    service = await start(FANART_API_KEY="")
    answer = await service.get(f"tmdb/{kind}-default/movie-9000108?fallback=true")
    assert (answer.status, answer.json) == (501, {"error": "FANART_API_KEY not configured"})
    assert answer.header("cache-control") is None
    assert (await service.get("tmdb/poster-default/movie-9000108?lang=de")).status == 200  # TMDB's, without Fanart
    assert double.count("fanart") == 0


NO_TITLES = {
    ("imdb", "tt404"): 404,
    ("imdb", "404"): 404,
    ("imdb", "ttx"): 404,
    ("imdb", "movie-9000108"): 404,
    ("imdb", "tt99000901"): 404,  # an episode
    ("tmdb", "movie-404"): 404,
    ("tmdb", "404"): 404,
    ("tmdb", "movie-"): 404,
    ("tmdb", "film-1"): 400,
    ("tmdb", "movie-1x"): 400,
    ("tmdb", "movie-99999999999999999999999"): 400,
    ("tmdb", "tt99000108"): 400,
    ("tvdb", "404"): 404,
    ("tvdb", "movie-404"): 404,
    ("tvdb", "x"): 404,
    ("IMDB", "tt99000108"): 400,
    ("douban", "1"): 400,
    ("tmdb", ".."): 400,
    ("tmdb", "."): 400,
    ("imdb", "a%5Cb"): 400,
    ("imdb", "a%00b"): 400,
    ("imdb", ".jpg"): 400,
    ("imdb", "x" * 5000): 400,
}


async def test_ids_that_mean_nothing(service):
    for (id_type, id_value), status in NO_TITLES.items():
        answer = await service.get(f"{id_type}/poster-default/{id_value}")
        assert (id_type, id_value, answer.status) == (id_type, id_value, status)
        assert set(answer.json) == {"error"}
        assert answer.header("cache-control") is None


@pytest.mark.parametrize(
    "path", ["tmdb/poster-default/movie-1/", "tmdb/poster-default/", "tmdb/poster-default", "tmdb/x-default/1"]
)
async def test_other_paths_are_no_image_routes(service, path):
    assert (await service.get(path)).status == 404


async def test_other_methods_are_refused(service):
    answer = await service.get("tmdb/poster-default/movie-9000108", method="POST")
    assert (answer.status, answer.body, answer.header("allow")) == (405, b"", "GET,HEAD")


@pytest.mark.parametrize(
    ("fault", "status", "retry"),
    [
        (Fault(kind=FaultKind.STATUS, status=500, service="tmdb"), 502, False),
        (Fault(kind=FaultKind.STATUS, status=401, service="tmdb"), 502, False),
        (Fault(kind=FaultKind.STATUS, status=429, service="tmdb", retry_after="3"), 503, True),
        (Fault(kind=FaultKind.STATUS, status=404, service="tmdb-images"), 404, False),
        (Fault(kind=FaultKind.CORRUPT_PICTURE, service="tmdb-images"), 502, False),
        (Fault(kind=FaultKind.EMPTY, service="tmdb-images"), 502, False),
    ],
    ids=lambda value: f"{value.service} {value.kind} {value.status}" if isinstance(value, Fault) else str(value),
)
async def test_failures_of_upstreams_are_told_apart(service, double, fault, status, retry):
    double.add_fault(fault)
    path = f"imdb/poster-default/{double.catalogue.by_slug(MOVIE).imdb}.jpg"
    answer = await service.get(path)
    assert answer.status == status
    assert set(answer.json) == {"error"}
    assert answer.header("cache-control") is None
    assert (answer.header("retry-after") is not None) == retry
    assert double.base_url not in answer.body.decode()
    assert "demo-" not in answer.body.decode(), "a key of ours"
    placeholder = await service.get(f"{path}?fallback=true")
    assert (placeholder.status, size_of(placeholder)) == (200, (580, 859))
    assert placeholder.header("cache-control") == f"public, max-age={300 if status == 404 else 60}"


async def test_a_failing_database_is_a_passing_fault(service, double):
    """A key that is known in memory goes on working; one that would have to be looked up is refused for now."""
    path = f"tmdb/poster-default/{double.catalogue.by_slug(MOVIE).tmdb_id}.jpg"
    assert (await service.get(path)).status == 200
    await service.settle()
    async with service.parts.database.writing() as connection:
        await connection.execute(text("ALTER TABLE api_keys RENAME TO api_keys_away"))
    assert (await service.get(f"{path}?again")).status == 200
    answer = await service.get(path, key="t3-somebody-else")
    assert answer.status == 503
    assert set(answer.json) == {"error"}
    assert answer.header("retry-after") is not None
    async with service.parts.database.writing() as connection:
        await connection.execute(text("ALTER TABLE api_keys_away RENAME TO api_keys"))
    assert (await service.get(path, key="t3-somebody-else")).status == 401
