import pytest

from openposterdb.http.access_log import redact, request_id_of
from openposterdb.http.security import HeaderPolicy

PUBLIC = ["/k/imdb/poster-default/tt1.jpg", "/k/isValid", "/c/h/imdb/logo-default/x", "/", "/apix"]
PRIVATE = ["/api/auth/status", "/api", "/api/"]


def applied(policy, path, *headers):
    listed = list(headers)
    policy.apply(path, listed)
    return listed


@pytest.mark.parametrize("path", PUBLIC + PRIVATE)
def test_browsers_are_told_to_be_careful(path):
    headers = dict(applied(HeaderPolicy(), path))
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "strict-transport-security" not in headers
    hsts = dict(applied(HeaderPolicy(hsts=True), path))["strict-transport-security"]
    assert hsts == "max-age=63072000; includeSubDomains"


def test_what_a_route_set_stays():
    assert applied(HeaderPolicy(), "/", ("x-frame-options", "SAMEORIGIN")).count(("x-frame-options", "DENY")) == 0


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("origin", [None, "https://admin.test"])
def test_any_page_may_read_public_routes_without_credentials(path, origin):
    policy = HeaderPolicy(cors_origin=origin)
    headers = dict(applied(policy, path))
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert "vary" not in headers, "a shared cache would split what is the same for everyone"
    assert dict(policy.preflight(path, "GET,HEAD"))["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", PRIVATE)
def test_one_origin_may_use_the_api(path):
    policy = HeaderPolicy(cors_origin="https://admin.test")
    for headers in (dict(applied(policy, path)), dict(policy.preflight(path, "POST"))):
        assert headers["access-control-allow-origin"] == "https://admin.test"
        assert headers["access-control-allow-credentials"] == "true"
        assert headers["vary"] == "origin, access-control-request-method, access-control-request-headers"
    assert dict(policy.preflight(path, "POST"))["allow"] == "POST"
    for unset in (None, ""):
        policy = HeaderPolicy(cors_origin=unset)
        for headers in (dict(applied(policy, path)), dict(policy.preflight(path, ""))):
            assert not [name for name in headers if name.startswith("access-control")]
            assert "vary" in headers


def test_preflights_do_not_carry_the_security_headers():
    assert "x-frame-options" not in dict(HeaderPolicy(hsts=True).preflight("/api/keys", "GET"))


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/t3-secret/imdb/poster-default/tt1.jpg", "/[REDACTED]/imdb/poster-default/tt1.jpg"),
        ("/t3-secret", "/[REDACTED]"),
        ("/t3-secret/", "/[REDACTED]/"),
        ("/api/keys/7", "/api/keys/7"),
        ("/c/hash/imdb", "/c/hash/imdb"),
        ("/apikey/x", "/[REDACTED]/x"),
        ("/", "/[REDACTED]"),
        ("//t3-secret/x", "/[REDACTED]/x"),
    ],
)
def test_keys_are_not_logged(path, logged):
    assert redact(path) == logged


def test_request_ids_are_the_callers_if_harmless():
    assert request_id_of("abc-1.2_X") == "abc-1.2_X"
    for bad in (None, "", "a b", "x" * 65, "a\nb", "é"):
        assert request_id_of(bad) != bad
    assert request_id_of(None) != request_id_of(None)
