"""JSON over HTTP with a deadline, and how it may go wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import aiohttp

DEADLINE_SECONDS: Final = 10.0


class OutsideError(Exception):
    """What was asked for was not done; the message is for people and holds no secret."""


class Unreachable(OutsideError):
    """Nobody answers, or not now: asking again later may help."""


class NotAdmitted(OutsideError):
    """The credentials are refused, or do not suffice."""


class Refused(OutsideError):
    """The request is wrong: asking again changes nothing."""


class Missing(OutsideError):
    """There is no such thing."""


@dataclass(frozen=True)
class Answer:
    """Status and decoded JSON; None where the body is none."""

    status: int
    body: Any

    @property
    def members(self) -> Mapping[str, Any]:
        """Those of an object; none where the body is something else."""
        body = self.body
        return cast("Mapping[str, Any]", body) if isinstance(body, dict) else {}


def session() -> aiohttp.ClientSession:
    """A session for all requests of this process; nothing is redirected, for a token would go along."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DEADLINE_SECONDS), trust_env=True)


async def ask(
    http: aiohttp.ClientSession, method: str, url: str, *, bearer: str | None = None, body: Any = None
) -> Answer:
    """The answer, whatever its status; Unreachable when there is none, or one of 429 or 5xx."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer is not None else {}
    try:
        async with http.request(method, url, headers=headers, json=body, allow_redirects=False) as response:
            text = await response.text(errors="replace")
            status = response.status
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise Unreachable(f"no answer: {type(error).__name__}") from error
    if status == 429 or status >= 500:
        raise Unreachable(f"answered with {status}")
    try:
        return Answer(status, json.loads(text) if text else None)
    except ValueError:
        return Answer(status, None)
