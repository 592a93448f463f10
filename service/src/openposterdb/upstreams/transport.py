"""One attempt at one GET: bounded in time, bytes and redirects."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from openposterdb.errors import UpstreamBroken, UpstreamTimedOut
from openposterdb.upstreams.failures import AnswerTooLarge, Unreachable
from openposterdb.upstreams.hosts import AllowedHosts

MAX_REDIRECTS = 10
CONNECT_SECS = 10.0
ATTEMPT_SECS = 30.0
JSON_MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask for. `params` and the URL may hold an API key: neither is ever logged.

    `resource` names what is asked for without the key; `may_follow` judges the target of every redirect, and is None
    where it may not leave the origin that was asked. `keys` are the API keys of which one goes along as `key_parameter`.
    """

    url: str
    resource: str
    params: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    max_bytes: int = JSON_MAX_BYTES
    may_follow: Callable[[httpx.URL], bool] | None = None
    keys: tuple[str, ...] = field(default=(), repr=False)
    key_parameter: str = "api_key"

    def parameters(self, key: int) -> Mapping[str, str]:
        """What goes into the query, with the key of this number where there are keys."""
        return {self.key_parameter: self.keys[key], **self.params} if self.keys else self.params


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer of any status."""

    status: int
    headers: httpx.Headers
    body: bytes


@asynccontextmanager
async def open_client() -> AsyncGenerator[httpx.AsyncClient]:
    """The process's one HTTP client; it honours the system's proxies and CA bundle, and takes no cookies.

    How many connections a service may use is decided by its caller, so the pool itself has no bound and a hanging
    service takes no connection from another.
    """
    for name in ("httpx", "httpcore"):  # both write URLs, and with them API keys, to the log
        logging.getLogger(name).setLevel(logging.WARNING)
    async with httpx.AsyncClient(
        headers={"User-Agent": "OpenPosterDB"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=64, keepalive_expiry=30),
    ) as client:
        yield client


async def attempt(
    client: httpx.AsyncClient, service: str, question: Question, *, seconds: float, key: int = 0
) -> Answer:
    """Ask once with the key of this number, within `seconds` and never longer than 30 s.

    Raises UpstreamTimedOut, Unreachable, AnswerTooLarge, or UpstreamBroken for redirects that may not be followed.
    """
    limit = min(ATTEMPT_SECS, seconds)
    try:
        async with asyncio.timeout(limit):
            return await _follow(client, service, question, limit, key)
    except (TimeoutError, httpx.TimeoutException):
        raise UpstreamTimedOut(service, "no answer in time") from None
    except (httpx.RequestError, httpx.InvalidURL, httpx.StreamError):
        # Without its cause: the cause holds the request, and the request the key.
        raise Unreachable(service) from None


async def _follow(client: httpx.AsyncClient, service: str, question: Question, seconds: float, key: int) -> Answer:
    request: httpx.Request | None = client.build_request(
        "GET",
        question.url,
        params=question.parameters(key) or None,
        headers=question.headers,
        timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECS, seconds)),
    )
    may_follow = question.may_follow or AllowedHosts((question.url,)).allow
    for _ in range(MAX_REDIRECTS + 1):
        response = await client.send(request, stream=True, follow_redirects=False)
        try:
            request = response.next_request
            if request is None:
                return Answer(
                    response.status_code, response.headers, await _read(service, response, question.max_bytes)
                )
        finally:
            await response.aclose()
        if not may_follow(request.url):
            raise UpstreamBroken(service, "redirected to a host that is not allowed")
    raise UpstreamBroken(service, f"more than {MAX_REDIRECTS} redirects")


async def _read(service: str, response: httpx.Response, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > max_bytes:
            raise AnswerTooLarge(service, max_bytes)
    return bytes(body)
