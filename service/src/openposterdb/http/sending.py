"""An `Outgoing` onto the wire: HEAD without its body, files by the server, streams chunk by chunk.

A stream has no way to fail: RSGI ends it like a complete one when its source breaks, and its queue has no bound. So streams
are for what is small or slow and says by itself where it ends; pictures are sent whole, files by name.
"""

import asyncio
import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Executor
from pathlib import Path

from openposterdb.http.responses import Outgoing
from openposterdb.http.rsgi import HeaderList, HTTPProtocol, StreamTransport

BODILESS = frozenset({204, 304})
_END = object()


async def send(proto: HTTPProtocol, out: Outgoing, *, head: bool, threads: Executor) -> int:
    """Send `out` and return the status that went out (404 for a file that is gone)."""
    if isinstance(out.body, Path):
        return await _send_file(proto, out, out.body, head=head, threads=threads)
    if isinstance(out.body, bytes):
        _send_bytes(proto, out, out.body, head=head)
    else:
        await _send_stream(proto, out, out.body, head=head, threads=threads)
    return out.status


def _send_bytes(proto: HTTPProtocol, out: Outgoing, body: bytes, *, head: bool) -> None:
    if out.status in BODILESS:
        proto.response_empty(out.status, out.headers)
    elif head:
        proto.response_empty(out.status, with_length(out.headers, out.length))
    elif body:
        proto.response_bytes(out.status, out.headers, body)
    else:
        proto.response_empty(out.status, out.headers)


async def _send_file(proto: HTTPProtocol, out: Outgoing, path: Path, *, head: bool, threads: Executor) -> int:
    length = await asyncio.get_running_loop().run_in_executor(threads, _regular_size, path)
    if length is None:
        proto.response_empty(404, [])
        return 404
    headers = with_length(out.headers, length)
    if head:
        proto.response_empty(out.status, headers)
    else:
        proto.response_file(out.status, headers, str(path))
    return out.status


async def _send_stream(
    proto: HTTPProtocol,
    out: Outgoing,
    chunks: AsyncGenerator[str | bytes, None] | Generator[str | bytes, None, None],
    *,
    head: bool,
    threads: Executor,
) -> None:
    if head:
        proto.response_empty(out.status, out.headers)
        await _close(chunks)
        return
    transport = proto.response_stream(out.status, out.headers)
    try:
        if inspect.isasyncgen(chunks):
            async for chunk in chunks:
                await _send_chunk(transport, chunk)
        else:
            loop = asyncio.get_running_loop()
            step: Callable[[], object] = lambda: next(chunks, _END)  # noqa: E731 # pyright: ignore
            while (chunk := await loop.run_in_executor(threads, step)) is not _END:
                await _send_chunk(transport, chunk)
    finally:
        await _close(chunks)


async def _send_chunk(transport: StreamTransport, chunk: object) -> None:
    if isinstance(chunk, bytes):
        await transport.send_bytes(chunk)
    else:
        await transport.send_str(str(chunk))


async def _close(chunks: AsyncGenerator[str | bytes, None] | Generator[str | bytes, None, None]) -> None:
    if inspect.isasyncgen(chunks):
        await chunks.aclose()
    elif inspect.isgenerator(chunks):
        chunks.close()


def with_length(headers: HeaderList, length: int | None) -> HeaderList:
    """The headers with `content-length`, unless it is there already or not known."""
    if length is None or any(name == "content-length" for name, _ in headers):
        return headers
    return [*headers, ("content-length", str(length))]


def _regular_size(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None
