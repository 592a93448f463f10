"""Clients that ask for large pictures and read nothing of them, beside clients that do."""

import asyncio
import contextlib
import socket
import sys
import time
from itertools import cycle
from pathlib import Path

from loadtests.house import House, Outcome, outcome
from openposterdb.http.unread import UNREAD_SECONDS
from tests.e2e.conftest import KEY
from tests.e2e.titles import POSTERS
from tests.fleet.replicas import some_answers, soon

READERS = 300
LARGE = f"/{KEY}/tmdb/poster-default/movie-9000101.jpg?imageSize=verylarge"
_LITTLE = 4096
_ESTABLISHED = "01"
_LATE_SECONDS = 30.0


async def slow_readers(house: House) -> Outcome:
    """300 clients ask for a very large poster and read nothing of it, beside others who look at posters"""
    for _ in range(3):
        await house.front.ask([LARGE, *POSTERS])
    size = len((await asyncio.to_thread(house.three[0].get, LARGE)).content)
    with contextlib.ExitStack() as connections:
        ends = cycle([("127.0.0.1", each.port) for each in house.three])
        idle = [connections.enter_context(asks_and_reads_nothing(next(ends))) for _ in range(READERS)]
        began = time.monotonic()
        async with house.front.under_load(POSTERS) as load:
            await some_answers(load, 2000)
            before = held(idle)
            await soon(lambda: not held(idle), "ended", UNREAD_SECONDS + _LATE_SECONDS)
        took = time.monotonic() - began
    made = outcome(house, load, house.renders())
    made.expect(f"they are connected until then ({before})", before == READERS)
    made.notes.append(f"{size / 1e6:.1f} MB each; the kernel has ended the last of them after {took:.0f} s")
    return made


def asks_and_reads_nothing(address: tuple[str, int]) -> socket.socket:
    """A connection whose window is closed after a few kB of the answer."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _LITTLE)
    reader.connect(address)
    reader.sendall(f"GET {LARGE} HTTP/1.1\r\nHost: posters\r\n\r\n".encode())
    return reader


def held(connections: list[socket.socket]) -> int:
    """How many of them stand at the server's end: the kernel tells nobody that it gave one up."""
    here = ((socket.inet_aton(host), port) for host, port in (each.getsockname() for each in connections))
    ours = {f"{int.from_bytes(address, sys.byteorder):08X}:{port:04X}" for address, port in here}
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(remote in ours and state == _ESTABLISHED for _, _, remote, state, *_ in lines)
