"""`WORKERS=2`: two processes share the port, the budget of memory and the news of changes, and are measured as one."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.e2e.conftest import KEY, assert_no_secret
from tests.e2e.processes import until, workers_of
from tests.e2e.titles import POSTER, POSTERS

CHECK = f"/{KEY}/isValid"


def maps_of(pid) -> str:
    return Path(f"/proc/{pid}/maps").read_text()


def ask_on_new_connections(server, path, times=40):
    """Each on a connection of its own, so that the kernel spreads them over the workers."""
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda _: httpx.get(server.url + path, timeout=30, trust_env=False), range(times))
        return [answer.status_code for answer in answers]


def of_route(server, route) -> int:
    found = re.findall(
        rf'^openposterdb_http_requests_total{{[^}}]*route="{route}"[^}}]*}} (\S+)$', server.metrics(), re.MULTILINE
    )
    return int(sum(map(float, found)))


@pytest.fixture
def two(start, upstreams):
    return start(WORKERS="2", IS_VALID_RATE_LIMIT="off", IMAGE_MEM_CACHE_MB="64", RENDER_CONCURRENCY="4").ready()


def test_what_both_count_adds_up_in_every_scrape(two):
    assert set(ask_on_new_connections(two, CHECK)) == {200}
    assert [of_route(two, "/:api_key/isValid") for _ in range(5)] == [40] * 5
    assert set(ask_on_new_connections(two, POSTER)) == {200}
    assert of_route(two, "hot") + of_route(two, "/:api_key/:id_type/poster-default/:id_value") == 40
    assert 'pid="' not in two.metrics()
    (folder,) = {Path(name).parent for name in re.findall(r"/\S+\.db$", maps_of(workers_of(two)[0]), re.MULTILINE)}
    two.terminate()
    assert two.ended() == 0
    assert not folder.exists(), "nothing is left in memory"


def test_limits_are_those_of_the_server_and_not_of_each_worker(two):
    assert two.value("openposterdb_render_concurrency_limit") == 4
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda path: httpx.get(two.url + path, timeout=60, trust_env=False), POSTERS * 2))
    held = until(lambda: two.value("openposterdb_cache_bytes"), "held")
    assert held <= 64 * 1024 * 1024


def test_a_killed_worker_is_replaced_and_nothing_that_it_counted_is_lost(two):
    ask_on_new_connections(two, CHECK)
    killed, other = workers_of(two)
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(set(workers_of(two)) - {killed, other}) == 1, "replaced")
    until(lambda: two.value("openposterdb_render_concurrency_limit") == 4, "measured again without the dead one", 60)
    assert two.process.poll() is None
    assert of_route(two, "/:api_key/isValid") == 40
    assert set(ask_on_new_connections(two, CHECK)) == {200}
    assert of_route(two, "/:api_key/isValid") == 80


def test_a_worker_that_dies_at_once_again_ends_the_server(two):
    def replaced(known):
        return until(lambda: set(workers_of(two)) - known, "replaced")

    first = set(workers_of(two))
    os.kill(min(first), signal.SIGKILL)
    (new,) = replaced(first)
    os.kill(new, signal.SIGKILL)
    assert two.ended() == 1


def test_a_change_in_one_worker_is_seen_by_all(start, upstreams):
    server = start(
        WORKERS="2", IS_VALID_RATE_LIMIT="off", ADMIN_USERNAME="root", ADMIN_PASSWORD="correct horse battery"
    ).ready()
    ask_on_new_connections(server, POSTER)
    login = server.client.post("/api/auth/login", json={"username": "root", "password": "correct horse battery"})
    token = {"authorization": f"Bearer {login.json()['token']}"}
    (key,) = [key["id"] for key in server.get("/api/keys", headers=token).json() if KEY.startswith(key["key_prefix"])]
    assert server.client.delete(f"/api/keys/{key}", headers=token).is_success
    until(lambda: set(ask_on_new_connections(server, POSTER)) == {401}, "refused by both", 10)


def test_the_folder_of_measurements_can_be_named_and_is_cleared_at_the_start(start, tmp_path):
    folder = tmp_path / "measurements"
    folder.mkdir()
    (folder / "counter_4000000.db").write_bytes(b"left by a server before")
    server = start(WORKERS="2", PROMETHEUS_MULTIPROC_DIR=str(folder)).ready()
    assert server.value("openposterdb_build_info") == 1
    pids = {int(path.stem.rpartition("_")[2]) for path in folder.iterdir()}
    assert pids == set(workers_of(server))
    server.terminate()
    assert server.ended() == 0
    assert_no_secret(server.err)


def test_a_signal_during_the_start_ends_all_of_them_at_once(start):
    server = start(WORKERS="2")
    until(lambda: len(workers_of(server)) == 2, "started", 60)
    server.terminate()
    assert server.ended() == 0
    assert not any("refused to gracefully stop" in line for line in server.err)
