from itertools import product

from tests.http.api.conftest import KEY, Client

ORIGIN = "https://admin.example"
VARY = "origin, access-control-request-method, access-control-request-headers"
TEXTS = ["/api/auth/status", "/api/keys", "/api/nothing", f"/{KEY}/isValid", "/nothing/isValid", "/healthz", "/x/y"]
PICTURE = f"/{KEY}/imdb/poster-default/tt99000101.jpg"


async def test_what_is_no_picture_may_load_nothing(client):
    for path in TEXTS:
        answer = await client.get(path)
        assert answer.header("content-security-policy") == "default-src 'none'; frame-ancestors 'none'"
        assert answer.header("permissions-policy").startswith("camera=()")
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("x-frame-options") == "DENY"
        assert answer.header("referrer-policy") == "no-referrer"


async def test_pictures_may_be_embedded_anywhere_and_answers_of_the_api_nowhere(client):
    picture = await client.get(PICTURE)
    assert picture.status == 200
    assert picture.header("cross-origin-resource-policy") == "cross-origin"
    assert picture.header("content-security-policy") is None
    again = await client.get(PICTURE)
    assert again.headers == picture.headers or again.header("cross-origin-resource-policy") == "cross-origin"
    assert (await client.get("/api/auth/status")).header("cross-origin-resource-policy") == "same-origin"


async def test_strict_transport_security_comes_with_secure_cookies(start, client):
    name = "strict-transport-security"
    assert (await client.get("/api/auth/status")).header(name) == "max-age=63072000; includeSubDomains"
    bare = Client(await start(COOKIE_SECURE="0"))
    assert (await bare.get("/api/auth/status")).header(name) is None


async def test_without_an_origin_the_api_is_for_nobody_elses_page(client):
    for answer in (await client.get("/api/auth/status"), await client.send("OPTIONS", "/api/keys")):
        assert answer.status == 200
        assert not [name for name, _ in answer.headers if name.startswith("access-control")]
        assert VARY in answer.all("vary")
    preflight = await client.send("OPTIONS", "/api/keys", headers={"origin": "https://evil.example"})
    assert (preflight.body, preflight.header("allow")) == (b"", "GET,HEAD,POST")
    assert preflight.header("x-frame-options") is None


async def test_one_origin_may_use_the_api(start):
    client = Client(await start(CORS_ORIGIN=ORIGIN))
    for answer in (await client.get("/api/keys"), await client.get("/api/auth/status"), await client.get("/api/none")):
        assert answer.header("access-control-allow-origin") == ORIGIN
        assert answer.header("access-control-allow-credentials") == "true"
        assert VARY in answer.all("vary")
    preflight = await client.send("OPTIONS", "/api/keys/7", headers={"origin": "https://evil.example"})
    assert preflight.status == 200
    assert preflight.header("access-control-allow-origin") == ORIGIN, "never an echo"
    assert preflight.header("access-control-allow-methods") == "GET,POST,PUT,PATCH,DELETE"
    assert preflight.header("access-control-allow-headers") == "content-type,authorization"
    public = await client.get(f"/{KEY}/isValid")
    assert public.header("access-control-allow-origin") == "*"
    assert public.header("access-control-allow-credentials") is None


ALLOWED = [
    ("/api/auth/status", "GET,HEAD"),
    ("/api/auth/login", "POST"),
    ("/api/keys", "GET,HEAD,POST"),
    ("/api/keys/1", "DELETE,PATCH"),
    ("/api/keys/1/settings", "DELETE,GET,HEAD,PUT"),
    ("/api/key/me", "GET,HEAD"),
    ("/api/key/me/settings", "DELETE,GET,HEAD,PUT"),
    ("/api/admin/settings", "GET,HEAD,PUT"),
    ("/api/openapi.json", "GET,HEAD"),
    ("/docs", "GET,HEAD"),
]


async def test_a_wrong_method_is_told_the_right_ones(client):
    for path, allow in ALLOWED:
        for method in ("BREW", "PUT" if "PUT" not in allow else "POST"):
            answer = await client.send(method, path)
            assert (answer.status, answer.body, answer.header("allow")) == (405, b"", allow)


async def test_head_is_get_without_its_body(client):
    paths = ["/api/auth/status", "/api/settings/schema", "/api/openapi.json", "/docs", "/healthz"]
    for path, encoding in product(paths, ["gzip", "identity"]):
        headers = {"accept-encoding": encoding}
        get, head = await client.get(path, headers=headers), await client.send("HEAD", path, headers=headers)
        assert (head.status, head.body) == (get.status, b"")
        assert head.header("content-length") == str(len(get.body))
        volatile = {"content-length", "x-request-id"}
        assert {pair for pair in head.headers if pair[0] not in volatile} == {
            pair for pair in get.headers if pair[0] not in volatile
        }


async def test_the_api_is_compressed_where_it_is_worth_it(client, admin):
    headers = {"accept-encoding": "gzip"}
    for path in ("/api/keys", "/api/admin/settings", "/api/auth/status"):
        answer = await client.get(path, token=admin, headers=headers)
        assert answer.header("content-encoding") == "gzip"
        assert "accept-encoding" in answer.all("vary")
    short = await client.get("/api/none", headers=headers)
    assert (short.json, short.header("content-encoding")) == ({"error": "not found"}, None)
