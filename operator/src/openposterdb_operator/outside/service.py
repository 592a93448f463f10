"""The management API of a service, as an administrator uses it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from openposterdb_operator.outside.asking import Answer, Missing, NotAdmitted, Refused, Unreachable, ask

_OF_NO_SETTING: Final = frozenset({"fanart_available", "is_default"})


@dataclass(frozen=True)
class Login:
    """Where a service is and who administers it."""

    url: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class ServiceKey:
    """A key as the service shows it."""

    id: int
    name: str
    prefix: str
    expires: bool

    @classmethod
    def read(cls, shown: Mapping[str, Any]) -> "ServiceKey":
        """From an answer."""
        return cls(shown["id"], shown["name"], shown["key_prefix"], shown.get("expires_at") is not None)


@dataclass(frozen=True)
class KeySettings:
    """The settings in effect for a key, and whether they are the global ones."""

    members: Mapping[str, Any]
    follows_global: bool


class Services:
    """Services by their login. A session lasts until its token is refused; then there is one new login."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self._tokens: dict[Login, str] = {}
        self._locks: dict[Login, asyncio.Lock] = {}

    async def keys(self, login: Login) -> tuple[ServiceKey, ...]:
        """Every key."""
        return tuple(map(ServiceKey.read, (await self._ask(login, "GET", "/api/keys")).body))

    async def bring(self, login: Login, key: str, name: str) -> ServiceKey:
        """Have the service know `key`, however often it is told. Refused by a service that makes keys by itself only."""
        made = (await self._ask(login, "POST", "/api/keys", {"name": name, "key": key})).body
        if made["key"] != key:
            await self.revoke(login, made["id"])
            raise Refused("this release of the service takes no keys that it has not made: upgrade its image")
        return ServiceKey.read(made)

    async def rename(self, login: Login, key_id: int, name: str) -> None:
        """Give the key its name, and let it live for ever."""
        await self._ask(login, "PATCH", f"/api/keys/{key_id}", {"name": name, "expires_at": None})

    async def revoke(self, login: Login, key_id: int) -> None:
        """Revoke the key; nothing happens when there is none."""
        await self._ask(login, "DELETE", f"/api/keys/{key_id}")

    async def settings(self, login: Login, key_id: int) -> KeySettings:
        """The settings in effect for the key."""
        members = (await self._ask(login, "GET", f"/api/keys/{key_id}/settings")).body
        own = {name: value for name, value in members.items() if name not in _OF_NO_SETTING}
        return KeySettings(own, members["is_default"])

    async def global_settings(self, login: Login) -> Mapping[str, Any]:
        """The settings of everybody who has none of their own, and a few members beside them."""
        return (await self._ask(login, "GET", "/api/admin/settings")).body

    async def save_settings(self, login: Login, key_id: int, members: Mapping[str, Any]) -> None:
        """Change settings of the key; Refused names what is wrong."""
        await self._ask(login, "PUT", f"/api/keys/{key_id}/settings", dict(members))

    async def reset_settings(self, login: Login, key_id: int) -> None:
        """Let the key follow the global settings."""
        await self._ask(login, "DELETE", f"/api/keys/{key_id}/settings")

    async def _ask(self, login: Login, method: str, path: str, body: Any = None) -> Answer:
        answer = await ask(self._http, method, login.url + path, bearer=await self._token(login), body=body)
        if answer.status == 401:
            self._tokens.pop(login, None)
            answer = await ask(self._http, method, login.url + path, bearer=await self._token(login), body=body)
        _check(answer)
        return answer

    async def _token(self, login: Login) -> str:
        async with self._locks.setdefault(login, asyncio.Lock()):
            if login not in self._tokens:
                credentials = {"username": login.username, "password": login.password}
                answer = await ask(self._http, "POST", f"{login.url}/api/auth/login", body=credentials)
                if answer.status == 401:
                    raise NotAdmitted("the service refuses username and password")
                _check(answer)
                self._tokens[login] = answer.body["token"]
            return self._tokens[login]


def _check(answer: Answer) -> None:
    message = str(answer.members.get("error", f"answered with {answer.status}"))
    match answer.status:
        case 200 if answer.body is not None:
            return
        case 401 | 403:
            raise NotAdmitted(message)
        case 404:
            raise Missing(message)
        case 400 | 409 | 422:
            raise Refused(message)
        case _:
            raise Unreachable(f"answered with {answer.status}: is this the service?")
