"""gzip for the JSON of the management API; pictures and pages are never compressed on the way."""

import gzip

from openposterdb.http.responses import Outgoing

_LARGER_THAN = 32  # bytes: below, gzip makes it longer
_LEVEL = 5
_VARY = ("vary", "accept-encoding")


def compress(out: Outgoing, path: str, accept_encoding: str | None) -> None:
    """Compress a JSON answer under `/api/` in place, if it is worth it and the client takes it."""
    if not path.startswith("/api/") or not isinstance(out.body, bytes) or len(out.body) <= _LARGER_THAN:
        return
    names = dict(out.headers)
    if names.get("content-type") != "application/json" or "content-encoding" in names:
        return
    out.headers.append(_VARY)
    if accept_encoding is not None and accepts_gzip(accept_encoding):
        out.body = gzip.compress(out.body, _LEVEL, mtime=0)
        out.length = len(out.body)
        out.headers.append(("content-encoding", "gzip"))


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether gzip is among the encodings, by name or as `*`, with a weight above 0."""
    weights: dict[str, bool] = {}
    for element in accept_encoding.lower().split(","):
        coding, *parameters = (part.strip() for part in element.split(";"))
        weights[coding] = not any(_is_zero(parameter) for parameter in parameters)
    return weights.get("gzip", weights.get("*", False))


def _is_zero(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.strip() == "q" and value.strip() in {"0", "0.", "0.0", "0.00", "0.000"}
