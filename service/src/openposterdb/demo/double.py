"""A double of the four upstreams on loopback, for the demo and for the tests.

Run alone with `python -m openposterdb.demo.double --port 4000`: it prints its environment and serves until stopped. For other
machines, `--host` is where it listens and `--url` what they know it by. A process that only knows its URL controls it by `GET`
and `DELETE /__double__/calls`, and by `PUT` (a JSON list of `Fault`), `DELETE` and `GET /__double__/faults`, which tells how
often each kind has struck.
"""

import argparse
import asyncio
import json
import signal
import sys
import threading
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Self
from urllib.parse import urlencode

from pydantic import ValidationError

from openposterdb.demo.answers import KEYS, Answers
from openposterdb.demo.catalogue import Catalogue, load_catalogue
from openposterdb.demo.faults import FAULT_LIST, Fault, FaultBoard, Service, spoil
from openposterdb.demo.pictures import Pictures
from openposterdb.demo.wire import Answer, LoopbackServer, Request

_SECRETS = {"api_key", "apikey"}
_CONTROL = "/__double__/"
_SERVICES = {service.value: service for service in Service}


class UpstreamDouble:
    """TMDB, Fanart.tv, MDBList and OMDb as one server; `latency` in seconds is added to every answer."""

    def __init__(self, catalogue: Catalogue | None = None, *, latency: float = 0.0, known_as: str = "") -> None:
        self.catalogue = catalogue or load_catalogue()
        self._known_as = known_as.rstrip("/")
        self.latency = latency
        self.calls: Counter[str] = Counter()
        self.faults = FaultBoard()
        self._pictures = Pictures()
        self._server = LoopbackServer(self._answer)
        self._answers: Answers | None = None

    @property
    def base_url(self) -> str:
        """Scheme, host and port, as clients know them; empty before the start."""
        return self._known_as or self._server.base_url

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes any free one. OSError when the address is taken."""
        await self._server.start(host, port)
        self._answers = Answers(self.catalogue, self._pictures, f"{self.base_url}/{Service.FANART_IMAGES}")

    async def stop(self) -> None:
        """Close every connection, hanging ones included."""
        await self._server.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def environment(self) -> dict[str, str]:
        """The variables that point the service here, keys included."""
        return {
            "TMDB_API_BASE_URL": f"{self.base_url}/{Service.TMDB}/3",
            "TMDB_IMAGE_BASE_URL": f"{self.base_url}/{Service.TMDB_IMAGES}/t/p",
            "FANART_API_BASE_URL": f"{self.base_url}/{Service.FANART}/v3",
            "FANART_IMAGE_BASE_URL": f"{self.base_url}/{Service.FANART_IMAGES}",
            "MDBLIST_API_BASE_URL": f"{self.base_url}/{Service.MDBLIST}",
            "OMDB_API_BASE_URL": f"{self.base_url}/{Service.OMDB}",
            "TMDB_API_KEY": KEYS[Service.TMDB],
            "FANART_API_KEY": KEYS[Service.FANART],
            "MDBLIST_API_KEY": KEYS[Service.MDBLIST],
            "OMDB_API_KEY": KEYS[Service.OMDB],
        }

    def count(self, service: Service | str, containing: str = "") -> int:
        """Calls of one service, or those of them whose path or query holds a text."""
        start = f"/{service}/"
        return sum(
            number
            for call, number in self.calls.items()
            if f"{call.partition(' ')[2]}/".replace("?", "/?", 1).startswith(start) and containing in call
        )

    def add_fault(self, fault: Fault) -> None:
        """Set one more fault; of several that fit a request the first one strikes."""
        self.faults.add(fault)

    def clear_faults(self) -> None:
        """Back to health."""
        self.faults.clear()

    async def _answer(self, request: Request) -> Answer:
        if request.path.startswith(_CONTROL):
            return self._control(request)
        segment, _, rest = request.path[1:].partition("/")
        service, path = _SERVICES.get(segment), f"/{rest}"
        if service is None or self._answers is None:
            return Answer(404, b'{"error":"no such upstream"}')
        self.calls[_resource(request)] += 1
        if request.method not in {"GET", "HEAD"}:
            return Answer(405, b'{"error":"method not allowed"}', headers={"allow": "GET, HEAD"})
        answer = self._answers.answer(service, path, request)
        fault = self.faults.take(service, path)
        if fault is not None:
            answer = spoil(fault, request, answer, self._pictures)
        return replace(answer, delay=answer.delay + self.latency)

    def _control(self, request: Request) -> Answer:
        match request.method, request.path.removeprefix(_CONTROL):
            case "GET", "calls":
                return Answer(200, json.dumps(self.calls).encode())
            case "DELETE", "calls":
                self.calls.clear()
            case "PUT", "faults":
                try:
                    self.faults.replace(FAULT_LIST.validate_json(request.body))
                except ValidationError as error:
                    return Answer(400, error.json(include_url=False).encode())
            case "GET", "faults":
                return Answer(200, json.dumps(self.faults.struck).encode())
            case "DELETE", "faults":
                self.faults.clear()
            case _:
                return Answer(404, b'{"error":"no such control"}')
        return Answer(200, b"{}")


def _resource(request: Request) -> str:
    """What is asked for, without the key: `GET /tmdb/3/find/tt99000101?external_source=imdb_id`."""
    query = sorted((name, value) for name, value in request.query.items() if name not in _SECRETS)
    return f"{request.method} {request.path}" + (f"?{urlencode(query)}" if query else "")


@contextmanager
def run_in_background(port: int = 0, *, latency: float = 0.0) -> Generator[Mapping[str, str]]:
    """Serve from a thread for as long as the context lasts; gives the environment. OSError when the port is taken."""
    loop = asyncio.new_event_loop()
    double = UpstreamDouble(latency=latency)
    loop.run_until_complete(double.start(port=port))
    thread = threading.Thread(target=loop.run_forever, name="upstream-double", daemon=True)
    thread.start()
    try:
        yield double.environment()
    finally:
        asyncio.run_coroutine_threadsafe(double.stop(), loop).result(timeout=5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=5)
        loop.close()


async def _serve(host: str, port: int, known_as: str) -> None:
    double = UpstreamDouble(known_as=known_as)
    await double.start(host, port)
    try:
        sys.stdout.write("".join(f"{name}={value}\n" for name, value in double.environment().items()))
        sys.stdout.flush()
        await asyncio.Event().wait()
    finally:
        await double.stop()


def main() -> None:
    """Serve in the foreground."""
    parser = argparse.ArgumentParser(
        prog="python -m openposterdb.demo.double", description="A double of the four upstreams."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; loopback unless given")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes any free port")
    parser.add_argument("--url", default="", help="what clients reach it by, where that is another address")
    arguments = parser.parse_args()
    # The first process of a container is deaf to signals that it has no handler for
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asyncio.run(_serve(arguments.host, arguments.port, arguments.url))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
