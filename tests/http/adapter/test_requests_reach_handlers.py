import asyncio
import threading
from typing import Any

import pytest
from pydantic import RootModel
from robyn import Headers, Request, Response, SubRouter

from openposterdb import errors
from openposterdb.http import responses
from openposterdb.http.api.parsing import parse_body
from openposterdb.http.errors import Rejected
from openposterdb.http.requests import single
from openposterdb.http.robyn_import import new_app
from tests.http.adapter.rsgi_fakes import ask, started


async def test_a_handler_sees_path_query_headers_client_and_method():
    app = new_app()

    @app.get("/:key/things/:name")
    async def handler(request: Request):
        return {
            "params": dict(request.path_params),
            "q": request.query_params.get_all("q"),
            "header": request.headers.get("x-thing"),
            "client": request.ip_addr,
            "method": request.method,
            "url": [request.url.scheme, request.url.host, request.url.path],
        }

    adapter = await started(app)
    answer = await ask(adapter, "GET", "/k/things/a b?q=1&q=%C3%A9+x&z", headers={"X-Thing": "t", "Host": "h:1"})
    assert answer.status == 200
    assert answer.header("content-type") == "application/json"
    assert answer.json == {
        "params": {"key": "k", "name": "a b"},
        "q": ["1", "é x"],
        "header": "t",
        "client": "192.0.2.1",
        "method": "GET",
        "url": ["http", "h:1", "/k/things/a b"],
    }
    await adapter.shutdown()


async def test_robyns_own_parameters_are_injected():
    app = new_app()
    app.inject_global(greeting="hello")

    @app.get("/page/:number")
    async def handler(number: int, size: int = 10, query_params=None, global_dependencies=None):
        return {"number": number, "size": size, "greeting": global_dependencies["greeting"]}

    adapter = await started(app)
    assert (await ask(adapter, "GET", "/page/7?size=3")).json == {"number": 7, "size": 3, "greeting": "hello"}
    assert (await ask(adapter, "GET", "/page/seven")).status == 400


@pytest.mark.parametrize(
    ("returned", "content_type", "body"),
    [
        ({"a": "é"}, "application/json", '{"a":"é"}'.encode()),
        ([1, 2], "application/json", b"[1,2]"),
        ("text", "text/plain; charset=utf-8", b"text"),
        (b"\x00", "application/octet-stream", b"\x00"),
        (Response(201, Headers({"Content-Type": "x/y"}), b"b"), "x/y", b"b"),
        (Response(200, {"content-type": "x/y"}, "s"), "x/y", b"s"),
        (responses.json({"a": 1}), "application/json", b'{"a":1}'),
        (responses.empty(200), None, b""),
        ({"half a pair": "\ud800"}, "application/json", b'{"half a pair":"?"}'),
    ],
)
async def test_whatever_robyn_lets_a_handler_return_is_sent(returned, content_type, body):
    app = new_app()

    @app.get("/")
    async def handler():
        return returned

    answer = await ask(await started(app), "GET", "/")
    assert (answer.header("content-type"), answer.body) == (content_type, body)


async def test_an_answers_bytes_are_never_copied():
    app = new_app()
    body = b"x" * 1000

    @app.get("/answer")
    async def answer(request: Request):
        return responses.image(body, "image/jpeg", etag='"e"', cache_control="public")

    @app.get("/response")
    async def response(request: Request):
        return Response(200, Headers({}), body)

    adapter = await started(app)
    assert (await ask(adapter, "GET", "/answer")).sent[0] is body
    assert (await ask(adapter, "GET", "/response")).sent[0] is body


async def test_a_status_that_would_end_the_server_becomes_500():
    app = new_app()

    @app.get("/:status")
    async def handler(request: Request):
        return Response(int(request.path_params["status"]), Headers({}), b"")

    adapter = await started(app)
    for status in (0, 99, 100, 199, 600, 999, 1000, 65535):
        answer = await ask(adapter, "GET", f"/{status}")
        assert answer.status == 500
        assert answer.json == {"error": "Internal server error"}
    assert (await ask(adapter, "GET", "/599")).status == 599


async def test_head_is_answered_by_the_get_route_which_is_told():
    app = new_app()
    methods = []

    @app.get("/doc")
    async def doc(request: Request):
        methods.append(request.method)
        return responses.json({"method": request.method})

    @app.get("/cold")
    async def cold(request: Request):
        return responses.Answer(200, [("content-type", "image/jpeg")])

    @app.get("/known")
    async def known(request: Request):
        return responses.Answer(200, [], length=5)

    adapter = await started(app)
    answer = await ask(adapter, "HEAD", "/doc")
    assert (answer.kind, answer.status, answer.header("content-length")) == (
        "empty",
        200,
        str(len('{"method":"HEAD"}')),
    )
    assert methods == ["HEAD"]
    assert (await ask(adapter, "HEAD", "/cold")).header("content-length") is None
    assert (await ask(adapter, "HEAD", "/known")).header("content-length") == "5"
    assert (await ask(adapter, "HEAD", "/unknown")).status == 404


async def test_a_route_of_its_own_answers_head():
    app = new_app()

    @app.head("/doc")
    async def head(request: Request):
        return Response(200, Headers({"x-own": "1"}), b"")

    @app.get("/doc")
    async def get(request: Request):
        return "x"

    assert (await ask(await started(app), "HEAD", "/doc")).header("x-own") == "1"


async def test_wrong_methods_and_unknown_paths():
    app = new_app()

    @app.get("/api/keys/:id")
    async def get(request: Request):
        return "x"

    @app.delete("/api/keys/:key")
    async def delete(request: Request):
        return request.path_params["key"]

    adapter = await started(app)
    answer = await ask(adapter, "PUT", "/api/keys/1")
    assert (answer.status, answer.header("allow"), answer.body) == (405, "DELETE,GET,HEAD", b"")
    assert (await ask(adapter, "DELETE", "/api/keys/1")).body == b"1"
    for path in ("/api", "/api/x", "/api/keys/1/", "/api/keys//", "/c/x"):
        assert (await ask(adapter, "GET", path)).json == {"error": "not found"}
    answer = await ask(adapter, "GET", "/x")
    assert (answer.status, answer.header("content-type")) == (404, "text/plain; charset=utf-8")


async def test_options_is_a_preflight_on_every_path():
    app = new_app()

    @app.get("/thing")
    async def get(request: Request):
        return "x"

    adapter = await started(app)
    answer = await ask(adapter, "OPTIONS", "/thing")
    assert (answer.status, answer.body, answer.header("allow")) == (200, b"", "GET,HEAD")
    assert (await ask(adapter, "OPTIONS", "/nowhere")).status == 200


async def test_sync_handlers_run_in_threads_side_by_side():
    app = new_app()
    barrier = threading.Barrier(2, timeout=5)

    @app.get("/")
    def handler(request: Request):
        barrier.wait()
        return threading.current_thread().name

    adapter = await started(app, threads=2)
    answers = await asyncio.gather(ask(adapter, "GET", "/"), ask(adapter, "GET", "/"))
    assert [answer.status for answer in answers] == [200, 200]
    assert all(answer.body.startswith(b"handler") for answer in answers)
    await adapter.shutdown()


async def test_constant_routes_run_once_at_start():
    app = new_app()
    calls = []

    @app.get("/version", const=True)
    def version():
        calls.append(1)
        return "1"

    adapter = await started(app)
    for _ in range(3):
        assert (await ask(adapter, "GET", "/version")).body == b"1"
    assert len(calls) == 1


async def test_hooks_run_in_robyns_order_and_may_end_the_request():
    app = new_app()
    order = []

    @app.before_request()
    async def before(request: Request):
        order.append("before")
        if request.headers.get("x-stop"):
            return Response(418, Headers({}), b"stopped")
        return request

    @app.before_request("/:name")
    def before_route(request: Request):
        order.append("before route")
        return request

    @app.after_request()
    async def after(response: Response):
        order.append("after")
        response.headers.set("x-after", "1")
        return response

    @app.after_request("/:name")
    async def after_route(request: Request, response: Response):
        order.append(f"after route {request.method}")
        return response

    @app.get("/:name")
    async def handler(request: Request):
        order.append("handler")
        return {"name": request.path_params["name"]}

    @app.get("/image")
    async def image(request: Request):
        return responses.image(b"b", "image/png", etag='"e"', cache_control="c")

    adapter = await started(app)
    answer = await ask(adapter, "GET", "/x")
    assert (answer.header("x-after"), answer.json) == ("1", {"name": "x"})
    assert order == ["before", "before route", "handler", "after", "after route GET"]
    order.clear()
    assert (await ask(adapter, "GET", "/x", headers={"x-stop": "1"})).status == 418
    assert order == ["before"]
    order.clear()
    assert (await ask(adapter, "HEAD", "/x")).status == 200
    assert "before route" in order, "the hooks of the GET route guard its HEAD"
    assert (await ask(adapter, "GET", "/image")).header("x-after") == "1"


async def test_routes_of_nested_routers_are_found():
    app = new_app()
    outer, inner = SubRouter(prefix="/outer"), SubRouter(prefix="/inner")

    @inner.get("/leaf")
    async def leaf(request: Request):
        return "leaf"

    outer.include_router(inner)
    app.include_router(outer)
    assert (await ask(await started(app), "GET", "/outer/inner/leaf")).body == b"leaf"


async def test_errors_become_answers_and_only_surprises_are_hidden(caplog):
    app = new_app()

    @app.get("/:kind")
    async def handler(request: Request):
        raise {
            "missing": errors.NotFound("no poster"),
            "bug": RuntimeError("secret detail"),
            "rejected": Rejected(422, "a member is missing"),
            "busy": errors.Overloaded("too much", retry_after=2.1),
        }[request.path_params["kind"]]

    adapter = await started(app)
    answer = await ask(adapter, "GET", "/missing")
    assert (answer.status, answer.body, answer.header("cache-control")) == (404, b'{"error":"no poster"}', None)
    answer = await ask(adapter, "GET", "/bug")
    assert (answer.status, answer.body) == (500, b'{"error":"Internal server error"}')
    assert (await ask(adapter, "GET", "/rejected")).header("content-type") == "text/plain; charset=utf-8"
    assert (await ask(adapter, "GET", "/busy")).header("retry-after") == "3"
    assert (await ask(adapter, "GET", "/unforeseen")).status == 500


@pytest.mark.parametrize("late", [False, True])
async def test_the_applications_exception_handler_is_used_whenever_it_was_registered(late):
    app = new_app()

    def register():
        @app.exception
        def on_error(error):
            return Response(599, Headers({}), str(error))

    if not late:
        register()

    @app.get("/")
    async def handler(request: Request):
        raise ValueError("seen")

    if late:
        register()
    answer = await ask(await started(app), "GET", "/")
    assert (answer.status, answer.body) == (599, b"seen")


async def test_an_exception_handler_that_fails_is_answered_for():
    app = new_app()

    @app.get("/")
    async def handler(request: Request):
        raise ValueError

    @app.exception
    def on_error(error):
        raise KeyError

    assert (await ask(await started(app), "GET", "/")).status == 500


async def test_json_bodies():
    app = new_app()

    @app.post("/api/echo")
    async def echo(request: Request):
        return responses.json(parse_body(RootModel[Any], request).root)

    adapter = await started(app)
    json_type = {"Content-Type": "application/json; charset=utf-8"}
    assert (await ask(adapter, "POST", "/api/echo", body=b'{"a":1}', headers=json_type)).json == {"a": 1}
    merge = {"Content-Type": "application/merge-patch+json"}
    assert (await ask(adapter, "POST", "/api/echo", body=b"[]", headers=merge)).json == []
    assert (await ask(adapter, "POST", "/api/echo", body=b"{}")).status == 415
    for broken in (b"", b"{", b"\xff", b"[" * 100_000):
        answer = await ask(adapter, "POST", "/api/echo", body=broken, headers=json_type)
        assert (answer.status, answer.header("content-type")) == (400, "text/plain; charset=utf-8")


async def test_a_repeated_parameter_is_rejected():
    app = new_app()

    @app.get("/")
    async def handler(request: Request):
        return str(single(request, "lang"))

    adapter = await started(app)
    assert (await ask(adapter, "GET", "/?lang=de&x=1&x=2")).body == b"de"
    assert (await ask(adapter, "GET", "/")).body == b"None"
    assert (await ask(adapter, "GET", "/?lang=de&lang=de")).status == 400


async def test_bodies_are_limited_in_size_whether_declared_or_not():
    app = new_app()

    @app.post("/")
    async def handler(request: Request):
        return str(len(request.body))

    adapter = await started(app, max_body=10)
    assert (await ask(adapter, "POST", "/", body=b"x" * 10)).body == b"10"
    answer = await ask(adapter, "POST", "/", body=b"x" * 11)
    assert (answer.status, answer.header("content-type")) == (413, "text/plain; charset=utf-8")
    assert (await ask(adapter, "POST", "/", body=[b"x" * 6, b"x" * 6])).status == 413
    lying = {"content-length": "9" * 5000}
    assert (await ask(adapter, "POST", "/", headers=lying)).status == 413


async def test_a_body_that_does_not_arrive_is_given_up():
    app = new_app()

    @app.post("/")
    async def handler(request: Request):
        return "x"

    adapter = await started(app, body_timeout=0.01)
    never = asyncio.get_running_loop().create_future()
    assert (await ask(adapter, "POST", "/", body=[b"x", never])).status == 408


async def test_forms_text_and_binary_bodies():
    app = new_app()

    @app.post("/")
    async def handler(request: Request):
        return {"type": type(request.body).__name__, "form": dict(request.form_data)}

    adapter = await started(app)
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert (await ask(adapter, "POST", "/", body=b"a=1&b=%20", headers=form)).json["form"] == {"a": "1", "b": " "}
    assert (await ask(adapter, "POST", "/", body=b"text")).json["type"] == "str"
    assert (await ask(adapter, "POST", "/", body=b"\xff\x00")).json["type"] == "bytes"
    assert (await ask(adapter, "POST", "/")).json["type"] == "str"


async def test_http2_requests_have_a_host_and_one_cookie_header():
    app = new_app()

    @app.get("/")
    async def handler(request: Request):
        return {
            "host": request.headers.get("host"),
            "cookie": request.headers.get("cookie"),
            "x": request.headers.get("x"),
        }

    adapter = await started(app)
    headers = [("cookie", "a=1"), ("cookie", "b=2"), ("x", "1"), ("x", "2")]
    answer = await ask(adapter, "GET", "/", headers=headers, authority="example.test")
    assert answer.json == {"host": "example.test", "cookie": "a=1; b=2", "x": "2"}


async def test_cookies_and_repeated_headers_are_sent():
    app = new_app()

    @app.get("/")
    async def handler(request: Request):
        response = Response(200, Headers({}), b"")
        response.set_cookie("refresh", "v", path="/api", max_age=5, secure=True, http_only=True, same_site="Strict")
        response.headers.append("link", "a")
        response.headers.append("link", "b")
        return response

    answer = await ask(await started(app), "GET", "/")
    assert answer.header("set-cookie") == "refresh=v; Path=/api; Max-Age=5; Secure; HttpOnly; SameSite=Strict"
    assert answer.all("link") == ["a", "b"]


async def test_signed_sessions_survive_the_round_trip():
    app = new_app()
    app.configure_sessions("a secret")

    @app.get("/")
    async def handler(request: Request):
        request.session["count"] = request.session.get("count", 0) + 1
        return {"count": request.session["count"]}

    adapter = await started(app)
    first = await ask(adapter, "GET", "/")
    cookie = first.header("set-cookie").partition(";")[0]
    assert (await ask(adapter, "GET", "/", headers={"cookie": cookie})).json == {"count": 2}


async def test_global_response_headers_fill_what_is_missing():
    app = new_app()
    app.set_response_header("X-One", "global")
    app.set_response_header("X-Two", "global")
    app.exclude_response_headers_for(["/bare"])

    @app.get("/:path")
    async def handler(request: Request):
        return Response(200, Headers({"X-Two": "own"}), b"")

    adapter = await started(app)
    answer = await ask(adapter, "GET", "/x")
    assert (answer.header("x-one"), answer.header("x-two")) == ("global", "own")
    assert (await ask(adapter, "GET", "/bare")).header("x-one") is None


async def test_websockets_are_refused():
    app = new_app()
    answer = await ask(await started(app), "GET", "/", proto="ws")
    assert (answer.kind, answer.status) == ("close", 403)


async def test_a_path_that_is_not_utf8_is_rejected():
    app = new_app()

    @app.get("/:a")
    async def handler(request: Request):
        return "x"

    answer = await ask(await started(app), "GET", "/a\ufffdb")
    assert (answer.status, answer.header("content-type")) == (400, "text/plain; charset=utf-8")


async def test_an_etag_gives_304_on_any_route():
    app = new_app()

    @app.get("/")
    async def handler(request: Request):
        return Response(200, Headers({"etag": '"e"', "content-type": "x/y", "cache-control": "no-cache"}), b"body")

    adapter = await started(app)
    answer = await ask(adapter, "GET", "/", headers={"if-none-match": 'W/"e"'})
    assert (answer.status, answer.kind, answer.header("etag"), answer.header("content-type")) == (
        304,
        "empty",
        '"e"',
        None,
    )
    assert (await ask(adapter, "GET", "/", headers={"if-none-match": '"other"'})).body == b"body"
