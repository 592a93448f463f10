"""Real services beside a cluster whose pods do not run: the operator reaches them by `SERVICE_ADDRESS`, through a router."""

import asyncio
import base64
import threading

import aiohttp
import httpx
from aiohttp import web

from tests.e2e.processes import ServerProcess


class Router:
    """`http://127.0.0.1:PORT/NAMESPACE/NAME/…` is the service that is registered there; 503 when there is none."""

    def __init__(self):
        self.services = {}
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        app = web.Application()
        app.router.add_route("*", "/{namespace}/{name}/{rest:.*}", self._pass_on)
        runner = web.AppRunner(app)
        self.loop.run_until_complete(runner.setup())
        self.loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}/{{namespace}}/{{name}}"
        ready.set()
        self.loop.run_forever()
        self.loop.run_until_complete(runner.cleanup())

    async def _pass_on(self, request):
        where = request.match_info["namespace"], request.match_info["name"]
        if where not in self.services:
            return web.Response(status=503)
        url = f"{self.services[where]}/{request.match_info['rest']}"
        names = ("authorization", "content-type")
        headers = {name: request.headers[name] for name in names if name in request.headers}
        async with (
            aiohttp.ClientSession() as http,
            http.request(request.method, url, headers=headers, data=await request.read()) as answer,
        ):
            return web.Response(status=answer.status, body=await answer.read(), content_type="application/json")

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)


class Service:
    """A server with the administrator that the operator generated, and what that one sees."""

    def __init__(self, folder, secret):
        members = {name: base64.b64decode(value).decode() for name, value in secret["data"].items()}
        folder.mkdir(exist_ok=True)
        self.credentials = {"username": members["username"], "password": members["password"]}
        self.process = ServerProcess(
            folder,
            {
                "TMDB_API_KEY": "none",
                "MDBLIST_API_KEY": "none",
                "ADMIN_USERNAME": members["username"],
                "ADMIN_PASSWORD": members["password"],
                "AUTH_RATE_LIMIT": "off",
            },
        )
        self.process.ready()
        self.http = httpx.Client(base_url=self.process.url, timeout=30, trust_env=False)
        token = self.http.post("/api/auth/login", json=self.credentials).json()["token"]
        self.http.headers["authorization"] = f"Bearer {token}"

    def all_keys(self):
        return self.http.get("/api/keys").json()

    def is_valid(self, key):
        return self.http.get(f"/{key}/isValid").status_code == 200

    def settings(self, key_id):
        return self.http.get(f"/api/keys/{key_id}/settings").json()

    def close(self):
        self.http.close()
        self.process.kill()
        self.process.close()
