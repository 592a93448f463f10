import gzip
import json
import re

import pytest
from openapi_spec_validator import validate

from openposterdb import __version__
from openposterdb.http.image_query import IMAGE_ROUTES
from tests.http.api.conftest import Client


@pytest.fixture
def adapter_routes(service):
    """Method and OpenAPI path of everything that is served."""
    routes = service._adapter._exchange._routes.values()
    return {re.sub(r":([a-z_]+)", r"{\1}", endpoint.pattern) for endpoint in routes}


async def test_it_is_valid_and_cached(client):
    answer = await client.get("/api/openapi.json")
    assert answer.status == 200
    assert answer.header("content-type") == "application/json"
    assert answer.header("cache-control") == "public, max-age=86400"
    document = answer.json
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "OpenPosterDB API"
    assert document["info"]["version"] == __version__
    assert document["servers"] == [{"url": "/"}]
    etag = answer.header("etag")
    again = await client.get("/api/openapi.json", headers={"if-none-match": etag})
    assert (again.status, again.body) == (304, b"")
    head = await client.send("HEAD", "/api/openapi.json")
    assert (head.status, head.header("content-length")) == (200, str(len(answer.body)))


async def test_it_comes_compressed(client):
    plain = await client.get("/api/openapi.json")
    small = await client.get("/api/openapi.json", headers={"accept-encoding": "br, gzip"})
    assert small.header("content-encoding") == "gzip"
    assert json.loads(gzip.decompress(small.body)) == plain.json
    assert small.header("etag") != plain.header("etag"), "a strong tag is one of these very bytes"
    for answer in (small, plain):
        assert answer.all("vary").count("accept-encoding") == 1
    assert (await client.get("/api/openapi.json", headers={"if-none-match": small.header("etag")})).status == 200


async def test_every_route_is_in_it_and_nothing_else(client, adapter_routes):
    document = (await client.get("/api/openapi.json")).json
    pages = {"/docs", "/docs.css"}
    assert set(document["paths"]) == adapter_routes - pages
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(names) == len(set(names))
    tags = {tag["name"] for tag in document["tags"]}
    for item in document["paths"].values():
        for operation in item.values():
            assert set(operation["tags"]) <= tags
            assert operation["summary"]


async def test_image_routes_tell_what_clients_may_ask(client):
    paths = (await client.get("/api/openapi.json")).json["paths"]
    keyed = [path for path in paths if path.startswith("/{api_key}/{id_type}/") and "/rating/" not in path]
    assert len(keyed) == len(IMAGE_ROUTES)
    for kind, statuses in (
        ("poster", "200 304 400 401 404 429 500 502 503 504"),
        ("logo", "200 304 400 401 404 429 500 501 502 503 504"),
        ("backdrop", "200 304 400 401 404 429 500 501 502 503 504"),
    ):
        item = paths[f"/{{api_key}}/{{id_type}}/{kind}-default/{{id_value}}"]
        assert item["get"]["operationId"] == f"get{kind.title()}"
        assert list(item["get"]["responses"]) == statuses.split()
        assert list(item["head"]["responses"]) == statuses.split()
        parameters = {parameter["name"]: parameter for parameter in item["get"]["parameters"]}
        assert parameters["id_type"]["schema"]["enum"] == ["imdb", "tmdb", "tvdb"]
        assert parameters["lang"]["schema"]["pattern"] == r"^[a-zA-Z0-9\-]{2,5}$"
        assert parameters["imageSize"]["schema"]["default"] == "medium"
        assert ("small" in parameters["imageSize"]["schema"]["enum"]) is (kind == "backdrop")
        picture = item["get"]["responses"]["200"]
        assert list(picture["content"]) == (["image/png", "image/webp"] if kind == "logo" else ["image/jpeg"])
        assert {"Cache-Control", "ETag"} <= set(picture["headers"])
    assert "order" in {p["name"] for p in paths["/{api_key}/{id_type}/rating-order/{id_value}"]["get"]["parameters"]}
    assert paths["/{api_key}/isValid"]["get"]["operationId"] == "isValid"


async def test_cdn_routes_are_in_it_where_they_are(start):
    paths = (await Client(await start(ENABLE_CDN_REDIRECTS="true")).get("/api/openapi.json")).json["paths"]
    hashed = [path for path in paths if path.startswith("/c/")]
    assert len(hashed) == 3
    assert "401" not in paths[hashed[0]]["get"]["responses"]
    assert "302" in paths["/{api_key}/{id_type}/poster-default/{id_value}"]["get"]["responses"]


async def test_the_page_shows_every_operation_and_loads_nothing_from_elsewhere(client):
    document = (await client.get("/api/openapi.json")).json
    answer = await client.get("/docs")
    page = answer.body.decode()
    assert answer.header("content-type") == "text/html; charset=utf-8"
    policy = answer.header("content-security-policy")
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    for item in document["paths"].values():
        for method, operation in item.items():
            assert method == "head" or f'id="{operation["operationId"]}"' in page
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors <= set(re.findall(r'id="([^"]+)"', page))
    assert not re.search(r"<script|<style|style=|\son[a-z]+=|src=|url\(", page)
    assert set(re.findall(r'href="([^#"][^"]*)"', page)) == {"/docs.css", "/", "/api/openapi.json"}
    style = await client.get("/docs.css")
    assert (style.status, style.header("content-type")) == (200, "text/css; charset=utf-8")
    assert b"url(" not in style.body
    assert b"@import" not in style.body
    assert (await client.get("/docs", headers={"if-none-match": answer.header("etag")})).status == 304
