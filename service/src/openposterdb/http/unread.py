"""Clients that ask and do not read: the kernel ends their connections, so that they hold memory for a while and not for ever.

Granian copies an answer for each client and has no time-out for writing. Linux has one, `TCP_USER_TIMEOUT`: data that is
neither acknowledged nor wanted (a closed window) for that long ends the connection. Connections inherit it from the
listener, which the server makes by itself in the worker, hence it is looked for among the descriptors of the process.
"""

import socket
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
    for descriptor in _DESCRIPTORS.iterdir():
        listener = _listener(int(descriptor.name))
        if listener is not None:
            listener.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, round(seconds * 1000))
            listener.detach()  # the descriptor is the server's
            found += 1
    return found


def _listener(descriptor: int) -> socket.socket | None:
    """The TCP socket behind a descriptor if it listens."""
    try:
        opened = socket.socket(fileno=descriptor)
    except OSError:  # no socket, or closed meanwhile
        return None
    if (
        opened.family in _FAMILIES
        and opened.type == socket.SOCK_STREAM
        and opened.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    ):
        return opened
    opened.detach()
    return None
