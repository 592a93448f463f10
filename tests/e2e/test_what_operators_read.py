"""Logs and metrics: in the form that was asked for, where they were asked for, and without a secret in them."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.e2e.conftest import KEY, SECRETS, assert_no_secret
from tests.e2e.processes import until
from tests.e2e.titles import POSTER

WRONG_KEY = "t3-11111111-2222-4333-8444-555555555555"
CONSOLE_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z \[(debug|info|warning|error) *\] \S+ ")
FAULTS = (
    {"kind": "status", "status": 401},
    {"kind": "status", "status": 500},
    {"kind": "reset"},
    {"kind": "html"},
    {"kind": "redirect-elsewhere"},
    {"kind": "redirect-loop"},
    {"kind": "hang"},
    {"kind": "truncated-picture"},
    {"kind": "status", "status": 429, "retry_after": "1"},  # last, for it is heeded: what comes after is not even asked
)


def listening_ports(group: int) -> set[int]:
    """Ports on which the processes of a group accept TCP connections."""
    inodes = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int((process / "stat").read_text().rpartition(") ")[2].split()[2]) == group:
                inodes |= {link.readlink().name for link in (process / "fd").iterdir()}
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # it ended meanwhile, or is not ours
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(row[1].partition(":")[2], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes}


def test_every_line_is_a_json_object_that_says_what_when_and_how_bad(server):
    assert server.get(POSTER).status_code == 200
    server.get(f"/{WRONG_KEY}/imdb/poster-default/tt99000102.jpg")
    until(lambda: any('"status": 401' in line for line in server.err), "logged")
    for line in list(server.err):
        entry = json.loads(line)
        assert {"event", "level", "timestamp", "logger"} <= entry.keys(), line
    assert server.out == []


def test_metrics_are_at_their_own_address_only(server):
    ours = server.metrics()
    assert "openposterdb_build_info" in ours
    assert 'openposterdb_http_requests_total{method="GET",route="/readyz",status="200"}' in ours
    for path in ("/metrics", f"/{KEY}/metrics", "/api/metrics"):
        answer = server.get(path)
        assert answer.status_code == 404
        assert "openposterdb_" not in answer.text
    assert listening_ports(server.process.pid) == {server.port, server.metrics_port}


def test_without_metrics_there_is_one_port_and_with_console_logs_one_line_per_event(start, upstreams):
    server = start(METRICS_ADDR="off", LOG_FORMAT="console", LOG_LEVEL="debug").ready()
    assert listening_ports(server.process.pid) == {server.port}
    upstreams.fail({"kind": "html", "service": "mdblist"})
    assert server.get(POSTER).status_code == 200
    server.terminate()
    assert server.ended() == 0
    assert any("ratings_provider_failed" in line for line in server.err)
    assert [line for line in server.err if not CONSOLE_LINE.match(line)] == []


def test_no_key_in_logs_errors_and_metrics_whatever_goes_wrong(start, upstreams):
    server = start(LOG_LEVEL="debug", REQUEST_DEADLINE_SECS="1").ready()
    told = []
    for number, fault in enumerate(FAULTS):
        upstreams.fail(fault)
        first = 9000101 + 3 * number  # other titles each time, so that none is remembered
        paths = [
            f"/{KEY}/tmdb/poster-default/movie-{first}.jpg",
            f"/{KEY}/tmdb/poster-default/movie-{first + 1}.jpg?lang=fr",
            f"/{KEY}/imdb/logo-default/tt{first + 90000002}.png",
            f"/{KEY}/imdb/backdrop-default/tt{first + 90000002}.jpg?fallback=true",
        ]
        with ThreadPoolExecutor(4) as threads:
            told += threads.map(server.get, paths)
    upstreams.heal()
    odd = (
        f"/{KEY}",
        f"/{KEY}/",
        f"//{KEY}/imdb/poster-default/tt99000102.jpg",
        f"/{KEY}/imdb/poster-default/nonsense.jpg",
        f"/{KEY}/imdb/no-such-kind/tt99000102.jpg",
        f"/{KEY}/imdb/poster-default/tt99000102.jpg?imageSize=huge",
        f"/api/{KEY}",
        f"/c/{KEY}",
        f"/imdb/{KEY}/poster-default/tt99000102.jpg",
        f"/mine/imdb/poster-default/{KEY}.jpg",
        f"/{KEY}%2fimdb/poster-default/tt99000102.jpg",
        f"/{WRONG_KEY}/imdb/poster-default/tt99000102.jpg",
        f"/{KEY}/isValid",
    )
    told += [server.get(path) for path in odd]
    told.append(server.client.post(f"/{KEY}/imdb/poster-default/tt99000102.jpg", content=KEY))
    assert {404, 401, 502, 504} <= {answer.status_code for answer in told}
    assert 500 not in {answer.status_code for answer in told}
    for answer in told:
        parts = (answer.content.decode("latin-1"), *answer.headers.values())
        assert not any(secret in part for part in parts for secret in (*SECRETS, WRONG_KEY))
    metrics = server.metrics()
    assert "tt99" not in metrics
    assert not any(secret in metrics for secret in (*SECRETS, WRONG_KEY))
    server.terminate()
    assert server.ended() == 0
    assert len(server.err) > len(told) / 2, "it did log"
    assert_no_secret(server.out + server.err)
    assert not any(WRONG_KEY in line for line in server.err)
    host = httpx.URL(upstreams.variables["TMDB_API_BASE_URL"]).netloc.decode()
    assert not any(host in line for line in server.err), "no upstream URL"
