"""One matched request through the application: hooks, handler, hooks again, in Robyn's order."""

import asyncio
import contextvars
from concurrent.futures import Executor
from functools import partial

from robyn import Request, Response
from robyn.responses import StreamingResponse

from openposterdb.http import errors, responses
from openposterdb.http.compiled import CompiledApp, Endpoint, Function, settle
from openposterdb.http.responses import Outgoing
from openposterdb.http.routing import Match


class Dispatcher:
    """Calls what the application registered; `threads` run what is not `async`."""

    def __init__(self, app: CompiledApp, threads: Executor) -> None:
        self.app = app
        self._threads = threads
        self._constants: dict[int, object] = {}

    async def prepare(self) -> None:
        """Run the handlers of constant routes, once."""
        for endpoint in self.app.routes.values():
            if endpoint.is_const:
                self._constants[id(endpoint)] = await settle(endpoint.function.call())

    def needs_request(self, endpoint: Endpoint) -> bool:
        """Whether anything looks at the request."""
        return self.app.hooked or (endpoint.function.params > 0 and not endpoint.is_const)

    async def run(self, match: Match[Endpoint], request: Request | None, path: str) -> Outgoing:
        """The answer to a request; errors are answers, too."""
        result = await self._handled(match, request, path)
        out = responses.outgoing(result)
        if self.app.response_headers and path not in self.app.without_response_headers:
            present = {name for name, _ in out.headers}
            out.headers.extend(pair for pair in self.app.response_headers if pair[0] not in present)
        return out

    async def _handled(self, match: Match[Endpoint], request: Request | None, path: str) -> object:
        try:
            if request is None or not self.app.hooked:
                return await self._call_handler(match.value, request)
            return await self._call_hooked(match, request, path)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, the client gets an answer
            return await self._on_error(error)

    async def _call_hooked(self, match: Match[Endpoint], request: Request, path: str) -> object:
        for hook in (*self.app.before, *self.app.route_before.of(match.method, path)):
            result = await self._call(hook, *((request,) if hook.params else ()))
            if isinstance(result, Request):
                request = result
            elif result is not None:
                return result
        answer = responses.as_response(await self._call_handler(match.value, request))
        for hook in (*self.app.after, *self.app.route_after.of(match.method, path)):
            arguments = (answer,) if hook.params == 1 else (request, answer)
            result = await self._call(hook, *(arguments if hook.params else ()))
            if isinstance(result, Response | StreamingResponse):
                answer = result
        return answer

    async def _call_handler(self, endpoint: Endpoint, request: Request | None) -> object:
        if endpoint.is_const:
            return self._constants[id(endpoint)]
        if endpoint.function.params:
            return await self._call(endpoint.function, request)
        return await self._call(endpoint.function)

    async def _call(self, function: Function, *arguments: object) -> object:
        if function.is_async:
            return await function.call(*arguments)
        in_context = partial(contextvars.copy_context().run, function.call, *arguments)
        return await asyncio.get_running_loop().run_in_executor(self._threads, in_context)

    async def _on_error(self, error: Exception) -> object:
        handler = self.app.exception_handler
        if handler is None:
            return errors.respond(error)
        try:
            return self.app.format(await settle(handler(error)))
        except Exception as second:  # noqa: BLE001 - the application's own handler failed: answer for it
            return errors.respond(second)
