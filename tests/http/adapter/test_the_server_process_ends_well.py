"""Signals and deaths, with the real supervisor and its worker."""

import threading

import pytest

DEMO_THREAD = """
import sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Double(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"double")
    def log_message(self, *args): pass

double = ThreadingHTTPServer(("127.0.0.1", 0), Double)
threading.Thread(target=double.serve_forever, daemon=True).start()
print("double at", double.server_port, flush=True)
from openposterdb.http.serve import serve
serve(target="tests.http.adapter.served_app:build", address="127.0.0.1", port=int(sys.argv[1]), kill_timeout=10)
"""


def request(target):
    return f"GET {target} HTTP/1.1\r\nhost: h\r\n\r\n".encode()


class InFlight:
    """A request on its own thread, sent and not yet answered."""

    def __init__(self, server, target):
        self.answer = None
        self._thread = threading.Thread(target=self._run, args=(server, target))
        self._thread.start()
        server.until_line("waiting")

    def _run(self, server, target):
        self.answer = server.exchange(request(target))

    def result(self):
        self._thread.join(20)
        return self.answer


def test_sigterm_finishes_what_is_in_flight_then_background_work_then_ends_with_0(start_server):
    server = start_server().until_listening()
    idle = server.connect()
    idle.sendall(request("/k/isValid"))
    assert idle.recv(5000)
    waiting = InFlight(server, "/wait/1")
    server.terminate()
    assert idle.recv(5000) == b"", "the idle connection is closed"
    with pytest.raises(ConnectionRefusedError):
        server.connect()
    assert b'{"waited":true}' in waiting.result()
    assert server.ended() == 0
    assert [line for line in server.lines if line in {"background work finished", "shutdown handler"}] == [
        "background work finished",
        "shutdown handler",
    ]


def test_a_worker_may_linger_while_readiness_says_that_it_leaves(start_server):
    server = start_server(env={"LINGER": "1.5"}).until_listening()
    server.terminate()
    server.until_line("drain_began")
    answer = server.exchange(b"GET /readyz HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 503")
    assert server.ended() == 0


def test_a_request_that_never_ends_is_killed_with_its_worker(start_server):
    server = start_server(kill_timeout=1).until_listening()
    waiting = InFlight(server, "/wait/3600")
    server.terminate()
    server.ended(10)
    assert waiting.result() == b""


def test_an_application_that_cannot_start_ends_the_server_with_1(start_server):
    server = start_server(env={"BROKEN_START": "1"})
    assert server.ended() == 1
    assert any("ZeroDivisionError" in line for line in server.lines)


def test_a_signal_during_the_start_ends_the_server_too(start_server):
    server = start_server(env={"SLOW_START": "1"})
    server.until_line("starting")
    server.terminate()
    assert server.ended() == 0
    assert "shutdown handler" in server.lines


def test_a_thread_of_the_supervisor_answers_until_the_last_request_is_finished(start_server):
    server = start_server(code=DEMO_THREAD)
    port = server.until_line("double at").split()[-1]
    server.until_listening()
    waiting = InFlight(server, f"/ask/{port}")
    server.terminate()
    assert b'{"heard":"double"}' in waiting.result()
    assert server.ended() == 0
