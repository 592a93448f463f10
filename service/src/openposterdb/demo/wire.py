"""A small HTTP/1.1 server on loopback that can misbehave on purpose: stall, stop short, or break the connection."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from urllib.parse import parse_qsl, urlsplit

import h11

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are lower case, of a repeated query member the last value counts."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path as sent, still percent-encoded."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query, decoded."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


class Ending(Enum):
    """How an answer ends."""

    COMPLETE = auto()
    SHORT = auto()
    """Half of the body, then an orderly close."""
    RESET = auto()
    """Half of the body, then a reset connection."""
    NEVER = auto()
    """Not a byte until the client gives up."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `delay` in seconds before its first byte."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    ending: Ending = Ending.COMPLETE
    delay: float = 0.0


class LoopbackServer:
    """Serves `answer` until stopped."""

    def __init__(self, answer: Callable[[Request], Awaitable[Answer]]) -> None:
        self._answer = answer
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.base_url = ""

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes any free one. OSError when the address is taken."""
        self._server = await asyncio.start_server(self._serve, host, port)
        bound_host, bound_port = self._server.sockets[0].getsockname()[:2]
        self.base_url = f"http://{bound_host}:{bound_port}"

    async def stop(self) -> None:
        """Close the listener and every connection, hanging ones included."""
        if self._server is None:
            return
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        connection = h11.Connection(h11.SERVER)
        try:
            while (request := await _read_request(connection, reader)) is not None:
                answer = await self._answer(request)
                if not await _write_answer(connection, reader, writer, request, answer):
                    break
                connection.start_next_cycle()
        except (ConnectionError, h11.ProtocolError):
            pass  # the client left or does not speak HTTP: there is nobody to answer
        finally:
            writer.close()


async def _read_request(connection: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            headers = {name.decode("ascii"): value.decode("latin-1") for name, value in head.headers}
            return Request(head.method.decode("ascii"), head.target.decode("ascii"), headers, bytes(body))
        else:
            return None


async def _write_answer(
    connection: h11.Connection,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    request: Request,
    answer: Answer,
) -> bool:
    """Send the answer; False when the connection cannot be used again."""
    if answer.ending is Ending.NEVER:
        while await reader.read(_CHUNK):
            pass
        return False
    if answer.delay:
        await asyncio.sleep(answer.delay)
    headers = {"content-type": answer.content_type, "content-length": str(len(answer.body)), **answer.headers}
    head = h11.Response(status_code=answer.status, headers=list(headers.items()))
    writer.write(connection.send(head) or b"")
    complete = answer.ending is Ending.COMPLETE
    body = answer.body if complete else answer.body[: len(answer.body) // 2]
    if request.method != "HEAD" and body:
        writer.write(connection.send(h11.Data(data=body)) or b"")
    if complete:
        writer.write(connection.send(h11.EndOfMessage()) or b"")
    await writer.drain()
    if answer.ending is Ending.RESET:
        writer.transport.abort()
    return complete and connection.our_state is not h11.MUST_CLOSE
