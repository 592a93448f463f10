"""Servers beside the tests, each on a port and in a thread of its own."""

import asyncio
import contextlib
import threading

from aiohttp import web


class ServerBeside:
    """Serves `route` with `handler` until `close`; `origin` is where."""

    def __init__(self, route, handler, host="127.0.0.1"):
        self.host = host
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(route, handler, ready), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def _run(self, route, handler, ready):
        asyncio.set_event_loop(self.loop)
        app = web.Application()
        app.router.add_route("*", route, handler)
        runner = web.AppRunner(app)
        self.loop.run_until_complete(runner.setup())
        self.loop.run_until_complete(web.TCPSite(runner, self.host, 0).start())
        self.origin = f"http://{self.host}:{runner.addresses[0][1]}"
        ready.set()
        self.loop.run_forever()
        self.loop.run_until_complete(runner.cleanup())

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)


class Relay:
    """Lets pods reach a server that this machine alone reaches: connections to `host` and `port` lead to `target`."""

    def __init__(self, host, target):
        self.target = target
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        starting = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, host, 0), self.loop)
        self.host, self.port = starting.result(10).sockets[0].getsockname()[:2]

    async def _serve(self, reader, writer):
        try:
            other_reader, other_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._pass_on(reader, other_writer), self._pass_on(other_reader, writer))

    async def _pass_on(self, reader, writer):
        with contextlib.suppress(OSError):  # one side has gone: the other is told by the end of the stream
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def _end(self):
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def close(self):
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
