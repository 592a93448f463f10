"""Typed functions as routes: their annotations say who may call, what is checked, and what the OpenAPI document tells.

    @api.post("/api/keys", tag="Keys", errors={400: "The name is not allowed."})
    async def create_key(call: AdminCall, body: NewKey) -> CreatedKey:
        '''Create a key; the key itself is shown only in this answer.'''

The first parameter decides who may call: `AdminCall` and `KeyCall` need a bearer token of that kind, `Call` needs none.
`path`, `query` and `body` are pydantic models of what they are named after. The answer is whatever pydantic can write as JSON,
a `Reply` where it needs headers, or with `media` a finished `Answer`. The docstring is the documentation.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Required, TypedDict, Unpack, cast, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from robyn import Headers, Request, Response, Robyn

from openposterdb.errors import Unauthorized
from openposterdb.http import responses
from openposterdb.http.api.calls import AdminCall, Call, Guards, KeyCall, Reply, bearer
from openposterdb.http.api.parsing import parse_body, parse_path, parse_query
from openposterdb.http.responses import Answer

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Access = Literal["anybody", "admin", "key"]
Handler = Callable[..., Awaitable[object]]

_ACCESS: dict[type[Call], Access] = {Call: "anybody", AdminCall: "admin", KeyCall: "key"}
_PARTS = ("path", "query", "body")
_UNCACHED = ("cache-control", "no-store")
_SECRET = ("cache-control", "no-store, no-transform")


class About(TypedDict, total=False):
    """What a function cannot say of itself.

    `name` is the operationId, by default the function's in camel case. `errors` tells the statuses that only this operation
    has; those that follow from its parts (400, 401, 415, 422, 500, 503 and so on) are added. `media` lists the types of a
    finished `Answer`. `limited` documents a 429, `by_cookie` that the refresh cookie is needed, `sets_cookie` that it
    is set or removed. `secret` is for answers that hold a key or a token: they are neither stored nor compressed on their
    way.
    """

    tag: Required[str]
    name: str
    errors: Mapping[int, str]
    media: tuple[str, ...]
    limited: bool
    by_cookie: bool
    sets_cookie: bool
    secret: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One route, as its function describes it. `path` is in OpenAPI's form, `/api/keys/{id}`."""

    method: Method
    path: str
    name: str
    summary: str
    description: str
    access: Access
    parts: Mapping[str, type[BaseModel]]
    answer: Any
    handler: Handler = field(repr=False)
    tag: str = ""
    errors: Mapping[int, str] = field(default_factory=dict[int, str])
    media: tuple[str, ...] = ()
    limited: bool = False
    by_cookie: bool = False
    sets_cookie: bool = False
    secret: bool = False

    @property
    def pattern(self) -> str:
        """The path as the router takes it: `/api/keys/:id`."""
        return self.path.replace("{", ":").replace("}", "")


class Api:
    """Collects operations; `register` adds them to an application."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []

    def get(self, path: str, **about: Unpack[About]) -> Callable[[Handler], Handler]:
        """Add a GET."""
        return self.route("GET", path, **about)

    def post(self, path: str, **about: Unpack[About]) -> Callable[[Handler], Handler]:
        """Add a POST."""
        return self.route("POST", path, **about)

    def put(self, path: str, **about: Unpack[About]) -> Callable[[Handler], Handler]:
        """Add a PUT."""
        return self.route("PUT", path, **about)

    def patch(self, path: str, **about: Unpack[About]) -> Callable[[Handler], Handler]:
        """Add a PATCH."""
        return self.route("PATCH", path, **about)

    def delete(self, path: str, **about: Unpack[About]) -> Callable[[Handler], Handler]:
        """Add a DELETE."""
        return self.route("DELETE", path, **about)

    def route(self, method: Method, path: str, **about: Unpack[About]) -> Callable[[Handler], Handler]:
        """Add an operation."""

        def add(handler: Handler) -> Handler:
            self.operations.append(replace(_described(method, path, handler), **about))
            return handler

        return add

    def register(self, app: Robyn, guards: Guards) -> None:
        """Add every operation's route."""
        for operation in self.operations:
            add = getattr(app, operation.method.lower())
            add(operation.pattern)(_endpoint(operation, guards))


def _described(method: Method, path: str, handler: Handler) -> Operation:
    """What the function itself tells."""
    signature = inspect.signature(handler)
    call, *others = signature.parameters.values()
    parts = {parameter.name: parameter.annotation for parameter in others}
    if call.annotation not in _ACCESS or not set(parts) <= set(_PARTS):
        raise TypeError(f"{handler.__name__}: takes a Call, and of path, query and body what it needs")
    summary, _, description = inspect.cleandoc(handler.__doc__ or "").partition("\n")
    first, *rest = handler.__name__.split("_")
    return Operation(
        method=method,
        path=path,
        name=first + "".join(word.title() for word in rest),
        summary=summary.removesuffix("."),
        description=description.strip(),
        access=_ACCESS[call.annotation],
        parts=parts,
        answer=_model_of(signature.return_annotation),
        handler=handler,
    )


def _model_of(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Reply else annotation


def _endpoint(operation: Operation, guards: Guards) -> Callable[[Request], Awaitable[Response | Answer]]:
    writer: TypeAdapter[Any] | None = None if operation.media else TypeAdapter(operation.answer)

    async def endpoint(request: Request) -> Response | Answer:
        try:
            call = await _authorised(operation.access, request, guards)
        except Unauthorized:
            return responses.empty(401)
        result = await operation.handler(call, **_parts(operation, request))
        if writer is None:
            if not isinstance(result, Answer):
                raise TypeError(f"{operation.name} returned {type(result).__name__}")
            return result
        body, headers = result, ()
        if isinstance(result, Reply):
            reply = cast("Reply[object]", result)
            body, headers = reply.body, reply.headers
        listed = dict([_SECRET if operation.secret else _UNCACHED, *headers, ("content-type", "application/json")])
        return Response(200, Headers(listed), writer.dump_json(body, by_alias=True))

    return endpoint


async def _authorised(access: Access, request: Request, guards: Guards) -> Call:
    match access:
        case "anybody":
            return Call(request)
        case "admin":
            return AdminCall(request, await guards.admin(bearer(request)))
        case "key":
            return KeyCall(request, await guards.key(bearer(request)))


def _parts(operation: Operation, request: Request) -> dict[str, BaseModel]:
    parse = {"path": parse_path, "query": parse_query, "body": parse_body}
    return {name: parse[name](model, request) for name, model in operation.parts.items()}
