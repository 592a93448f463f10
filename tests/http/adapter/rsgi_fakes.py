"""A scope and a protocol as small as they can be: the adapter in front of neither a socket nor a server."""

import json
from dataclasses import dataclass, field

from openposterdb.http.adapter import RobynRSGI


class FakeHeaders:
    def __init__(self, pairs):
        self.pairs = [(name.lower(), value) for name, value in pairs]

    def get(self, key, default=None):
        return next((value for name, value in self.pairs if name == key), default)

    def items(self):
        return list(self.pairs)


@dataclass
class FakeScope:
    method: str
    path: str
    query_string: str = ""
    headers: FakeHeaders = field(default_factory=lambda: FakeHeaders([]))
    proto: str = "http"
    scheme: str = "http"
    client: str = "192.0.2.1:40000"
    authority: str | None = None


class FakeStream:
    def __init__(self, sent):
        self.sent = sent

    async def send_bytes(self, data):
        self.sent.append(data)

    async def send_str(self, data):
        self.sent.append(data.encode())


class FakeProto:
    """Records the one answer that it allows."""

    def __init__(self, chunks=()):
        self.chunks = chunks
        self.kind = None
        self.status = None
        self.headers = []
        self.sent = []

    async def __call__(self):
        return b"".join([chunk async for chunk in self])

    async def __aiter__(self):
        for chunk in self.chunks:
            yield await chunk if hasattr(chunk, "__await__") else chunk

    def close(self, status=None):
        self._answer("close", status, [])

    def response_empty(self, status, headers):
        self._answer("empty", status, headers)

    def response_bytes(self, status, headers, body):
        assert type(body) is bytes
        self._answer("bytes", status, headers)
        self.sent.append(body)

    def response_str(self, status, headers, body):
        self._answer("str", status, headers)
        self.sent.append(body.encode())

    def response_file(self, status, headers, file):
        self._answer("file", status, headers)
        self.file = file

    def response_stream(self, status, headers):
        self._answer("stream", status, headers)
        return FakeStream(self.sent)

    def _answer(self, kind, status, headers):
        assert self.kind is None, "answered twice"
        for name, value in headers:
            assert type(name) is str
            assert name == name.lower()
            assert type(value) is str
        self.kind, self.status, self.headers = kind, status, list(headers)

    @property
    def body(self):
        return b"".join(self.sent)

    @property
    def json(self):
        return json.loads(self.body)

    def header(self, name):
        values = [value for other, value in self.headers if other == name]
        assert len(values) <= 1, values
        return values[0] if values else None

    def all(self, name):
        return [value for other, value in self.headers if other == name]


async def started(app, **options) -> RobynRSGI:
    adapter = RobynRSGI(app, **options)
    await adapter.startup()
    return adapter


async def ask(adapter, method, target, *, headers=(), body=b"", client="192.0.2.1:40000", **scope):
    """One request; `target` may hold a query string, `body` is bytes or chunks."""
    path, _, query = target.partition("?")
    chunks = body if isinstance(body, list) else [body] if body else []
    listed = list(headers.items() if isinstance(headers, dict) else headers)
    if isinstance(body, bytes) and body:
        listed.append(("content-length", str(len(body))))
    proto = FakeProto(chunks)
    await adapter.__rsgi__(FakeScope(method, path, query, FakeHeaders(listed), client=client, **scope), proto)
    assert proto.kind is not None, "no answer"
    return proto
