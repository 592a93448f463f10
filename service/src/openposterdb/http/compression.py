"""gzip for the JSON of the management API; pictures and pages are never compressed on the way.

An answer that holds a secret says `no-transform` in its `cache-control` and stays as it is, here and in the proxies that
keep to it: its length must tell nothing about the secret, whatever else somebody can get into it.
"""

import gzip
from typing import Final

from openposterdb.http.responses import Outgoing

_LEVEL: Final = 5
_LARGER_THAN: Final = 32  # bytes: below, gzip makes it longer
_VARY: Final = ("vary", "accept-encoding")


def compress(out: Outgoing, path: str, accept_encoding: str | None) -> None:
    """Compress a JSON answer under `/api/` in place, if it is worth it, may be, and the client takes it."""
    if not path.startswith("/api/") or not isinstance(out.body, bytes) or len(out.body) <= _LARGER_THAN:
        return
    names = dict(out.headers)
    if names.get("content-type") != "application/json" or "content-encoding" in names:
        return
    if out.etag is not None or "no-transform" in names.get("cache-control", ""):
        return  # a strong tag is one of these very bytes
    out.headers.append(_VARY)
    if accept_encoding is not None and accepts_gzip(accept_encoding):
        out.body = gzip.compress(out.body, _LEVEL, mtime=0)
        out.length = len(out.body)
        out.headers.append(("content-encoding", "gzip"))


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether gzip is among the encodings, by name or as `*`, with a weight above 0."""
    return accepts("gzip", accept_encoding)


def accepts(encoding: str, accept_encoding: str) -> bool:
    """Whether `encoding` is among those that a client takes, by name or as `*`, with a weight above 0."""
    weights: dict[str, bool] = {}
    for element in accept_encoding.lower().split(","):
        coding, *parameters = (part.strip() for part in element.split(";"))
        weights[coding] = not any(_is_zero(parameter) for parameter in parameters)
    return weights.get(encoding, weights.get("*", False))


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and value.strip() in {"0", "0.", "0.0", "0.00", "0.000"}
