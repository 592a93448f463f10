"""Real services beside a cluster whose pods do not run: the operator reaches them by `SERVICE_ADDRESS`, through a router."""

import base64

import aiohttp
import httpx
from aiohttp import web

from tests.cluster.beside import ServerBeside
from tests.e2e.processes import ServerProcess


class Router(ServerBeside):
    """`http://127.0.0.1:PORT/NAMESPACE/NAME/…` is the service that is registered there; 503 when there is none."""

    def __init__(self):
        self.services = {}
        super().__init__("/{namespace}/{name}/{rest:.*}", self._pass_on)
        self.address = f"{self.origin}/{{namespace}}/{{name}}"

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


class Service:
    """A server with the administrator that the operator generated, and what that one sees."""

    def __init__(self, folder, secret, **variables):
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
                **variables,
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
