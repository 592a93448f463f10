"""An RSGI scope as Robyn's `Request`, and the parts of a request that handlers read in a checked form."""

import asyncio
from typing import Any
from urllib.parse import unquote_plus

from robyn import Headers, Request
from robyn.robyn import QueryParams, Url

from openposterdb.http.errors import Rejected
from openposterdb.http.rsgi import HeaderList, HTTPProtocol, Scope

WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


async def read_body(scope: Scope, proto: HTTPProtocol, *, limit: int, seconds: float) -> bytes:
    """The body. Rejected with 413 beyond `limit` bytes, with 408 if it takes longer than `seconds`."""
    declared = scope.headers.get("content-length")
    if declared is not None and declared.isdecimal() and int(declared[:20]) > limit:
        raise Rejected(413, f"the body may have {limit} bytes")
    chunks: list[bytes] = []
    received = 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in proto:
                received += len(chunk)
                if received > limit:
                    raise Rejected(413, f"the body may have {limit} bytes")
                chunks.append(chunk)
    except TimeoutError:
        raise Rejected(408, "the body did not arrive in time") from None
    return b"".join(chunks)


def build_request(
    scope: Scope,
    *,
    params: dict[str, str],
    body: bytes,
    address: str,
    scheme: str,
    extra_headers: HeaderList | None = None,
) -> Request:
    """Robyn's request; `body` is `str` where it decodes, as in Robyn, and urlencoded forms are in `form_data`."""
    headers = header_values(scope)
    if extra_headers:
        headers.update(extra_headers)
    content = decoded(body)
    form: dict[str, str] = {}
    if body and str(headers.get("content-type", "")).startswith("application/x-www-form-urlencoded"):
        form = dict(query_pairs(body.decode("utf-8", "replace")))
    query = QueryParams()
    for name, value in query_pairs(scope.query_string):
        query.set(name, value)
    host = str(headers.get("host", ""))
    url = Url(scheme, host, scope.path)
    return _request(query, Headers(headers), params, content, scope.method, url, form, {}, None, address)


def header_values(scope: Scope) -> dict[str, Any]:
    """Headers by name; repeated ones as a list, cookies joined, `host` from the authority where HTTP/2 has none."""
    items = scope.headers.items()
    values: dict[str, Any] = dict(items)
    if len(values) != len(items):
        for name in values:
            every = [value for other, value in items if other == name]
            if len(every) > 1:
                values[name] = "; ".join(every) if name == "cookie" else every
    if "host" not in values and scope.authority:
        values["host"] = scope.authority
    return values


def query_pairs(query_string: str) -> list[tuple[str, str]]:
    """Names and values in order, decoded; undecodable bytes become U+FFFD."""
    if not query_string:
        return []
    pairs: list[tuple[str, str]] = []
    for part in query_string.split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((_decode(name), _decode(value)))
    return pairs


def decoded(body: bytes) -> str | bytes:
    """Text where the bytes are UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def single(request: Request, name: str) -> str | None:
    """A query parameter that may occur once; Rejected with 400 if it is repeated."""
    values = request.query_params.get_all(name)
    if not values:
        return None
    if len(values) > 1:
        raise Rejected(400, f"the parameter {name} is given more than once")
    return values[0]


def require_json(request: Request) -> None:
    """Rejected with 415 unless the content type is JSON."""
    content_type = (request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    subtype = content_type.removeprefix("application/")
    if subtype == content_type or not (subtype == "json" or subtype.endswith("+json")):
        raise Rejected(415, "the content type has to be application/json")


def _decode(text: str) -> str:
    return unquote_plus(text) if "%" in text or "+" in text else text


_request: Any = Request  # the stub declares a dataclass whose fields are in another order than the constructor's
