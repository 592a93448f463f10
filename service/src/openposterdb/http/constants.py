"""Answers that never change while the process lives: compressed once, revalidated by entity tag."""

import gzip
import hashlib
from typing import Final

from robyn import Request

from openposterdb.http.compression import accepts_gzip
from openposterdb.http.responses import Answer
from openposterdb.http.rsgi import HeaderList

_LEVEL: Final = 9
_VARY: Final = ("vary", "accept-encoding")


class ConstantAnswer:
    """A text made at start. Each of its two encodings is a representation with a strong tag of its own."""

    def __init__(
        self, body: bytes, content_type: str, *, cache_control: str, headers: HeaderList | None = None
    ) -> None:
        tag = hashlib.sha256(body).hexdigest()[:32]
        shared = [("content-type", content_type), ("cache-control", cache_control), *(headers or [])]
        self._plain = _Variant(body, shared, f'"{tag}"')
        self._gzip = _Variant(
            gzip.compress(body, _LEVEL, mtime=0), [*shared, ("content-encoding", "gzip")], f'"{tag}-gzip"'
        )

    def answer(self, request: Request) -> Answer:
        """As much smaller as the client takes it."""
        takes_gzip = accepts_gzip(request.headers.get("accept-encoding") or "")
        return (self._gzip if takes_gzip else self._plain).answer()


class _Variant:
    def __init__(self, body: bytes, headers: HeaderList, etag: str) -> None:
        self._body = body
        self._headers = [*headers, ("etag", etag), _VARY]
        self._etag = etag

    def answer(self) -> Answer:
        return Answer(200, list(self._headers), self._body, etag=self._etag)
