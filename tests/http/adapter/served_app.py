"""An application as the service writes them: small, real, with a route for everything that the server tests need."""

import asyncio
import os
import urllib.request
from typing import Any

from pydantic import RootModel
from robyn import Request, Response, Robyn, StreamingResponse

from openposterdb.clock import SystemClock
from openposterdb.http import responses
from openposterdb.http.adapter import RobynRSGI
from openposterdb.http.api.parsing import parse_body
from openposterdb.http.drain import Drain
from openposterdb.http.hot import HotPath
from openposterdb.http.requests import single
from openposterdb.http.responses import Answer, Keep
from openposterdb.http.robyn_import import new_app
from openposterdb.http.security import HeaderPolicy

PICTURE = bytes(range(256)) * 400


def create_app(drain: Drain) -> Robyn:
    app = new_app()

    @app.get("/:api_key/isValid")
    async def is_valid(request: Request) -> Response:
        if request.path_params["api_key"] != "k":
            return responses.json({"valid": False, "error": "Unauthorized"}, status=401)
        return responses.json({"valid": True})

    @app.get("/:api_key/:id_type/poster-default/:id_value")
    async def poster(request: Request) -> Answer:
        if request.path_params["id_value"] == "cold" and request.method == "HEAD":
            return Answer(200, [("content-type", "image/jpeg")])
        keep = Keep("image token", seconds=60.0) if single(request, "keep") else None
        return responses.image(PICTURE, "image/jpeg", etag='"1"', cache_control="public, max-age=3600", keep=keep)

    @app.post("/api/echo")
    async def echo(request: Request) -> Response:
        return responses.json(parse_body(RootModel[Any], request).root)

    @app.get("/api/facts")
    async def facts(request: Request) -> Response:
        return responses.json({"in_flight": drain.in_flight, "client": request.ip_addr, "host": request.url.host})

    @app.get("/readyz")
    async def readyz() -> Response:
        return responses.json({"draining": drain.draining}, status=503 if drain.draining else 200)

    @app.get("/wait/:seconds")
    async def wait(request: Request) -> Response:
        print("waiting", flush=True)
        await asyncio.sleep(float(request.path_params["seconds"]))
        return responses.json({"waited": True})

    @app.get("/ask/:url")
    async def ask(request: Request) -> Response:
        print("waiting", flush=True)
        await asyncio.sleep(0.5)
        url = f"http://127.0.0.1:{request.path_params['url']}/"
        body = await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=5).read())
        return responses.json({"heard": body.decode()})

    @app.get("/stream/:kind")
    async def stream(request: Request) -> StreamingResponse:
        return StreamingResponse(_chunks(endless=request.path_params["kind"] == "endless"), media_type="text/plain")

    return app


async def _chunks(*, endless: bool):
    try:
        yield b"first"
        if not endless:
            raise RuntimeError("the source broke")
        while True:
            await asyncio.sleep(0.01)
            yield b"x" * 65_536
    finally:
        print("stream closed", flush=True)


def build() -> RobynRSGI:
    clock = SystemClock()
    drain = Drain(clock, linger=float(os.environ.get("LINGER", "0")))
    app = create_app(drain)

    async def finish() -> None:
        await asyncio.sleep(0)
        print("background work finished", flush=True)

    drain.register("background", finish)
    if os.environ.get("BROKEN_START"):
        app.startup_handler(lambda: 1 / 0)
    if os.environ.get("SLOW_START"):

        async def start_slowly() -> None:
            print("starting", flush=True)
            await asyncio.sleep(1)

        app.startup_handler(start_slowly)
    app.shutdown_handler(lambda: print("shutdown handler", flush=True))
    return RobynRSGI(
        app, hot=HotPath(clock), policy=HeaderPolicy(), max_body=1000, body_timeout=0.5, drain=drain, clock=clock
    )
