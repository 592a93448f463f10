"""Traces by OpenTelemetry's own library; whatever else it understands (`OTEL_*`) it reads from the environment itself."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, format_trace_id
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from openposterdb.telemetry.spans import present
from openposterdb.telemetry.tracing import TraceHeaders

_NAME = "openposterdb"
_UNNAMED = "unknown_service"
_SERVER_ERROR = 500


class OtlpRequestSpan:
    """The span of one request."""

    def __init__(self, span: Span, method: str) -> None:
        self.trace_id = format_trace_id(span.get_span_context().trace_id)
        self._span = span
        self._method = method

    def answered(self, route: str, status: int) -> None:
        """Note the template of its route and the status of its answer."""
        self._span.set_attribute("http.response.status_code", status)
        if route:
            self._span.set_attribute("http.route", route)
            self._span.update_name(f"{self._method} {route}")
        if status >= _SERVER_ERROR:
            self._span.set_status(StatusCode.ERROR)


class OtlpTracing:
    """Sends spans in the background to `endpoint`; what cannot be sent is dropped, never waited for."""

    def __init__(self, endpoint: str, version: str) -> None:
        self._provider = TracerProvider(resource=_resource(version), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
        self._tracer = self._provider.get_tracer(_NAME, version)
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, method: str, headers: TraceHeaders) -> Generator[OtlpRequestSpan]:
        """A request at work, and all spans below it."""
        recorder = present.set(self)
        try:
            with self._tracer.start_as_current_span(
                method,
                self._parent(headers),
                SpanKind.SERVER,
                {"http.request.method": method},
                record_exception=False,
                set_status_on_exception=False,
            ) as span:
                yield OtlpRequestSpan(span, method)
        finally:
            present.reset(recorder)

    def hot(self, method: str, headers: TraceHeaders, started: int) -> None:
        """A request that memory has answered."""
        attributes = {"http.request.method": method, "openposterdb.cache": "hot"}
        self._tracer.start_span(
            f"{method} hot", self._parent(headers), SpanKind.SERVER, attributes, start_time=started
        ).end()

    @contextmanager
    def span(self, name: str, attributes: Mapping[str, str]) -> Generator[None]:
        """A part of a request. Of an error only the class is noted: its words may quote anything."""
        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()

    def _parent(self, headers: TraceHeaders) -> Context:
        carrier = {name: value for name in ("traceparent", "tracestate") if (value := headers.get(name))}
        return self._propagator.extract(carrier, Context())


def _resource(version: str) -> Resource:
    """What runs here, unless the environment has another name for it."""
    found = Resource.create({"service.version": version})
    named = not str(found.attributes.get("service.name", _UNNAMED)).startswith(_UNNAMED)
    return found if named else found.merge(Resource({"service.name": _NAME}))
