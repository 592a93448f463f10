"""Traces, as a collector receives them over HTTP; without a collector nothing of it is loaded."""

import gzip
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.e2e.conftest import KEY, assert_no_secret
from tests.e2e.processes import until
from tests.e2e.titles import POSTER

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{CALLER}-01"


class Collector(ThreadingHTTPServer):
    """Decodes what it is sent; `spans` are all of it so far."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.spans = []
        self.resources = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def named(self, name):
        return [span for span in list(self.spans) if span.name == name]


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        assert self.path == "/v1/traces"
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.server.resources.append(group.resource)
            self.server.spans += [span for scope in group.scope_spans for span in scope.spans]
        answer = ExportTraceServiceResponse().SerializeToString()
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def collector():
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def traced(start, upstreams, collector):
    return start(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_BSP_SCHEDULE_DELAY="100").ready()


def attributes(span):
    return {item.key: item.value.string_value or item.value.int_value for item in span.attributes}


def test_a_cold_image_shows_every_part_of_the_callers_trace(traced, collector):
    answer = traced.get(POSTER, headers={"traceparent": TRACEPARENT, "x-request-id": "from-the-proxy"})
    assert answer.status_code == 200
    assert answer.headers["x-request-id"] == "from-the-proxy"
    template = "/:api_key/:id_type/poster-default/:id_value"
    (root,) = until(lambda: collector.named(f"GET {template}"), "received")
    assert (root.trace_id.hex(), root.parent_span_id.hex()) == (TRACE, CALLER)
    assert attributes(root) == {
        "http.request.method": "GET", "http.route": template, "http.response.status_code": 200
    }  # fmt: skip
    for name in ("resolve", "ratings", "art", "render", "cache.memory", "cache.store", "upstream"):
        until(lambda name=name: collector.named(name), f"received: {name}")
        assert {span.trace_id.hex() for span in collector.named(name)} == {TRACE}, name
    known = {span.span_id for span in collector.spans} | {bytes.fromhex(CALLER)}
    assert all(span.parent_span_id in known for span in collector.spans if span.trace_id.hex() == TRACE)
    assert {attributes(span)["service"] for span in collector.named("upstream")} >= {"tmdb", "mdblist"}
    assert {item.key: item.value.string_value for item in collector.resources[0].attributes}["service.name"] == (
        "openposterdb"
    )
    line = until(lambda: [json.loads(line) for line in traced.err if "from-the-proxy" in line], "logged")[-1]
    assert (line["request_id"], line["trace_id"]) == ("from-the-proxy", TRACE)


def test_a_hit_is_one_span(traced, collector):
    for _ in range(2):
        assert traced.get(POSTER).status_code == 200
    (hit,) = until(lambda: collector.named("GET hot"), "received")
    assert attributes(hit) == {"http.request.method": "GET", "openposterdb.cache": "hot"}


def test_no_key_is_sent_whatever_fails_and_what_is_left_is_sent_at_the_end(traced, upstreams, collector):
    for fault in ({"kind": "status", "status": 500}, {"kind": "html"}, {"kind": "reset"}):
        upstreams.fail(fault)
        traced.get(f"/{KEY}/tmdb/poster-default/movie-9000103.jpg?lang=fr")
        traced.get(f"/{KEY}/no/such/path")
    upstreams.heal()
    traced.terminate()
    assert traced.ended() == 0
    assert collector.named("upstream")
    assert_no_secret([str(span) for span in collector.spans])


def test_a_collector_that_is_away_delays_nobody(start, upstreams):
    server = start(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", OTEL_EXPORTER_OTLP_TIMEOUT="1").ready()
    assert server.get(POSTER).status_code == 200
    server.terminate()
    assert server.ended() == 0


def test_without_a_collector_nothing_that_traces_is_imported():
    code = (
        "import sys; import openposterdb.cli.app, openposterdb.http.entry;"
        "print([name for name in sys.modules if name.startswith(('opentelemetry.exporter', 'opentelemetry.sdk.trace',"
        " 'google.protobuf', 'openposterdb.telemetry.otlp'))])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
