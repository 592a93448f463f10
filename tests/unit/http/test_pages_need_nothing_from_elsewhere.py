import re

from openposterdb import __version__
from openposterdb.http.landing import register_landing
from openposterdb.http.pages import add_page
from openposterdb.http.robyn_import import new_app
from openposterdb.http.security import HeaderPolicy
from tests.http.adapter.rsgi_fakes import ask, started


async def test_the_landing_page_keeps_to_its_policy():
    app = new_app()
    register_landing(app)
    adapter = await started(app, policy=HeaderPolicy())
    answer = await ask(adapter, "GET", "/")
    page = answer.body.decode()
    assert f"Version {__version__}" in page
    assert 'href="/docs"' in page
    policy = answer.header("content-security-policy")
    assert "default-src 'none'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script|<style|style=|https?://", page)
    for path in re.findall(r'<link rel="stylesheet" href="([^"]+)"', page):
        style = await ask(adapter, "GET", path)
        assert (style.status, style.header("content-type")) == (200, "text/css; charset=utf-8")
    again = await ask(adapter, "GET", "/", headers={"if-none-match": answer.header("etag")})
    assert (again.status, again.body) == (304, b"")


async def test_values_are_escaped():
    app = new_app()
    add_page(app, "/", "landing.html", version="<script>alert(1)</script>")
    answer = await ask(await started(app), "GET", "/")
    assert b"<script>" not in answer.body
    assert b"&lt;script&gt;" in answer.body
