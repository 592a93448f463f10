import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.buckets import Buckets, Rate
from openposterdb.http.hot import HotPath
from openposterdb.http.limits import Group, by_client
from openposterdb.http.responses import Keep, Outgoing
from tests.http.adapter.rsgi_fakes import FakeHeaders, FakeProto, FakeScope
from tests.manual_clock import ManualClock

TARGET = ("/0123456789abcdef0123/imdb/poster-default/tt1.jpg", "imageSize=large")
BODY = b"a picture"
HEADERS = [("content-type", "image/jpeg"), ("cache-control", "public"), ("etag", '"e"'), ("x-frame-options", "DENY")]


def kept(hot, target=TARGET, *, image="i", seconds=60.0, generation=0, on_hit=None, group=None):
    out = Outgoing(200, list(HEADERS), BODY, len(BODY))
    hot.keep(target, out, '"e"', Keep(image, seconds, on_hit), generation, group)


def ask(hot, method="GET", target=TARGET, **headers):
    proto = FakeProto()
    scope = FakeScope(method, *target, FakeHeaders([(n.replace("_", "-"), v) for n, v in headers.items()]))
    return proto if hot.answer(scope, proto) else None


def test_get_sends_the_bytes_themselves():
    hot = HotPath(ManualClock())
    kept(hot)
    answer = ask(hot)
    assert (answer.status, answer.kind, answer.headers) == (200, "bytes", HEADERS)
    assert answer.sent[0] is BODY


def test_head_has_the_headers_of_get_and_no_body():
    hot = HotPath(ManualClock())
    kept(hot)
    answer = ask(hot, "HEAD")
    assert (answer.status, answer.kind) == (200, "empty")
    assert answer.headers == [*HEADERS, ("content-length", str(len(BODY)))]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("tags", ['"e"', 'W/"e"', '"x", "e"', "*"])
def test_a_client_that_has_it_gets_304(method, tags):
    hot = HotPath(ManualClock())
    kept(hot)
    answer = ask(hot, method, if_none_match=tags)
    assert (answer.status, answer.kind) == (304, "empty")
    assert answer.headers == [pair for pair in HEADERS if pair[0] != "content-type"]
    assert ask(hot, method, if_none_match='"other"').status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get", "TRACE"])
def test_other_methods_are_left_to_the_route(method):
    hot = HotPath(ManualClock())
    kept(hot)
    assert ask(hot, method) is None


@pytest.mark.parametrize(
    "target",
    [
        (TARGET[0], ""),
        (TARGET[0], TARGET[1] + "&x=1"),
        (TARGET[0] + "/", TARGET[1]),
        ("/other" + TARGET[0][5:], TARGET[1]),
    ],
)
def test_only_the_exact_target_is_answered(target):
    hot = HotPath(ManualClock())
    kept(hot)
    assert ask(hot, target=target) is None


def test_an_entry_ends_with_its_time():
    clock = ManualClock()
    hot = HotPath(clock)
    kept(hot, seconds=5)
    clock.tick(4.9)
    assert ask(hot)
    clock.tick(0.1)
    assert ask(hot) is None


def test_a_bump_ends_all_entries_and_answers_begun_before_it():
    hot = HotPath(ManualClock())
    begun = hot.generation
    kept(hot)
    hot.bump()
    assert ask(hot) is None
    assert len(hot) == 0
    kept(hot, generation=begun)
    assert ask(hot) is None, "a route that read the old settings kept its answer"
    kept(hot, generation=hot.generation)
    assert ask(hot)


def test_dropping_an_image_drops_its_targets_only():
    hot = HotPath(ManualClock())
    others = [(f"/k{n}/imdb/poster-default/tt1", "") for n in range(3)]
    for target in others:
        kept(hot, target, image="shared")
    kept(hot, image="own")
    hot.drop("shared")
    hot.drop("unknown")
    assert [ask(hot, target=target) for target in others] == [None] * 3
    assert ask(hot)


def test_every_hit_is_counted_once():
    own = []
    hot = HotPath(ManualClock())
    kept(hot, on_hit=lambda: own.append(1))
    ask(hot)
    ask(hot, "HEAD")
    ask(hot, if_none_match="*")
    ask(hot, "POST")
    ask(hot, target=("/", ""))
    assert (hot.hits, len(own)) == (3, 3)


def test_a_client_without_a_token_is_left_to_the_route():
    clock = ManualClock()
    buckets = Buckets(Rate(2, 1.0), clock)
    hot, group = HotPath(clock), Group(buckets)
    kept(hot, group=group)
    assert [ask(hot) is not None for _ in range(3)] == [True, True, False]
    assert not buckets.allow(group.bucket(TARGET[0], "192.0.2.1")), "the bucket is the one of the route's limit"


def test_each_target_costs_a_token_of_its_own_routes_limit():
    clock = ManualClock()
    keyed, unkeyed = Group(Buckets(Rate(1, 1.0), clock)), Group(Buckets(Rate(2, 1.0), clock), by_client)
    hot, address = HotPath(clock), ("/c/0123456789abcdef/imdb/poster-default/tt1.jpg", "")
    kept(hot, group=keyed)
    kept(hot, address, group=unkeyed)
    kept(hot, ("/free", ""))
    assert [ask(hot) is not None for _ in range(2)] == [True, False]
    assert [ask(hot, target=address) is not None for _ in range(3)] == [True, True, False]
    assert not unkeyed.buckets.allow("192.0.2.1")
    assert all(ask(hot, target=("/free", "")) for _ in range(9))


def test_an_answer_without_a_body_is_not_kept():
    hot = HotPath(ManualClock())
    hot.keep(TARGET, Outgoing(200, [], b"", 9), '"e"', Keep("i", 60), 0)
    assert len(hot) == 0


@given(
    st.lists(st.tuples(st.sampled_from(["keep", "drop", "bump"]), st.integers(0, 9), st.integers(0, 3)), max_size=80)
)
def test_the_index_stays_bounded_and_consistent(steps):
    hot = HotPath(ManualClock(), max_entries=4)
    model = {}
    for step, target, image in steps:
        if step == "keep":
            model.pop(target, None)
            while len(model) >= 4:
                del model[next(iter(model))]
            model[target] = image
            kept(hot, (f"/{target}", ""), image=image, generation=hot.generation)
        elif step == "drop":
            model = {t: i for t, i in model.items() if i != image}
            hot.drop(image)
        else:
            model = {}
            hot.bump()
        assert {t for t in range(10) if ask(hot, target=(f"/{t}", ""))} == set(model)
        assert len(hot) == len(model)
        assert sum(len(targets) for targets in hot._targets.values()) == len(model), "targets leak"
