"""Who asks and reads nothing holds its answer for a while: then the kernel ends the connection."""

import socket
import threading

from openposterdb.http.unread import bound_unread


def inherited(accepted: socket.socket) -> int:
    return accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)


def test_connections_inherit_the_bound_and_nothing_else_is_touched():
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as client:
        before, _ = listener.accept()
        assert bound_unread(45.5) >= 1
        with socket.create_connection(listener.getsockname()):
            after, _ = listener.accept()
            assert (inherited(before), inherited(after), inherited(client)) == (0, 45_500, 0)
            after.close()
        before.close()


def test_a_peer_that_reads_nothing_is_ended_and_one_that_reads_is_not():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bound_unread(1.0)
        with socket.socket() as idle, socket.create_connection(listener.getsockname()) as busy:
            ended, read = threading.Event(), bytearray()
            reader = threading.Thread(target=lambda: read.extend(iter_all(busy)))
            reader.start()
            to_busy, _ = listener.accept()
            idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            idle.connect(listener.getsockname())
            to_idle, _ = listener.accept()

            def push() -> None:
                try:
                    to_idle.sendall(b"x" * 64_000_000)
                except OSError:
                    ended.set()

            writer = threading.Thread(target=push, daemon=True)
            writer.start()
            assert ended.wait(30), "the kernel holds it for ever"
            to_busy.sendall(b"y" * 1_000_000)
            to_busy.close()
            reader.join(30)
            assert len(read) == 1_000_000
            to_idle.close()


def iter_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(1 << 16), b""))
