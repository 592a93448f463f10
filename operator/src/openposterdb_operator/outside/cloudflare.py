"""What is needed of Cloudflare's API v4: the rules of the cache phase, and three settings of a zone.

https://developers.cloudflare.com/ruleset-engine/rulesets-api/ and .../cache/how-to/cache-rules/create-api/.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import aiohttp

from openposterdb_operator.outside.asking import Answer, Missing, NotAdmitted, OutsideError, Refused, ask

PHASE: Final = "http_request_cache_settings"
_OF_THE_TOKEN: Final = frozenset({6003, 6111, 9103, 9106, 9109, 10000})
"""Codes by which a token is refused, some of them with status 400: of a wrong form, unknown, or without the permission."""
_OF_THE_ZONE: Final = frozenset({1001, 7000, 7003})

Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Ruleset:
    """The rules of a phase in their order."""

    id: str
    rules: Sequence[Rule]


@dataclass(frozen=True)
class Zone:
    """A zone and the token that may change it."""

    id: str
    token: str = field(repr=False)


class Cloudflare:
    """A thin client; every error is an `OutsideError`."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url.rstrip("/")

    async def ruleset(self, zone: Zone) -> Ruleset | None:
        """The cache rules of the zone; None when there never were any. Missing when there is no such zone."""
        path = f"rulesets/phases/{PHASE}/entrypoint"
        answer = await self._send(zone, "GET", path)
        if answer.status == 404 and not _codes(answer) & _OF_THE_ZONE:
            return None
        result = _result(answer)
        return Ruleset(result["id"], tuple(result.get("rules") or ()))

    async def create_ruleset(self, zone: Zone, rules: Sequence[Rule]) -> None:
        """The phase's ruleset with these rules, where there was none."""
        body = {"name": "default", "kind": "zone", "phase": PHASE, "rules": list(rules)}
        _result(await self._send(zone, "POST", "rulesets", body))

    async def add_rule(self, zone: Zone, ruleset: str, rule: Rule) -> None:
        """Put a rule behind all others."""
        _result(await self._send(zone, "POST", f"rulesets/{ruleset}/rules", rule))

    async def change_rule(self, zone: Zone, ruleset: str, rule_id: str, rule: Rule) -> None:
        """Change a rule where it stands."""
        _result(await self._send(zone, "PATCH", f"rulesets/{ruleset}/rules/{rule_id}", rule))

    async def delete_rule(self, zone: Zone, ruleset: str, rule_id: str) -> None:
        """Take a rule away; nothing happens when it has gone."""
        answer = await self._send(zone, "DELETE", f"rulesets/{ruleset}/rules/{rule_id}")
        if answer.status != 404:
            _result(answer)

    async def setting(self, zone: Zone, path: str) -> Any:
        """The value of a setting, by its path below the zone; None when it was never set."""
        answer = await self._send(zone, "GET", path)
        if answer.status == 404 and not _codes(answer) & _OF_THE_ZONE:
            return None
        return _result(answer)["value"]

    async def set(self, zone: Zone, path: str, value: Any) -> None:
        """Set a setting."""
        _result(await self._send(zone, "PATCH", path, {"value": value}))

    async def _send(self, zone: Zone, method: str, path: str, body: Any = None) -> Answer:
        return await ask(self._http, method, f"{self._url}/zones/{zone.id}/{path}", bearer=zone.token, body=body)


def _errors(answer: Answer) -> Sequence[Mapping[str, Any]]:
    return cast("Sequence[Mapping[str, Any]]", answer.members.get("errors") or ())


def _codes(answer: Answer) -> frozenset[int]:
    return frozenset(error.get("code", 0) for error in _errors(answer))


def _result(answer: Answer) -> Mapping[str, Any]:
    """The envelope's content; the error that it tells of otherwise."""
    if answer.status < 300:
        return cast("Mapping[str, Any]", answer.members.get("result") or {})
    raise _error(answer)


def _error(answer: Answer) -> OutsideError:
    told = "; ".join(f"{error.get('message')} ({error.get('code')})" for error in _errors(answer))
    message = told or f"answered with {answer.status}"
    codes = _codes(answer)
    if answer.status in (401, 403) or codes & _OF_THE_TOKEN:
        return NotAdmitted(message)
    if answer.status == 404 or codes & _OF_THE_ZONE:
        return Missing(message)
    return Refused(message)
