"""Whatever a client writes into path and query of an image route: an answer that is no fault of ours, and no memory lost."""

import asyncio
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openposterdb.config import load
from openposterdb.demo.double import UpstreamDouble
from openposterdb.http.image_query import PATH_TYPES
from tests.http.images.conftest import KEY, NOW, Service
from tests.manual_clock import GlidingClock

text = st.text(max_size=40)
words = st.sampled_from(
    [
        "",
        "true",
        "de",
        "large",
        "small",
        "verylarge",
        "imdb,tmdb",
        "left-top",
        "text",
        "%",
        "%00",
        "%ff%fe",
        "+",
        "../..",
        "\u0000",
    ]
)
ids = st.one_of(
    text,
    st.builds(
        "{}{}".format, st.sampled_from(["tt", "movie-", "series-", "tv-", "show-", "", "tt9900010"]), st.integers()
    ),
    st.builds(
        "{}{}".format,
        st.sampled_from(["tt99000108", "movie-9000108", "9900169"]),
        st.sampled_from(["", ".jpg", ".png", ".x"]),
    ),
)
names = st.sampled_from(["fallback", "lang", "imageSize", "order", "ratingBarPos", "label", "key", "break", "x", ""])
queries = st.lists(st.tuples(names | text, words | text), max_size=4)
targets = st.tuples(
    st.sampled_from([KEY, f" {KEY}", "nobodys"]) | text,
    st.sampled_from(["imdb", "tmdb", "tvdb"]) | text,
    st.sampled_from(PATH_TYPES),
    ids,
    queries,
)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One service for all examples, on a loop of its own."""
    folder = tmp_path_factory.mktemp("odd")
    with asyncio.Runner() as runner, pytest.MonkeyPatch.context() as patch:
        double = UpstreamDouble()
        runner.run(double.start())
        for name, value in {
            **double.environment(),
            "DB_DIR": str(folder / "db"),
            "CACHE_DIR": str(folder / "cache"),
            "IMAGE_RATE_LIMIT": "off",
            "IMAGE_MEM_CACHE_MB": "2",
        }.items():
            patch.setenv(name, value)
        service = Service(load(None), GlidingClock(NOW))
        runner.run(service.__aenter__())
        yield runner, service
        runner.run(service.__aexit__())
        runner.run(double.stop())


@settings(max_examples=150)
@given(targets, st.sampled_from(["GET", "GET", "HEAD"]))
def test_any_target_gets_an_answer_that_is_no_fault_of_ours(running, target, method):
    runner, service = running
    key, id_type, path_type, id_value, query = target
    path = "/".join(quote(part, safe="") for part in (key, id_type, path_type, id_value))
    pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='%+')}" for name, value in query)
    service.clock.tick(3)
    answer = runner.run(service.ask(method, f"/{path}?{pairs}"))
    assert answer.status in {200, 400, 401, 404}
    if answer.status == 200:
        assert answer.header("content-type") in {"image/jpeg", "image/png"}
    elif method == "GET" and answer.header("content-type") == "application/json":
        assert set(answer.json) == {"error"}
    assert KEY not in str(answer.headers)
    assert method == "GET" or not answer.body


def test_hundreds_of_titles_that_do_not_exist_leave_no_trace(running):
    runner, service = running

    async def ask_all():
        for start in range(0, 300, 50):
            answers = await asyncio.gather(
                *(service.get(f"imdb/poster-default/tt7{n}") for n in range(start, start + 50))
            )
            assert {answer.status for answer in answers} == {404}
            service.clock.tick(1)

    runner.run(ask_all())
    images = service.parts.images
    runner.run(service.settle())
    assert len(images._requests) == 0
    assert len(images._errors) <= 150, "those of the last seconds"
    assert len(images._generation._titles._found) < 100
    assert len(images._degraded) == 0


def test_every_cache_has_a_bound(running):
    """A cache without one would grow with the imagination of clients."""
    _, service = running
    parts = service.parts
    knowledge = parts.images._knowledge
    generation = parts.images._generation
    for cache in (
        parts.images._errors,
        parts.images._degraded,
        parts.images._renewal._refreshed,
        parts.images._renewal._resolved,
        parts.images._renewal._failing,
        parts.images._likely._tiers,
        knowledge._titles._values,
        knowledge._known._values,
        generation._titles._found._values,
        generation._titles._details._values,
        generation._ratings._complete._values,
        generation._chooser._answers._values,
        parts.keys._owners._values,
        parts.settings._held._values,
        parts.placeholders._drawn._values,
    ):
        assert cache.currsize <= cache.maxsize < float("inf")
        assert cache.ttl < float("inf")


def test_a_client_that_invents_parameters_fills_the_hot_path_up_to_its_bound_only(running):
    runner, service = running
    service.hot._max_entries, before = 50, service.hot._max_entries

    async def ask_all():
        for n in range(300):
            assert (await service.get(f"tmdb/poster-default/movie-9000108?break={n}")).status == 200

    renders = service.renders()
    try:
        runner.run(ask_all())
        assert len(service.hot) == 50
        assert sum(len(targets) for targets in service.hot._targets.values()) == 50
        assert service.renders() <= renders + 1
    finally:
        service.hot._max_entries = before
