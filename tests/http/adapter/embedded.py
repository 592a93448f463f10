"""The real server inside the test's own loop: handlers and test share events, clocks and fakes."""

import asyncio
import contextlib
import socket

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from openposterdb.http.adapter import RobynRSGI


@contextlib.asynccontextmanager
async def serving(adapter: RobynRSGI):
    """The base URL of `adapter`, which is started before and shut down after."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    await adapter.startup()
    # the bound method: a server inside a running loop cannot call `__rsgi_init__`
    server = Server(
        adapter.__rsgi__,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        log_level=LogLevels.error,
    )
    task = asyncio.create_task(server.serve())
    try:
        await _listening(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()
        await task
        await adapter.shutdown()


async def _listening(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.01)
