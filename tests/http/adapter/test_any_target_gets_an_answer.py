import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import RootModel
from robyn import Request

from openposterdb.buckets import Buckets, Rate
from openposterdb.clock import SystemClock
from openposterdb.http import responses
from openposterdb.http.api.parsing import parse_body
from openposterdb.http.hot import HotPath
from openposterdb.http.limits import Group, Limits
from openposterdb.http.requests import single
from openposterdb.http.responses import Keep
from openposterdb.http.robyn_import import new_app
from openposterdb.http.security import HeaderPolicy
from tests.http.adapter.rsgi_fakes import FakeHeaders, FakeProto, FakeScope, started

IMAGE = "/:key/:id_type/poster-default/:file"


async def adapter_under_test():
    app, clock = new_app(), SystemClock()

    @app.get(IMAGE)
    async def image(request: Request):
        single(request, "lang")
        body = repr(sorted(request.path_params.items())).encode("utf-8", "replace")
        return responses.image(body, "image/jpeg", etag='"e"', cache_control="public", keep=Keep("t", 60))

    @app.get("/:key/isValid")
    async def valid(request: Request):
        return {"key": request.path_params["key"], "headers": request.headers.to_dict()}

    @app.post("/api/echo")
    async def echo(request: Request):
        return responses.json(parse_body(RootModel[Any], request).root)

    @app.get("/pages/*rest")
    async def page(request: Request):
        return request.path_params["rest"]

    buckets = Buckets(Rate(10**9, 1e-9), clock)
    return await started(
        app,
        hot=HotPath(clock, max_entries=50),
        limits=Limits({IMAGE: Group(buckets)}),
        policy=HeaderPolicy(),
        trusted_proxies=["192.0.2.0/24"],
    )


NASTY = st.sampled_from(
    [
        "..",
        ".",
        "..%2f",
        "..\\",
        "\0",
        "\r\nx: y",
        "\ufffd",
        "%",
        "%zz",
        "é",
        "tt1.jpg",
        "a" * 8192,
        ":key",
        "*",
        "?",
        "#",
        " ",
    ]
)
SEGMENT = st.one_of(
    st.sampled_from(["k", "imdb", "poster-default", "isValid", "api", "pages", "echo", "c", ""]),
    NASTY,
    st.text(max_size=8),
)
PATH = st.lists(SEGMENT, max_size=6).map(lambda parts: "/" + "/".join(parts))
QUERY = st.one_of(st.text(max_size=40), st.lists(SEGMENT.map(lambda s: f"lang={s}"), max_size=3).map("&".join))
METHOD = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW"])
NAMES = st.sampled_from(
    [
        "host",
        "cookie",
        "if-none-match",
        "x-forwarded-for",
        "x-forwarded-proto",
        "content-type",
        "content-length",
        "x-request-id",
        "x",
    ]
)
VALUES = st.one_of(
    st.text(max_size=30), st.sampled_from(["application/json", "*", '"e"', "99999999999", "-1", "1.1.1.1, ,"])
)


@pytest.fixture(scope="module")
def adapter():
    """The adapter and the loop that all examples share."""
    with asyncio.Runner() as runner:
        yield runner, runner.run(adapter_under_test())


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(METHOD, PATH, QUERY, st.lists(st.tuples(NAMES, VALUES), max_size=4), st.binary(max_size=60))
@example("GET", "/k/imdb/poster-default/" + "9" * 8192, "", [], b"")
@example("GET", "/k/imdb/poster-default/..%2f..%2fetc", "lang=%ff%00", [], b"")
@example("HEAD", "/k/imdb/poster-default/\0\r\n", "&&&==", [], b"")
@example("POST", "/api/echo", "", [("content-type", "application/json")], b"[" * 60)
@example("POST", "/api/echo", "", [("content-type", "application/json")], b'"\\ud800"')
def test_the_adapter_never_fails_by_itself(adapter, method, path, query, headers, body):
    runner, application = adapter
    scope = FakeScope(method, path, query, FakeHeaders(headers))
    for _ in range(2):  # the second answer may come from the hot path
        proto = FakeProto([body] if body else [])
        runner.run(application.__rsgi__(scope, proto))
        assert proto.kind is not None
        assert proto.status < 500, proto.body
