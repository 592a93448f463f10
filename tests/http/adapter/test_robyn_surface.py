"""Every part of Robyn that the adapter leans on: a new Robyn that changes one of them fails here, by name."""

import inspect

from robyn import Headers, Request, Response, Robyn, StreamingResponse
from robyn.events import Events
from robyn.responses import AsyncGeneratorWrapper, FileResponse
from robyn.robyn import Cookie, FunctionInfo, HttpMethod, MiddlewareType, QueryParams, Url, get_version

from openposterdb.http.robyn_import import new_app
from tests.http.adapter.rsgi_fakes import ask, started


def test_the_version_is_the_one_these_tests_were_made_for():
    assert get_version() == "0.88.0"


def test_routes_are_listed_with_type_path_function_and_constness():
    app = new_app()
    app.get("/a/:b", const=True)(lambda: "x")
    (route,) = app.router.get_routes()
    assert (str(route.route_type), route.route, route.is_const) == ("HttpMethod.GET", "/a/:b", True)
    assert isinstance(route.function, FunctionInfo)


def test_functions_know_their_kind_and_their_parameters():
    app = new_app()
    app.inject_global(dependency=1)

    async def handler(request: Request, global_dependencies):
        return "x"

    app.get("/")(handler)
    function = app.router.get_routes()[0].function
    assert (function.is_async, function.number_of_params) == (True, 2)
    assert function.kwargs["global_dependencies"] == {"dependency": 1}
    assert inspect.iscoroutinefunction(function.handler)


def test_hooks_are_listed_by_kind_route_and_method():
    app = new_app()
    app.before_request()(lambda request: request)
    app.after_request("/x")(lambda response: response)
    (everywhere,) = app.middleware_router.get_global_middlewares()
    (somewhere,) = app.middleware_router.get_route_middlewares()
    assert everywhere.middleware_type == MiddlewareType.BEFORE_REQUEST
    assert everywhere.function.number_of_params == 1
    assert somewhere.middleware_type == MiddlewareType.AFTER_REQUEST
    assert (somewhere.route, somewhere.route_type == HttpMethod.GET) == ("/x", True)


def test_events_are_kept_by_kind():
    app = new_app()
    app.startup_handler(lambda: "up")
    app.shutdown_handler(lambda: "down")
    assert app.event_handlers[Events.STARTUP].handler() == "up"
    assert app.event_handlers[Events.SHUTDOWN].handler() == "down"


def test_global_headers_and_their_exceptions_are_attributes():
    app = new_app()
    app.set_request_header("A", "1")
    app.set_response_header("B", "2")
    app.exclude_response_headers_for(["/docs"])
    assert app.request_headers.multi_items() == [("a", "1")]
    assert app.response_headers.multi_items() == [("b", "2")]
    assert app.excluded_response_headers_paths == ["/docs"]


def test_the_exception_handler_is_an_attribute_and_given_to_routes_when_they_are_added():
    app = new_app()
    assert app.exception_handler is None
    app.exception(repr)
    assert app.exception_handler is repr


async def test_openapi_can_be_off_and_its_routes_are_added_by_a_private_method():
    assert new_app().config.disable_openapi is True
    app = new_app(openapi=True)
    assert app.config.disable_openapi is False
    app.get("/thing")(lambda: "x")
    adapter = await started(app)
    assert "HttpMethod.GET:/openapi.json" in app._added_routes
    assert "/thing" in (await ask(adapter, "GET", "/openapi.json")).json["paths"]
    assert (await ask(adapter, "GET", "/docs")).header("content-type") == "text/html"
    await adapter.startup()


def test_bare_results_are_formatted_by_a_private_method():
    app = new_app()
    assert app.router._format_response({"a": 1}) == {"a": 1}
    response = Response(200, Headers({}), b"")
    assert app.router._format_response(response) is response
    stream = StreamingResponse(iter(()))
    assert app.router._format_response(stream) is stream
    assert app.router._format_response(FileResponse(__file__, headers=Headers({}))).description.startswith(b'"""')
    assert app.router._format_response(7).description == b"7"


async def test_asynchronous_streams_are_wrapped_around_their_generator():
    async def generate():
        yield b"x"

    generator = generate()
    wrapper = StreamingResponse(generator).content
    assert isinstance(wrapper, AsyncGeneratorWrapper)
    assert wrapper._async_gen is generator
    await generator.aclose()


def test_requests_and_responses_can_be_made_from_python():
    headers = Headers({"A": "1", "b": ["2", "3"]})
    assert sorted(headers.multi_items()) == [("a", "1"), ("b", "2"), ("b", "3")]
    query = QueryParams()
    query.set("q", "1")
    query.set("q", "2")
    request = Request(query, headers, {"p": "v"}, b"\xff", "GET", Url("http", "h", "/p"), {}, {}, None, "192.0.2.1")
    assert (request.query_params.get_all("q"), request.path_params["p"], request.body) == (["1", "2"], "v", b"\xff")
    assert (request.method, request.url.path, request.ip_addr, request.session) == ("GET", "/p", "192.0.2.1", None)


def test_a_response_holds_the_bytes_it_was_given():
    body = b"x" * 100
    response = Response(200, Headers({}), body)
    assert response.description is body
    assert response.cookies.is_empty()
    response.set_cookie("name", "value", max_age=3)
    cookie = response.cookies.get("name")
    assert isinstance(cookie, Cookie)
    assert (response.cookies.keys(), cookie.value, cookie.max_age) == (["name"], "value", 3)
    assert response.file_path is None


def test_apps_share_their_defaults_unless_given_fresh_ones():
    """The reason for `new_app`; when this fails, it can become simpler."""
    defaults = inspect.signature(Robyn.__init__).parameters
    assert defaults["dependencies"].default is not None
    assert defaults["config"].default is not None
