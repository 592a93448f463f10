"""One request from scope to sent answer: limits, matching, the body, the application, headers, the log."""

from collections.abc import Callable
from concurrent.futures import Executor

import structlog
from robyn import Request

from openposterdb.clock import Clock
from openposterdb.http import errors, etags, responses, sending
from openposterdb.http.access_log import AccessLog, request_id_of
from openposterdb.http.addresses import ClientAddresses, host_of
from openposterdb.http.compiled import Endpoint
from openposterdb.http.compression import compress
from openposterdb.http.dispatch import Dispatcher
from openposterdb.http.drain import Drain
from openposterdb.http.hot import HotPath, not_modified
from openposterdb.http.limits import Limits
from openposterdb.http.lost import Lost
from openposterdb.http.requests import WITH_BODY, build_request, read_body
from openposterdb.http.responses import Outgoing
from openposterdb.http.routing import Match
from openposterdb.http.rsgi import HTTPProtocol, Scope
from openposterdb.http.security import HeaderPolicy
from openposterdb.telemetry import RequestSpan, Tracing, trace_id_of

Observe = Callable[[str, str, int, float], None]
_UNDECODABLE = "\ufffd"  # what the server puts where the path is not UTF-8
_READING = frozenset({"GET", "HEAD"})
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ADDRESSES = "/c/"  # of CDN mode: whoever asks there keeps answers, and errors only where they say so
_SCHEMES = frozenset({"http", "https"})

_log = structlog.get_logger(__name__)


class Exchange:
    """Serves requests that the hot path left."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        hot: HotPath | None,
        addresses: ClientAddresses,
        limits: Limits,
        lost: Lost,
        policy: HeaderPolicy | None,
        access_log: AccessLog,
        drain: Drain,
        observe: Observe | None,
        threads: Executor,
        max_body: int,
        body_timeout: float,
        clock: Clock,
        tracing: Tracing | None = None,
    ) -> None:
        self._dispatcher = dispatcher
        self._routes = dispatcher.app.routes
        self._hot = hot
        self._addresses = addresses
        self._limits = limits
        self._lost = lost
        self._policy = policy
        self._access_log = access_log
        self._drain = drain
        self._observe = observe
        self._threads = threads
        self._max_body = max_body
        self._body_timeout = body_timeout
        self._monotonic = clock.monotonic
        self._tracing = tracing

    async def serve(self, scope: Scope, proto: HTTPProtocol) -> None:
        """Answer, count, trace and log one request."""
        if self._tracing is None:
            await self._serve(scope, proto, trace_id_of(scope.headers.get("traceparent")), None)
            return
        with self._tracing.request(_method_of(scope), scope.headers) as span:
            await self._serve(scope, proto, span.trace_id, span)

    async def _serve(self, scope: Scope, proto: HTTPProtocol, trace_id: str | None, span: RequestSpan | None) -> None:
        started = self._monotonic()
        request_id = request_id_of(scope.headers.get("x-request-id"))
        address = self._addresses.of(scope)
        match = self._routes.match(scope.method, scope.path)
        pattern = match.value.pattern if match else self._pattern_of_another_method(scope.path)
        self._drain.in_flight += 1
        status = 500
        try:
            structlog.contextvars.bind_contextvars(request_id=request_id)  # the server runs each request as a task
            if trace_id is not None:
                structlog.contextvars.bind_contextvars(trace_id=trace_id)
            out = await self._answer(scope, proto, match, pattern, address)
            if (
                out.status >= 400 or scope.headers.get("x-request-id") == request_id
            ):  # caches keep what nobody asked for
                out.headers = [*out.headers, ("x-request-id", request_id)]  # the hot path may have kept the list
            status = await sending.send(proto, out, head=scope.method == "HEAD", threads=self._threads)
        finally:
            self._drain.in_flight -= 1
            seconds = self._monotonic() - started
            self._access_log.record(
                method=scope.method,
                path=scope.path,
                route=pattern,
                status=status,
                seconds=seconds,
                address=address,
                request_id=request_id,
            )
            if self._observe is not None:
                self._observe(pattern, _method_of(scope), status, seconds)
            if span is not None:
                span.answered(pattern, status)

    async def _answer(
        self, scope: Scope, proto: HTTPProtocol, match: Match[Endpoint] | None, pattern: str, address: str
    ) -> Outgoing:
        if scope.method == "OPTIONS" and match is None:
            return self._preflight(scope.path)
        generation = 0 if self._hot is None else self._hot.generation
        spent = self._limits.spend(pattern, scope.path, address)
        try:
            if spent is not None and not spent.allowed:
                out = responses.outgoing(errors.too_many_requests(spent.retry_after))
            elif match is None:
                out = self._unmatched(scope)
            else:
                out = await self._run(scope, proto, match, address)
        except Exception as error:  # noqa: BLE001 - the last line of defence: an exception here is an empty 500
            out = responses.outgoing(errors.respond(error))
        if not 200 <= out.status <= 599:
            _log.error("status_out_of_range", status=out.status, route=pattern)  # it would end the server's worker
            out = responses.outgoing(responses.json({"error": errors.INTERNAL}, status=500))
        if out.status >= 400 and (pattern or scope.path).startswith(_ADDRESSES) and not _has(out, "cache-control"):
            out.headers.append(("cache-control", "no-store"))
        compress(out, scope.path, scope.headers.get("accept-encoding"))
        if self._policy is not None:
            self._policy.apply(scope.path, out.headers)
        if self._hot is not None and out.keep is not None and out.etag is not None and out.status == 200:
            group = None if spent is None else spent.group
            self._hot.keep((scope.path, scope.query_string), out, out.etag, out.keep, generation, group)
        if spent is not None:
            out.headers = out.headers + spent.headers()
        return self._conditional(scope, out)

    async def _run(self, scope: Scope, proto: HTTPProtocol, match: Match[Endpoint], address: str) -> Outgoing:
        if _UNDECODABLE in scope.path:
            raise errors.Rejected(400, "the path is not UTF-8")
        body = b""
        if scope.method in WITH_BODY:
            body = await read_body(scope, proto, limit=self._max_body, seconds=self._body_timeout)
        request: Request | None = None
        if self._dispatcher.needs_request(match.value):
            request = build_request(
                scope,
                params=match.params,
                body=body,
                address=address,
                scheme=self._scheme(scope),
                extra_headers=self._dispatcher.app.request_headers,
            )
        return await self._dispatcher.run(match, request, scope.path)

    def _pattern_of_another_method(self, path: str) -> str:
        """Of the route that a wrong method meant: it costs a token and counts as that route."""
        for method in self._routes.allowed(path):
            match = self._routes.match(method, path)
            if match is not None:
                return match.value.pattern
        return ""

    def _preflight(self, path: str) -> Outgoing:
        allow = ",".join(self._routes.allowed(path))
        headers = self._policy.preflight(path, allow) if self._policy else [("allow", allow)]
        return Outgoing(200, headers, b"", 0)

    def _unmatched(self, scope: Scope) -> Outgoing:
        allowed = self._routes.allowed(scope.path)
        if allowed:
            return Outgoing(405, [("allow", ",".join(allowed))], b"", 0)
        return self._lost.answer(scope)

    def _conditional(self, scope: Scope, out: Outgoing) -> Outgoing:
        """A 304 where the client holds what `out` would send."""
        if out.status != 200 or scope.method not in _READING:
            return out
        if_none_match = scope.headers.get("if-none-match")
        if if_none_match is None:
            return out
        etag = out.etag or next((value for name, value in out.headers if name == "etag"), None)
        if etag is None or not etags.matches(if_none_match, etag):
            return out
        return Outgoing(304, not_modified(out.headers), b"")

    def _scheme(self, scope: Scope) -> str:
        forwarded = scope.headers.get("x-forwarded-proto")
        if forwarded in _SCHEMES and self._addresses.trusts(host_of(scope.client)):
            return forwarded
        return scope.scheme


def _method_of(scope: Scope) -> str:
    """The method, for counting: any word can be one."""
    return scope.method if scope.method in _METHODS else "OTHER"


def _has(out: Outgoing, header: str) -> bool:
    return any(name == header for name, _ in out.headers)
