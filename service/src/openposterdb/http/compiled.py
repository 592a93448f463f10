"""A finished `robyn.Robyn` object, read once into tables: the only module that looks inside Robyn's registries."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from robyn import Robyn
from robyn.events import Events
from robyn.robyn import FunctionInfo, MiddlewareType

from openposterdb.http.routing import Routes
from openposterdb.http.rsgi import HeaderList


@dataclass(frozen=True, slots=True)
class Function:
    """Something the application registered: a handler or a hook."""

    call: Callable[..., Any]
    is_async: bool
    params: int

    @classmethod
    def of(cls, info: FunctionInfo) -> "Function":
        """Robyn's description of it, read into plain attributes."""
        call: Callable[..., Any] = cast("Any", info).handler
        return cls(call, info.is_async, info.number_of_params)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route: its pattern as registered and its handler."""

    pattern: str
    function: Function
    is_const: bool


class CompiledApp:
    """Routes, hooks and headers of an application; RouteError where two routes have one shape."""

    def __init__(self, app: Robyn) -> None:
        self._app = app
        if not app.config.disable_openapi and "HttpMethod.GET:/openapi.json" not in app._added_routes:  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            app._add_openapi_routes()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        self.routes: Routes[Endpoint] = Routes()
        for route in app.router.get_routes():
            endpoint = Endpoint(route.route, Function.of(route.function), route.is_const)
            self.routes.add(_method(route.route_type), route.route, endpoint)
        self.before: list[Function] = []
        self.after: list[Function] = []
        for hook in app.middleware_router.get_global_middlewares():
            hooks = self.before if _comes_before(hook.middleware_type) else self.after
            hooks.append(Function.of(hook.function))
        self.route_before = _RouteHooks()
        self.route_after = _RouteHooks()
        for hook in app.middleware_router.get_route_middlewares():
            hooks = self.route_before if _comes_before(hook.middleware_type) else self.route_after
            hooks.add(_method(hook.route_type), hook.route, Function.of(hook.function))
        self.hooked = bool(self.before or self.after or self.route_before or self.route_after)
        self.request_headers: HeaderList = app.request_headers.multi_items()
        self.response_headers: HeaderList = app.response_headers.multi_items()
        self.without_response_headers = frozenset(app.excluded_response_headers_paths or ())

    @property
    def exception_handler(self) -> Callable[[Exception], Any] | None:
        """The handler given to `@app.exception`, whenever that was."""
        return cast("Any", self._app).exception_handler

    def format(self, result: object) -> object:
        """A bare return value in the form that Robyn gives it (pydantic models, tuples, files)."""
        return self._app.router._format_response(result)  # type: ignore[arg-type] # noqa: SLF001 # pyright: ignore


class _RouteHooks:
    """Hooks by method and pattern, in order of registration."""

    def __init__(self) -> None:
        self._routes: Routes[list[Function]] = Routes()
        self._lists: dict[tuple[str, str], list[Function]] = {}

    def __bool__(self) -> bool:
        return bool(self._lists)

    def add(self, method: str, pattern: str, function: Function) -> None:
        functions = self._lists.get((method, pattern))
        if functions is None:
            functions = self._lists[method, pattern] = []
            self._routes.add(method, pattern, functions)
        functions.append(function)

    def of(self, method: str, path: str) -> list[Function]:
        match = self._routes.match(method, path)
        return match.value if match else []


async def run_event(app: Robyn, event: Events) -> None:
    """Run the application's startup or shutdown handler, if it has one."""
    info = cast("Any", app).event_handlers.get(event)
    if info is not None:
        await settle(info.handler())


def _comes_before(kind: object) -> bool:
    return kind == MiddlewareType.BEFORE_REQUEST


def _method(route_type: object) -> str:
    return str(route_type).removeprefix("HttpMethod.")


async def settle(value: object) -> object:
    """The result of a handler that may or may not be asynchronous."""
    return await value if inspect.isawaitable(value) else value
