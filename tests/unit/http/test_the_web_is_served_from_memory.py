import gzip
import re

import pytest

from openposterdb.http.lost import Lost
from openposterdb.http.robyn_import import new_app
from openposterdb.http.security import HeaderPolicy
from openposterdb.http.spa import register_static, register_web
from tests.http.adapter.rsgi_fakes import ask, started

INDEX = b"<!doctype html><script type=module src=/assets/app-1a2b.js></script>"
SCRIPT = b"console.log('hello')\n" * 50


@pytest.fixture
def build(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(INDEX)
    (tmp_path / "robots.txt").write_bytes(b"User-agent: *\n")
    (tmp_path / "assets" / "app-1a2b.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "assets" / "app-1a2b.js.br").write_bytes(b"brotli")
    return tmp_path


async def served(build, register=register_web):
    app = new_app()
    register(app, build)
    return await started(app, policy=HeaderPolicy())


@pytest.mark.parametrize("path", ["/", "/login", "/setup", "/admin", "/admin/keys/3", "/key-settings", "/welcome"])
async def test_pages_are_the_index_which_is_asked_for_anew(build, path):
    answer = await ask(await served(build), "GET", path)
    assert (answer.status, answer.body) == (200, INDEX)
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert answer.header("cache-control") == "no-cache"


async def test_the_policy_lets_in_nothing_inline_and_nobody_else(build):
    policy = (await ask(await served(build), "GET", "/admin")).header("content-security-policy")
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"unsafe|https?:|\*", policy)


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br", "br", b"brotli"),
        ("gzip", "gzip", gzip.compress(SCRIPT)),
        ("br;q=0, gzip", "gzip", gzip.compress(SCRIPT)),
        ("identity", None, SCRIPT),
        ("", None, SCRIPT),
    ],
)
async def test_assets_come_as_small_as_the_browser_takes_them_and_stay_for_a_year(build, accepted, encoding, body):
    answer = await ask(await served(build), "GET", "/assets/app-1a2b.js", headers={"accept-encoding": accepted})
    headers = dict(answer.headers)
    assert answer.status == 200
    assert answer.body[10:] == body[10:]  # a gzip header has a time in it
    assert headers.get("content-encoding") == encoding
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["vary"] == "accept-encoding"


async def test_a_browser_that_has_it_gets_a_304_and_each_encoding_has_its_tag(build):
    adapter = await served(build)
    tags = set()
    for accepted in ("br", "gzip", "identity"):
        sent = {"accept-encoding": accepted}
        tag = (await ask(adapter, "GET", "/assets/app-1a2b.js", headers=sent)).header("etag")
        again = await ask(adapter, "GET", "/assets/app-1a2b.js", headers={**sent, "if-none-match": tag})
        assert (again.status, again.body) == (304, b"")
        tags.add(tag)
    assert len(tags) == 3


@pytest.mark.parametrize(
    "path", ["/assets/gone.js", "/assets/app-1a2b.js.gz", "/nowhere", "/index.html.bak", "/assets"]
)
async def test_what_is_neither_page_nor_file_is_missing(build, path):
    answer = await ask(await served(build), "GET", path)
    assert answer.status == 404
    assert answer.body != INDEX


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


async def with_a_page_for_the_lost(build):
    app, lost = new_app(), Lost()
    register_web(app, build, lost=lost)
    return await started(app, policy=HeaderPolicy(), lost=lost)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_person_at_an_unknown_path_sees_the_webs_own_page(build, method):
    answer = await ask(await with_a_page_for_the_lost(build), method, "/nowhere/at/all", headers={"accept": BROWSER})
    assert (answer.status, answer.body) == (404, INDEX if method == "GET" else b"")
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert "script-src 'self';" in answer.header("content-security-policy")
    assert answer.header("etag") is None
    assert "accept" in answer.header("vary")


@pytest.mark.parametrize(
    ("method", "path", "accept", "status", "body"),
    [
        ("GET", "/nowhere", None, 404, b"not found"),
        ("GET", "/nowhere", "*/*", 404, b"not found"),
        ("GET", "/nowhere", "text/html;q=0, */*", 404, b"not found"),
        ("GET", "/nowhere", "image/avif,image/webp,*/*;q=0.8", 404, b"not found"),
        ("GET", "/key/imdb/poster-defualt/tt1.jpg", BROWSER, 404, b"not found"),
        ("GET", "/assets/gone.js", BROWSER, 404, b"not found"),
        ("GET", "/api", BROWSER, 404, b'{"error":"not found"}'),
        ("GET", "/api/nothing", BROWSER, 404, b'{"error":"not found"}'),
        ("GET", "/c/nothing", BROWSER, 404, b'{"error":"not found"}'),
        ("POST", "/nowhere", BROWSER, 404, b"not found"),
        ("POST", "/login", BROWSER, 405, b""),
    ],
)
async def test_programs_files_and_the_api_have_none(build, method, path, accept, status, body):
    headers = {} if accept is None else {"accept": accept}
    answer = await ask(await with_a_page_for_the_lost(build), method, path, headers=headers)
    assert (answer.status, answer.body.replace(b" ", b"")) == (status, body.replace(b" ", b""))


@pytest.mark.parametrize(
    ("path", "status", "content_type"),
    [
        ("/", 200, "text/html; charset=utf-8"),
        ("/anything/they/call/a/page", 200, "text/html; charset=utf-8"),
        ("/c", 200, "text/html; charset=utf-8"),
        ("/robots.txt", 200, "text/plain; charset=utf-8"),
        ("/assets/gone.js", 404, "text/plain; charset=utf-8"),
        ("/api", 404, "application/json"),
        ("/api/nothing", 404, "application/json"),
        ("/c/nothing", 404, "application/json"),
        (f"/{'aB' * 32}/imdb", 404, "application/json"),
        (f"/{'a' * 63}", 200, "text/html; charset=utf-8"),
    ],
)
async def test_a_web_of_somebodys_own_has_pages_nobody_knows(build, path, status, content_type):
    answer = await ask(await served(build, register_static), "GET", path)
    assert (answer.status, answer.header("content-type")) == (status, content_type)


async def test_nothing_outside_of_the_folder_is_read(build):
    (build.parent / "secret.txt").write_text("secret")
    for path in ("/../secret.txt", "/assets/../../secret.txt"):
        answer = await ask(await served(build, register_static), "GET", path)
        assert b"secret" not in answer.body
