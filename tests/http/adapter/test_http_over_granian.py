"""The wire: what clients see of the adapter behind the real server."""

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.adapter.served_app import PICTURE


@pytest.fixture
def client(server):
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=10) as client:
        yield client


def raw(server, target, *headers, method="GET", body=b""):
    lines = [f"{method} {target} HTTP/1.1".encode("latin-1"), b"host: h", b"connection: close", *headers, b"", b""]
    return server.exchange(b"\r\n".join(lines) + body)


def status(answer):
    return int(answer.split(b" ", 2)[1]) if answer else None


@pytest.mark.parametrize("query", ["", "?keep=1"])
def test_get_head_and_304_agree(client, query):
    url = f"/k/imdb/poster-default/tt1.jpg{query}"
    client.get(url)
    got = client.get(url)  # with `keep`, this one and the following come from the hot path
    assert (got.status_code, got.content) == (200, PICTURE)
    head = client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    varying = {"date"}
    assert {k: v for k, v in head.headers.items() if k not in varying} == {
        k: v for k, v in got.headers.items() if k not in varying
    }
    assert got.headers["content-length"] == str(len(PICTURE))
    not_modified = client.get(url, headers={"if-none-match": 'W/"0", "1"'})
    assert (not_modified.status_code, not_modified.content, not_modified.headers["etag"]) == (304, b"", '"1"')
    assert "content-type" not in not_modified.headers


def test_a_cold_head_has_no_length(client):
    answer = client.head("/k/imdb/poster-default/cold")
    assert answer.headers["content-type"] == "image/jpeg"
    assert "content-length" not in answer.headers


def test_one_connection_serves_many_requests(server):
    request = b"GET /k/isValid HTTP/1.1\r\nhost: h\r\n\r\n"
    last = b"GET /k/isValid HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"
    assert server.exchange(request, request, last).count(b'{"valid":true}') == 3


def test_methods_and_preflights(client):
    assert client.options("/k/isValid").headers["access-control-allow-origin"] == "*"
    answer = client.delete("/k/isValid")
    assert (answer.status_code, answer.headers["allow"], answer.content) == (405, "GET,HEAD", b"")
    assert client.get("/api/nothing").json() == {"error": "not found"}
    assert client.request("BREW", "/k/isValid").status_code == 405


def test_json_goes_in_and_out(client):
    assert client.post("/api/echo", json={"é": [1, None]}).json() == {"é": [1, None]}
    assert client.post("/api/echo", content=b"{}").status_code == 415


def test_large_bodies_are_refused_before_they_are_read(server):
    declared = raw(server, "/api/echo", b"content-length: 1000000", method="POST")
    assert status(declared) == 413
    chunk = b"3e8\r\n" + b"x" * 1000 + b"\r\n"
    chunked = raw(server, "/api/echo", b"transfer-encoding: chunked", method="POST", body=chunk * 2)
    assert status(chunked) == 413


def test_a_body_that_stops_is_answered_with_408(server):
    assert status(raw(server, "/api/echo", b"content-length: 10", method="POST", body=b"{")) == 408


def test_heads_are_limited(server):
    assert status(raw(server, "/k/isValid", b"x: " + b"a" * 100_000)) == 431
    assert status(raw(server, "/k/isValid", *[b"x%d: a" % n for n in range(150)])) == 431
    assert status(raw(server, "/k/isValid", b"x: " + b"a" * 10_000)) == 200


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/k/imdb/poster-default/%00", 200),
        ("/k/imdb/poster-default/%0d%0ax-injected:%201", 200),
        ("/k/imdb/poster-default/..%2f..%2fetc%2fpasswd", 404),
        ("/k/imdb/poster-default/%ff", 400),
        ("/k/imdb/poster-default/\xff", 400),
        ("/k/imdb/poster-default/" + "9" * 8192, 200),
        ("/k/imdb/poster-default/tt1.jpg/", 404),
        ("/k//poster-default/tt1", 404),
        ("//k/imdb/poster-default/tt1", 404),
        ("/k/imdb/poster-default/tt1?lang=%zz&&=", 200),
        ("http://h/k/isValid", 200),
        ("*", 404),
    ],
)
def test_strange_targets_are_answered(server, target, expected):
    answer = raw(server, target)
    assert status(answer) == expected
    assert b"x-injected" not in answer.partition(b"\r\n\r\n")[0]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_in_a_target_get_an_answer_that_is_no_5xx(server, target):
    answer = server.exchange(b"GET /" + target + b" HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
    assert answer == b"" or status(answer) < 500


def test_facts_of_the_connection(client):
    facts = client.get("/api/facts").json()
    assert facts["client"] == "127.0.0.1"
    assert facts["host"].startswith("127.0.0.1:")


def test_a_stream_whose_source_breaks_ends_and_the_server_goes_on(server):
    assert b"first" in raw(server, "/stream/broken")
    assert status(raw(server, "/k/isValid")) == 200


def test_a_stream_ends_when_its_client_leaves(server):
    with server.connect() as connection:
        connection.sendall(b"GET /stream/endless HTTP/1.1\r\nhost: h\r\n\r\n")
        assert connection.recv(5000)
    server.until_line("stream closed")
