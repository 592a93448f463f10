"""Clients that ask and do not read: the kernel ends their connections, so that they hold memory for a while and not for ever.

Granian copies an answer for each client and has no time-out for writing. Linux has one, `TCP_USER_TIMEOUT`: data that is
neither acknowledged nor wanted (a closed window) for that long ends the connection. Connections inherit it from the
listener, which the server makes by itself in the worker, hence it is looked for among the descriptors of the process.
"""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

UNREAD_SECONDS: Final = 60.0
"""How long a client may leave what it asked for unread."""
_FAMILIES: Final = (socket.AF_INET, socket.AF_INET6)
_DESCRIPTORS: Final = Path("/proc/self/fd")
_USER_TIMEOUT: Final[int | None] = getattr(socket, "TCP_USER_TIMEOUT", None)


def bound_unread(seconds: float = UNREAD_SECONDS) -> int:
    """Let every connection that is accepted from now on end after `seconds` of unread data; the number of listeners found.

    0 where the kernel has no such time-out.
    """
    if _USER_TIMEOUT is None or not _DESCRIPTORS.is_dir():
        return 0
    found = 0
    for opened in _sockets():
        with opened:
            if opened.family not in _FAMILIES or opened.type != socket.SOCK_STREAM:
                continue
            if opened.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                opened.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, round(seconds * 1000))
                found += 1
    return found


def _sockets() -> Iterator[socket.socket]:
    """Every socket of the process by a descriptor of its own, which may be closed without harm to the owner's."""
    for path in _DESCRIPTORS.iterdir():
        try:
            if not str(path.readlink()).startswith("socket:"):
                continue
            descriptor = os.dup(int(path.name))
        except OSError:  # closed meanwhile
            continue
        yield socket.socket(fileno=descriptor)
