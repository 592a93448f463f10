"""What the adapter asks of an RSGI server (version 1.6), as protocols: Granian has the real ones, tests have small fakes."""

from collections.abc import AsyncIterator
from typing import Protocol

HeaderList = list[tuple[str, str]]


class ScopeHeaders(Protocol):
    """Request headers by lower-case name; `items` keeps repeated names."""

    def get(self, key: str, default: str | None = None, /) -> str | None:
        """The first value."""
        ...

    def items(self) -> list[tuple[str, str]]:
        """All of them."""
        ...


class Scope(Protocol):
    """One request: `path` is percent-decoded (lossily), `query_string` is raw, `client` is `address:port`."""

    @property
    def proto(self) -> str: ...  # noqa: D102
    @property
    def scheme(self) -> str: ...  # noqa: D102
    @property
    def method(self) -> str: ...  # noqa: D102
    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def query_string(self) -> str: ...  # noqa: D102
    @property
    def client(self) -> str: ...  # noqa: D102
    @property
    def authority(self) -> str | None: ...  # noqa: D102
    @property
    def headers(self) -> ScopeHeaders: ...  # noqa: D102


class StreamTransport(Protocol):
    """The sending half of a streamed answer; its queue is unbounded."""

    async def send_bytes(self, data: bytes) -> None: ...  # noqa: D102
    async def send_str(self, data: str) -> None: ...  # noqa: D102


class HTTPProtocol(Protocol):
    """The way back to the client. Header names are lower-case; invalid headers are dropped silently."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def response_empty(self, status: int, headers: HeaderList) -> None: ...  # noqa: D102
    def response_str(self, status: int, headers: HeaderList, body: str) -> None: ...  # noqa: D102
    def response_bytes(self, status: int, headers: HeaderList, body: bytes) -> None: ...  # noqa: D102
    def response_file(self, status: int, headers: HeaderList, file: str) -> None: ...  # noqa: D102
    def response_stream(self, status: int, headers: HeaderList) -> StreamTransport: ...  # noqa: D102
