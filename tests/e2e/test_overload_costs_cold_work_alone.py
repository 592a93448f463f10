"""More work than there is room for: what is there already goes on being answered, the rest is told when to come back."""

import contextlib
import http.client
import itertools
import json
import selectors
import socket
import threading
import time

import httpx

from tests.e2e.processes import until
from tests.e2e.titles import POSTERS, ask_for, opened

QUEUE = 128  # renders that wait with one at a time; those beyond are refused
COLD = [
    f"{path}?imageSize={size}&ratingBarPos={position}&label={label}&ratingLimit={limit}"
    for path, size, position, label, limit in itertools.product(
        POSTERS, ("large", "verylarge"), ("bottom", "top", "left-top", "right-top"), ("text", "icon"), (2, 3)
    )
]


class Hits:
    """A client that asks for what is there, again and again, and when each answer came."""

    def __init__(self, server, known) -> None:
        self.wrong: list[str] = []
        self.times: list[float] = []
        self._server, self._known, self._over = server, known, threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join(30)

    def _ask(self):
        with httpx.Client(base_url=self._server.url, timeout=30, trust_env=False) as client:
            for path, body in itertools.cycle(self._known.items()):
                if self._over.is_set():
                    return
                answer = client.get(path)
                self.times.append(time.monotonic())
                if (answer.status_code, answer.content) != (200, body):
                    self.wrong.append(f"{answer.status_code} {path}")


def burst(server, paths) -> list[tuple[str, float, http.client.HTTPResponse, bytes]]:
    """Paths, when each answer began to come, and the answers: to requests sent in one go, on connections made before."""
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as waiting:
        address = ("127.0.0.1", server.port)
        clients = [stack.enter_context(socket.create_connection(address, timeout=120)) for _ in paths]
        for client, path in zip(clients, paths, strict=True):
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: posters\r\n\r\n".encode())
            waiting.register(client, selectors.EVENT_READ)
        began = {}
        while len(began) < len(clients):
            for key, _ in waiting.select(120):
                began[key.fd] = time.monotonic()
                waiting.unregister(key.fileobj)
        answers = []
        for client, path in zip(clients, paths, strict=True):
            answer = http.client.HTTPResponse(client)
            answer.begin()
            answers.append((path, began[client.fileno()], answer, answer.read()))
        return answers


def test_while_the_queue_is_full_hits_are_answered_and_cold_work_is_told_when_to_come_back(start, upstreams):
    server = start(RENDER_CONCURRENCY="1", REQUEST_DEADLINE_SECS="120").ready()
    known = {path: answer.content for path, answer in zip(POSTERS, ask_for(server, POSTERS), strict=True)}
    with Hits(server, known) as hits:
        until(lambda: hits.times, "answered")
        answers = burst(server, COLD)
    assert hits.wrong == []
    made = [path for path, _, answer, _ in answers if answer.status == 200]
    refused = {path: (at, answer, body) for path, at, answer, body in answers if answer.status == 503}
    assert len(made) + len(refused) == len(COLD)
    assert len(made) >= QUEUE
    times = sorted(at for at, _, _ in refused.values())
    assert [at for at in hits.times if times[0] < at < times[-1]], "answered while others were turned away"
    for _, answer, body in refused.values():
        assert int(answer.headers["retry-after"]) >= 1
        assert "try again in a moment" in json.loads(body)["error"]
    path = next(iter(refused))
    until(lambda: server.get(path).status_code == 200, "made for who comes back")
    opened(server.get(path).content)
