"""More work than there is room for: what is there already goes on being answered, the rest is told when to come back."""

import itertools
import threading
import time

import httpx

from tests.e2e.processes import until
from tests.e2e.titles import POSTERS, ask_for, opened

QUEUE = 128  # renders that wait with one at a time; those beyond are refused
COLD = [
    f"{path}?imageSize={size}&ratingBarPos={position}&label={label}"
    for path, size, position, label in itertools.product(
        POSTERS, ("large", "verylarge"), ("bottom", "top", "left-top", "right-top"), ("text", "icon")
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


def test_while_the_queue_is_full_hits_are_answered_and_cold_work_is_told_when_to_come_back(start, upstreams):
    server = start(RENDER_CONCURRENCY="1", REQUEST_DEADLINE_SECS="120").ready()
    known = {path: answer.content for path, answer in zip(POSTERS, ask_for(server, POSTERS), strict=True)}
    refused: dict[str, tuple[float, httpx.Response]] = {}
    made = []

    def ask(path):
        answer = server.get(path, timeout=120)
        if answer.status_code == 200:
            made.append(path)
        else:
            refused[path] = time.monotonic(), answer

    server.client = httpx.Client(
        base_url=server.url, timeout=120, trust_env=False, limits=httpx.Limits(max_connections=None)
    )
    crowd = [threading.Thread(target=ask, args=(path,)) for path in COLD]
    with Hits(server, known) as hits:
        for each in crowd:
            each.start()
        for each in crowd:
            each.join()
    assert hits.wrong == []
    assert len(made) + len(refused) == len(COLD)
    assert len(made) >= QUEUE
    times = sorted(at for at, _ in refused.values())
    assert [at for at in hits.times if times[0] < at < times[-1]], "answered while others were turned away"
    for _, answer in refused.values():
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= 1
        assert "try again in a moment" in answer.json()["error"]
    path = next(iter(refused))
    until(lambda: server.get(path).status_code == 200, "made for who comes back")
    opened(server.get(path).content)
