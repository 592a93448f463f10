import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.http.routing import RouteError, Routes


def routes(*patterns, method="GET"):
    table = Routes()
    for pattern in patterns:
        table.add(method, pattern, pattern)
    return table


@pytest.mark.parametrize(
    ("path", "pattern", "params"),
    [
        ("/", "/", {}),
        ("/api/keys", "/api/keys", {}),
        ("/api/isValid", "/:key/isValid", {"key": "api"}),
        ("/api/keys/7", "/api/keys/:id", {"id": "7"}),
        (
            "/api/imdb/poster-default/tt1",
            "/:key/:type/poster-default/:file",
            {"key": "api", "type": "imdb", "file": "tt1"},
        ),
        (
            "/c/h/imdb/poster-default/tt1",
            "/c/:hash/:type/poster-default/:file",
            {"hash": "h", "type": "imdb", "file": "tt1"},
        ),
        ("/pages/deep/down", "/*path", {"path": "pages/deep/down"}),
        ("/k/imdb/other/tt1", "/*path", {"path": "k/imdb/other/tt1"}),
        ("/k//poster-default/tt1", "/*path", {"path": "k//poster-default/tt1"}),
        ("/api/keys/", "/*path", {"path": "api/keys/"}),
        ("/:key/isValid", "/:key/isValid", {"key": ":key"}),
    ],
)
def test_a_literal_beats_a_parameter_beats_the_rest(path, pattern, params):
    table = routes(
        "/*path",
        "/:key/:type/poster-default/:file",
        "/c/:hash/:type/poster-default/:file",
        "/api/keys/:id",
        "/:key/isValid",
        "/api/keys",
        "/",
    )
    match = table.match("GET", path)
    assert (match.value, match.params) == (pattern, params)


@pytest.mark.parametrize("path", ["", "//", "/x/", "/x//y", "/a", "/x/y/z"])
def test_empty_segments_and_unknown_paths_match_nothing(path):
    assert routes("/x", "/x/:y").match("GET", path) is None


def test_a_method_is_looked_for_behind_more_specific_routes():
    table = routes("/:key/:name")
    table.add("POST", "/api/keys", "post")
    assert table.match("GET", "/api/keys").value == "/:key/:name"
    assert table.match("HEAD", "/api/keys").method == "GET"
    assert table.match("DELETE", "/api/keys") is None
    assert table.allowed("/api/keys") == ["GET", "HEAD", "POST"]
    assert table.allowed("/nothing/here/at/all") == []


def test_a_head_of_its_own_may_come_before_or_after_get():
    for order in (("GET", "HEAD"), ("HEAD", "GET")):
        table = Routes()
        for method in order:
            table.add(method, "/x/:y", method)
        assert table.match("HEAD", "/x/1").value == "HEAD"
        assert table.match("GET", "/x/1").value == "GET"
        with pytest.raises(RouteError):
            table.add("HEAD", "/x/:z", "again")


@pytest.mark.parametrize("pattern", ["/:id.jpg", "/a:b", "/x*", "/*rest/more", "/:", "/*", "/:a/:a", "/:1"])
def test_what_cannot_be_meant_fails_at_the_start(pattern):
    with pytest.raises(RouteError):
        Routes().add("GET", pattern, 1)


@pytest.mark.parametrize(("first", "second"), [("/a/:x", "/a/:y"), ("/*x", "/*y"), ("/a", "/a")])
def test_two_routes_of_one_shape_fail_at_the_start(first, second):
    table = routes(first)
    with pytest.raises(RouteError):
        table.add("GET", second, 2)
    table.add("POST", second, 2)


SEGMENT = st.sampled_from(["a", "b", ":x", ":y"])
PATTERN = st.lists(SEGMENT, max_size=4).map(
    lambda parts: [f"{p}{i}" if p[0] == ":" else p for i, p in enumerate(parts)]
)
PATH = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=5).map(lambda parts: "/" + "/".join(parts))


def fits(pattern, path):
    return re.fullmatch(re.sub(r":\w+", "[^/]+", pattern), path)


def specificity(pattern):
    return tuple(segment.startswith(":") for segment in pattern.split("/"))


@given(st.lists(PATTERN, max_size=8), PATH)
def test_the_trie_finds_what_trying_every_pattern_finds(parts, path):
    by_shape = {specificity("/" + "/".join(p)) + tuple(s for s in p if s[0] != ":"): "/" + "/".join(p) for p in parts}
    table = routes(*by_shape.values())
    expected = sorted((p for p in by_shape.values() if fits(p, path)), key=specificity)
    match = table.match("GET", path)
    assert (match.value if match else None) == (expected[0] if expected else None)


@given(st.text(max_size=200).map(lambda text: "/" + text), st.sampled_from(["GET", "HEAD", "\0", "options"]))
def test_any_path_is_only_ever_found_or_not(path, method):
    table = routes("/*path", "/:key/:type/:kind/:file", "/api/keys/:id", "/:key/isValid", "/")
    match = table.match(method, path)
    if match is not None and "path" not in match.params:
        assert all(value and "/" not in value for value in match.params.values())
