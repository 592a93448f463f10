"""Traces, sent to an OpenTelemetry collector over HTTP where OTEL_EXPORTER_OTLP_ENDPOINT says so."""

import re
from contextlib import AbstractContextManager
from typing import Final, Protocol

from openposterdb.config import Environment

_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
_NO_TRACE: Final = "0" * 32


class TraceHeaders(Protocol):
    """The headers of a request, of which `traceparent` and `tracestate` are read."""

    def get(self, key: str, default: str | None = None, /) -> str | None:
        """The value of a header, or `default`."""
        ...


class RequestSpan(Protocol):
    """The span of a request."""

    trace_id: str

    def answered(self, route: str, status: int) -> None:
        """Note the template of its route and the status of its answer."""
        ...


class Tracing(Protocol):
    """Whoever traces requests; `headers` may say of which trace they are a part (W3C `traceparent`)."""

    def request(self, method: str, headers: TraceHeaders) -> AbstractContextManager[RequestSpan]:
        """A request at work."""
        ...

    def hot(self, method: str, headers: TraceHeaders, started: int) -> None:
        """A request that memory has answered since `started` (nanoseconds of Unix time)."""
        ...

    def close(self) -> None:
        """Send what is left; may take a few seconds."""
        ...


def open_tracing(environment: Environment, version: str) -> Tracing | None:
    """The tracing that the environment asks for, or None: then nothing that traces is even imported."""
    endpoint = environment.otel_traces_endpoint
    if endpoint is None:
        return None
    from openposterdb.telemetry.otlp import OtlpTracing

    return OtlpTracing(endpoint, version)


def trace_id_of(traceparent: str | None) -> str | None:
    """The trace that the caller belongs to, for the log."""
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    return found[1] if found and found[1] != _NO_TRACE else None
