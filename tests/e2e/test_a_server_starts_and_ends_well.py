"""Starts, signals, readiness, and what the operator reads meanwhile."""

import ctypes
import json
import os
import shlex
import signal
import socket
import subprocess
import threading
from pathlib import Path

import httpx
import pytest

from openposterdb.images import RENDERER_EPOCH
from tests.e2e.processes import until, workers_of
from tests.e2e.titles import POSTER, POSTERS, opened

STORED = f"r{RENDERER_EPOCH}"

LIBC = ctypes.CDLL(None, use_errno=True)
PIDFD_GETFD = 438  # the same number on every machine
SLOW_PICTURE = {"kind": "slow", "service": "tmdb-images", "delay": 1.0}


def test_sigterm_lets_a_slow_request_finish_and_ends_with_0(start, upstreams):
    server = start().ready()
    upstreams.fail(SLOW_PICTURE)
    answers = []
    asking = threading.Thread(target=lambda: answers.append(server.get(POSTER)))
    asking.start()
    until(lambda: any("tmdb-images" in call for call in upstreams.calls()), "waiting for the picture")
    server.terminate()
    asking.join(20)
    assert server.ended() == 0
    (answer,) = answers
    assert answer.status_code == 200
    assert opened(answer.content).size == (580, 859)
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url, trust_env=False)
    assert stored_posters(server.folder), "kept before the end"


def test_a_balancer_that_polls_hears_of_the_end_before_the_port_closes(start, upstreams):
    server = start(DRAIN_LINGER_SECS="4").ready()
    assert server.get(POSTER).status_code == 200
    server.terminate()
    until(lambda: asked_anew(server, "/readyz").status_code == 503, "told")
    assert asked_anew(server, "/readyz").json()["status"] == "draining"
    assert asked_anew(server, POSTER).status_code == 200, "kept"
    assert asked_anew(server, POSTERS[-1]).status_code == 200, "made"
    assert asked_anew(server, "/healthz").status_code == 200
    assert server.ended() == 0
    with pytest.raises(httpx.ConnectError):
        asked_anew(server, "/readyz")


def asked_anew(server, path):
    """The answer on a connection of its own."""
    return httpx.get(server.url + path, timeout=10, trust_env=False)


def stored_posters(folder):
    return [path for path in (folder / "cache").rglob("*.jpg") if "posters" in path.parts and STORED in path.parts]


def test_readiness_names_each_dependency(server):
    answer = server.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "image_store": "ok"}
    assert answer.headers["cache-control"] == "no-store"
    assert server.get("/healthz").json() == {"status": "ok"}


def test_a_taken_port_is_one_clear_sentence(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = start(LISTEN_ADDR=f"127.0.0.1:{port}")
        assert server.ended() == 1
    assert server.out == []
    (line,) = server.err
    assert (
        line == f"127.0.0.1:{port} is taken by another program: set LISTEN_ADDR, for instance LISTEN_ADDR=0.0.0.0:3001."
    )


def test_a_wrong_variable_is_one_line_that_names_it(start):
    server = start(RENDER_CONCURRENCY="0", METRICS_ADDR="9090")
    assert server.ended() == 2
    assert server.out == []
    assert sorted(line.partition(" ")[0] for line in server.err) == ["METRICS_ADDR", "RENDER_CONCURRENCY"]


def test_a_worker_that_is_killed_takes_the_server_down_so_that_it_is_started_again(start):
    server = start().ready()
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    os.kill(int(children[-1]), signal.SIGKILL)
    assert server.ended() == 1
    assert json.loads(server.err[-1])["event"] == "Unexpected exit from worker-1"


def test_two_servers_that_start_together_on_an_empty_folder_share_the_migration(start, tmp_path):
    servers = [start(tmp_path), start(tmp_path)]
    for server in servers:
        assert server.ready().get("/readyz").json()["database"] == "ok"
    for server in servers:
        server.terminate()
    assert [server.ended() for server in servers] == [0, 0]


def curl_of(server) -> tuple[str, list[str]]:
    """The URL of the first line and the command of the second."""
    until(lambda: len(server.out) >= 2 or server.process.poll() is not None, "announced")
    server.ready()
    return server.out[0].split()[-1], shlex.split(server.out[1])


def test_run_without_a_key_is_the_demo_and_its_curl_works(start, tmp_path):
    server = start(
        tmp_path, arguments=("run",), TMDB_API_KEY="", MDBLIST_API_KEY="", OMDB_API_KEY="", FANART_API_KEY=""
    )
    url, curl = curl_of(server)
    assert url == f"http://127.0.0.1:{server.port}/"
    wall = httpx.get(url, trust_env=False)
    assert (wall.status_code, wall.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert curl[:-1] == ["curl", "-o", "poster.jpg"]
    subprocess.run([*curl, "--silent", "--fail", "--noproxy", "*"], cwd=tmp_path, check=True, timeout=30)
    assert opened((tmp_path / "poster.jpg").read_bytes()).size == (580, 859)
    server.interrupt()
    assert server.ended() == 0
    assert server.err == [], "a demo that works and is stopped by Ctrl-C says no more"


def test_run_with_a_key_makes_a_first_api_key_and_shows_it_once(start, tmp_path):
    first = start(tmp_path, arguments=("run",))
    url, curl = curl_of(first)
    assert url == f"http://127.0.0.1:{first.port}/"
    assert curl[:-1] == ["curl", "-o", "poster.jpg"]
    assert curl[-1].endswith("/imdb/poster-default/tt0111161.jpg")
    key = until(lambda: len(first.out) > 2 and first.out[2].split()[-1], "shown")
    known = curl[-1].replace("tt0111161", "tt99000102")  # the double has no real titles
    assert f"/{key}/" in known
    assert httpx.get(known, timeout=30, trust_env=False).status_code == 200
    first.terminate()
    assert first.ended() == 0
    assert not any(key in line for line in first.err)

    second = start(tmp_path, arguments=("run",))
    _, curl = curl_of(second)
    assert "/YOUR-KEY/" in curl[-1]
    assert len(second.out) == 2


def test_a_client_that_reads_nothing_is_not_waited_for_longer_than_a_minute(start, upstreams):
    server = start().ready()
    assert list(listeners_of_the_worker(server)) == [60_000]


def listeners_of_the_worker(server):
    """The kernel's time-outs, in milliseconds, of what the worker listens on: read from copies of its descriptors."""
    (worker,) = workers_of(server)
    process = os.pidfd_open(worker)
    try:
        for path in Path(f"/proc/{worker}/fd").iterdir():
            if not str(path.readlink()).startswith("socket:"):
                continue
            copied = LIBC.syscall(PIDFD_GETFD, process, int(path.name), 0)
            with socket.socket(fileno=copied) as opened:
                listens = opened.family == socket.AF_INET and opened.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
                if listens and opened.getsockname()[1] == server.port:
                    yield opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
    finally:
        os.close(process)
