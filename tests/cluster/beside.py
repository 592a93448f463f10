"""Web servers beside the tests, each on a port and in a thread of its own."""

import asyncio
import threading

from aiohttp import web


class ServerBeside:
    """Serves `route` with `handler` until `close`; `origin` is where."""

    def __init__(self, route, handler):
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
        self.loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())
        self.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        self.loop.run_forever()
        self.loop.run_until_complete(runner.cleanup())

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
