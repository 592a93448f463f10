"""A connection through which a test lets bytes pass, or not."""

import asyncio
from contextlib import asynccontextmanager


class Valve:
    """Forwards to a port of this machine; shut, it takes bytes and forwards none, like a network that swallows them."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._open = asyncio.Event()
        self._open.set()
        self.port = 0

    def shut(self) -> None:
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        try:
            await asyncio.gather(self._forward(reader, back), self._forward(there, writer))
        except OSError:
            pass
        finally:
            writer.close()
            back.close()

    async def _forward(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            await self._open.wait()
            target.write(data)
            await target.drain()
        target.close()


@asynccontextmanager
async def valve_before(port: int):
    valve = Valve(port)
    server = await asyncio.start_server(valve.serve, "127.0.0.1", 0)
    valve.port = server.sockets[0].getsockname()[1]
    try:
        yield valve
    finally:
        valve.open()
        server.close()
