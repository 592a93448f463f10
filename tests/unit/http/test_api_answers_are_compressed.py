import gzip
import json

import pytest
from robyn import Request

from openposterdb.http import responses
from openposterdb.http.compression import accepts_gzip
from openposterdb.http.robyn_import import new_app
from openposterdb.http.security import HeaderPolicy
from tests.http.adapter.rsgi_fakes import ask, started

VALUE = {"titles": ["a long list"] * 20}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5, br", True),
        ("*", True),
        ("br", False),
        ("", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
        ("xgzip", False),
    ],
)
def test_what_a_client_takes(header, expected):
    assert accepts_gzip(header) is expected


async def test_only_larger_json_of_the_api_is_compressed():
    app = new_app()

    @app.get("/api/long")
    async def long(request: Request):
        return responses.json(VALUE)

    @app.get("/api/short")
    async def short(request: Request):
        return responses.json({"a": 1})

    @app.get("/api/picture")
    async def picture(request: Request):
        return responses.image(b"x" * 100, "image/png", etag='"e"', cache_control="c")

    @app.get("/elsewhere")
    async def elsewhere(request: Request):
        return responses.json(VALUE)

    adapter = await started(app, policy=HeaderPolicy())
    takes = {"accept-encoding": "gzip, br"}
    answer = await ask(adapter, "GET", "/api/long", headers=takes)
    assert json.loads(gzip.decompress(answer.body)) == VALUE
    assert answer.header("content-encoding") == "gzip"
    assert "accept-encoding" in answer.all("vary")
    head = await ask(adapter, "HEAD", "/api/long", headers=takes)
    assert head.header("content-length") == str(len(answer.body))
    plain = await ask(adapter, "GET", "/api/long")
    assert plain.json == VALUE
    assert "accept-encoding" in plain.all("vary")
    for path in ("/api/short", "/api/picture", "/elsewhere"):
        answer = await ask(adapter, "GET", path, headers=takes)
        assert answer.header("content-encoding") is None
        assert "accept-encoding" not in answer.all("vary")
