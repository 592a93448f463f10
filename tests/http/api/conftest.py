"""The management API of a real service, driven as a browser or a script would."""

import json
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.http.images.conftest import KEY, clock, double, environment, service, start

__all__ = ["KEY", "clock", "double", "environment", "service", "start"]

NAME, PASSWORD = "ada", "correct horse"


@dataclass
class Client:
    """Sends JSON, remembers nothing."""

    service: object

    async def send(self, method, path, value=None, *, token=None, headers=(), body=None, **options):
        listed = dict(headers)
        if token is not None:
            listed["authorization"] = f"Bearer {token}"
        if value is not None:
            body = json.dumps(value).encode()
        if body is not None:
            listed.setdefault("content-type", "application/json")
        return await self.service.ask(method, path, headers=listed, body=body or b"", **options)

    async def get(self, path, **options):
        return await self.send("GET", path, **options)

    async def post(self, path, value=None, **options):
        return await self.send("POST", path, value, **options)

    async def put(self, path, value=None, **options):
        return await self.send("PUT", path, value, **options)

    async def patch(self, path, value=None, **options):
        return await self.send("PATCH", path, value, **options)

    async def delete(self, path, **options):
        return await self.send("DELETE", path, **options)

    async def setup(self, name=NAME, password=PASSWORD, **options):
        return await self.post("/api/auth/setup", {"username": name, "password": password}, **options)

    async def login(self, name=NAME, password=PASSWORD, **options):
        return await self.post("/api/auth/login", {"username": name, "password": password}, **options)

    async def refresh(self, cookie, **options):
        headers = {"cookie": f"refresh_token={cookie}"} if cookie is not None else {}
        return await self.post("/api/auth/refresh", headers=headers, **options)

    async def actions(self, token):
        """What the audit trail says, oldest first."""
        await self.service.settle()
        return [item["action"] for item in reversed((await self.get("/api/admin/audit", token=token)).json["items"])]


def cookie_of(answer):
    """The refresh token that an answer set."""
    return answer.header("set-cookie").partition(";")[0].removeprefix("refresh_token=")


@pytest.fixture
def client(service):
    return Client(service)


@pytest_asyncio.fixture
async def admin(client):
    """The token of the first admin."""
    return (await client.setup()).json["token"]


@pytest_asyncio.fixture
async def owner(client):
    """The token of the test key's owner."""
    return (await client.post("/api/auth/key-login", {"api_key": KEY})).json["token"]
