"""What handlers return, and the one form to which the adapter brings it before it is sent.

Handlers return a `robyn.Response` (`json`, `text` and `empty` make one), a bare dict, str or bytes as anywhere in Robyn,
or an `Answer`: a finished answer whose bytes and header list are passed on as they are, and which may stay on the hot path.
"""

import json as _json
from collections.abc import AsyncGenerator, Callable, Generator, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from robyn import Headers, Response
from robyn.responses import AsyncGeneratorWrapper, StreamingResponse
from robyn.robyn import Cookies

from openposterdb.http.rsgi import HeaderList

Chunks = AsyncGenerator[str | bytes, None] | Generator[str | bytes, None, None]


@dataclass(frozen=True, slots=True)
class Keep:
    """Leave for the hot path to answer this request target from memory.

    `image` is the token that drops every target of one image, `seconds` the time until the route has to look again, and
    `on_hit` is called for every answer given meanwhile: bound beforehand, quick, never raising. `accept` is the `Accept` that
    the answer was chosen by: only requests with the very same one get it. None when it was not looked at.
    """

    image: Hashable
    seconds: float
    on_hit: Callable[[], None] | None = None
    accept: str | None = None


@dataclass(slots=True)
class Outgoing:
    """An answer ready to be sent. `length` is the body's, for HEAD; None where it is not known without making it."""

    status: int
    headers: HeaderList
    body: bytes | Path | Chunks
    length: int | None = None
    etag: str | None = None
    keep: Keep | None = None


class Answer(StreamingResponse):
    """A finished answer: Robyn passes it through untouched, its body is never copied here.

    Header names are lower-case. `length` tells the length of a body left out of an answer to HEAD.
    """

    def __init__(
        self,
        status: int,
        headers: HeaderList,
        body: bytes = b"",
        *,
        etag: str | None = None,
        keep: Keep | None = None,
        length: int | None = None,
    ) -> None:
        super().__init__(content=cast("Any", ()), status_code=status, headers=Headers({}), media_type="")
        self.header_list = headers
        self.body = body
        self.etag = etag
        self.keep = keep
        self.length = len(body) if body else length


class SendFile(StreamingResponse):
    """A file of any size, sent by the server without passing through Python; 404 if it is gone."""

    def __init__(self, path: Path, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(
            content=cast("Any", ()), status_code=status, headers=Headers(dict(headers or {})), media_type=""
        )
        self.path = path


def image(
    body: bytes,
    content_type: str,
    *,
    etag: str,
    cache_control: str,
    keep: Keep | None = None,
    headers: Sequence[tuple[str, str]] = (),
) -> Answer:
    """A picture with its strong `etag` (quotes included); the adapter answers HEAD and `If-None-Match` from it."""
    listed = [("content-type", content_type), ("cache-control", cache_control), ("etag", etag), *headers]
    return Answer(200, listed, body, etag=etag, keep=keep)


def json(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Compact JSON; half of a surrogate pair becomes a question mark."""
    return Response(status, Headers({"content-type": "application/json", **(headers or {})}), encode(value))


def text(message: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Plain text."""
    listed = Headers({"content-type": "text/plain; charset=utf-8", **(headers or {})})
    return Response(status, listed, message.encode("utf-8", "replace"))


def empty(status: int = 204, *, headers: Mapping[str, str] | None = None) -> Response:
    """No body and no content type."""
    return Response(status, Headers(dict(headers or {})), b"")


def encode(value: object) -> bytes:
    """Compact JSON in UTF-8."""
    return _json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def outgoing(result: object) -> Outgoing:
    """Whatever Robyn lets a handler return, as it goes out; TypeError for anything else."""
    if isinstance(result, Answer):
        headers = result.header_list + result.headers.multi_items()
        return Outgoing(result.status_code, headers, result.body, result.length, result.etag, result.keep)
    if isinstance(result, Response):
        return _of_response(result)
    if isinstance(result, SendFile):
        return Outgoing(result.status_code, result.headers.multi_items(), result.path)
    if isinstance(result, StreamingResponse):
        return Outgoing(result.status_code, result.headers.multi_items(), _chunks(result))
    if isinstance(result, dict | list):
        body = encode(cast("object", result))
        return Outgoing(200, [("content-type", "application/json")], body, len(body))
    if isinstance(result, str):
        body = result.encode("utf-8", "replace")
        return Outgoing(200, [("content-type", "text/plain; charset=utf-8")], body, len(body))
    if isinstance(result, bytes):
        return Outgoing(200, [("content-type", "application/octet-stream")], result, len(result))
    raise TypeError(f"a handler returned {type(result).__name__}")


def as_response(result: object) -> Response | StreamingResponse:
    """A bare value as the `Response` that `after_request` hooks are given; the rest as it is."""
    if isinstance(result, Response | StreamingResponse):
        return result
    out = outgoing(result)
    return Response(out.status, Headers(dict(out.headers)), cast("bytes", out.body))


def _of_response(response: Response) -> Outgoing:
    headers = response.headers.multi_items()
    if not response.cookies.is_empty():
        headers.extend(("set-cookie", line) for line in _cookie_lines(response.cookies))
    body = response.description
    if isinstance(body, str):
        body = body.encode("utf-8", "replace")
    return Outgoing(response.status_code, headers, body, len(body))


def _chunks(response: StreamingResponse) -> Chunks:
    content: Any = response.content
    # The wrapper drives the generator from a thread for Robyn's own server; here it runs on the loop that made it.
    return content._async_gen if isinstance(content, AsyncGeneratorWrapper) else content  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


def _cookie_lines(cookies: Cookies) -> Iterator[str]:
    for name in cookies.keys():  # noqa: SIM118 - Robyn's iterator is not one for type checkers
        cookie = cookies.get(name)
        if cookie is None:
            continue
        parts = [f"{name}={cookie.value}"]
        for attribute, value in (
            ("Path", cookie.path),
            ("Domain", cookie.domain),
            ("Max-Age", cookie.max_age),
            ("Expires", cookie.expires),
        ):
            if value is not None:
                parts.append(f"{attribute}={value}")
        if cookie.secure:
            parts.append("Secure")
        if cookie.http_only:
            parts.append("HttpOnly")
        if cookie.same_site:
            parts.append(f"SameSite={cookie.same_site}")
        yield "; ".join(parts)
