"""Granian with our settings: the only server process in front of the application.

The supervisor starts workers by forking and builds the application inside each of them. On SIGTERM or SIGINT it tells
them to stop: a worker closes its listener, finishes the requests in flight, then runs the adapter's `__rsgi_del__`, and is
killed if that takes longer than the kill timeout. (Its log may claim a kill although the worker ended in time: two of its
threads ask for the exit status, and one gets none.) A worker that dies takes the server down with exit status 1, unless it
is one of several: then it is replaced, and the server ends only if the new one dies within seconds, too.
Threads of the supervisor (such as a demo's loopback server) are not copied into the workers; they go on until the
supervisor ends, hence also while requests in flight are finished.
"""

import os
import signal
import sys
from contextlib import nullcontext

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from openposterdb.config import Bind
from openposterdb.telemetry import export_workers

KILL_TIMEOUT = 30
_KEEP_ALIVE_MILLISECONDS = 60_000  # also the limit for reading the head of a request
_MAX_HEAD_BYTES = 65_536
_LOGGERS = {"_granian": {"propagate": True}, "granian.access": {"propagate": False}}  # the process's own handlers
_CONNECTIONS = 2048  # has to exceed what an ingress keeps open: this counts connections, not requests


def serve(
    *,
    target: str,
    address: str,
    port: int,
    workers: int = 1,
    metrics: Bind | None = None,
    kill_timeout: int = KILL_TIMEOUT,
    log_level: str = "warning",
) -> None:
    """Serve `target` (`module:factory`, called in each worker) until a signal ends it.

    `kill_timeout` in seconds; it has to exceed the drain's budget and stay below the pod's grace period. Raises SystemExit
    with status 1 when a worker failed. The server logs through the handlers of the root logger. Several workers share the port; each has a hot path and a single flight of
    its own, and the sum of their metrics is served at `metrics` from here. One worker serves its own.
    """
    sys.argv[1:] = []  # the workers import robyn, which would read them
    os.register_at_fork(after_in_child=_end_by_signals)
    server = Server(
        target,
        address=address,
        port=port,
        interface=Interfaces.RSGI,
        factory=True,
        workers=workers,
        loop=Loops.uvloop,
        http=HTTPModes.auto,
        websockets=False,
        backlog=_CONNECTIONS,
        backpressure=_CONNECTIONS,
        workers_kill_timeout=kill_timeout,
        respawn_failed_workers=workers > 1,
        http1_settings=HTTP1Settings(header_read_timeout=_KEEP_ALIVE_MILLISECONDS, max_buffer_size=_MAX_HEAD_BYTES),
        log_level=LogLevels(log_level),
        log_dictconfig={"loggers": _LOGGERS},
        log_access=False,
    )
    with export_workers(metrics) if workers > 1 else nullcontext():
        server.serve()


def _end_by_signals() -> None:
    """A worker that still starts has nothing to finish; it would otherwise inherit handlers that only the supervisor heeds."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
