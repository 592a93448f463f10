import asyncio

from robyn import Request, SSEMessage, SSEResponse, StreamingResponse, serve_file

from openposterdb.buckets import Buckets, Rate
from openposterdb.http import responses
from openposterdb.http.hot import HotPath
from openposterdb.http.limits import Group, Limits, by_client
from openposterdb.http.responses import Keep, SendFile
from openposterdb.http.robyn_import import new_app
from openposterdb.http.security import HeaderPolicy
from tests.http.adapter.rsgi_fakes import ask, started
from tests.manual_clock import ManualClock

IMAGE = "/:key/:id_type/poster-default/:file"


def image_app(calls):
    app = new_app()

    @app.get(IMAGE)
    async def image(request: Request):
        calls.append(request.url.path)
        return responses.image(b"picture", "image/jpeg", etag='"e"', cache_control="public", keep=Keep("token", 60))

    return app


async def test_an_image_is_answered_hot_the_second_time_and_alike():
    clock, calls = ManualClock(), []
    hot = HotPath(clock)
    adapter = await started(image_app(calls), hot=hot, clock=clock, policy=HeaderPolicy())
    target = "/k/imdb/poster-default/tt1.jpg?imageSize=large"
    first, second = await ask(adapter, "GET", target), await ask(adapter, "GET", target)
    assert len(calls) == 1
    assert (first.status, first.headers, first.body) == (second.status, second.headers, second.body)
    assert first.header("access-control-allow-origin") == "*"
    head = await ask(adapter, "HEAD", target)
    assert head.headers == [*first.headers, ("content-length", "7")]
    assert (await ask(adapter, "GET", target, headers={"if-none-match": '"e"'})).status == 304
    assert len(calls) == 1
    hot.drop("token")
    assert (await ask(adapter, "GET", target, headers={"if-none-match": '"e"'})).status == 304
    assert len(calls) == 2, "the route answers 304 as the hot path does"


async def test_an_answer_begun_before_a_bump_is_not_kept():
    clock = ManualClock()
    hot = HotPath(clock)
    app = new_app()

    @app.get(IMAGE)
    async def image(request: Request):
        hot.bump()
        return responses.image(b"old settings", "image/jpeg", etag='"e"', cache_control="public", keep=Keep("t", 60))

    adapter = await started(app, hot=hot, clock=clock)
    assert (await ask(adapter, "GET", "/k/imdb/poster-default/tt1")).status == 200
    assert len(hot) == 0


async def test_an_answer_begun_after_a_bump_is_kept():
    clock, calls = ManualClock(), []
    hot = HotPath(clock)
    hot.bump()
    adapter = await started(image_app(calls), hot=hot, clock=clock)
    for _ in range(2):
        await ask(adapter, "GET", "/k/imdb/poster-default/tt1")
    assert len(calls) == 1


async def test_every_request_to_a_limited_path_costs_a_token_once():
    clock, calls = ManualClock(), []
    buckets = Buckets(Rate(4, 1.0), clock)
    hot = HotPath(clock)
    adapter = await started(
        image_app(calls), hot=hot, clock=clock, limits=Limits({IMAGE: Group(buckets)}), policy=HeaderPolicy()
    )
    path = "/k/imdb/poster-default/tt1"
    answers = [await ask(adapter, method, path) for method in ("GET", "GET", "POST", "HEAD", "GET", "DELETE")]
    assert [answer.status for answer in answers] == [200, 200, 405, 200, 429, 429]
    limited = answers[4]
    assert limited.header("content-type") == "text/plain; charset=utf-8"
    assert (limited.header("retry-after"), limited.header("x-ratelimit-after")) == ("1", "1")
    assert limited.header("access-control-allow-origin") == "*"
    assert limited.header("cache-control") is None
    assert (await ask(adapter, "GET", path, client="192.0.2.2:1")).status == 200
    assert (await ask(adapter, "GET", "/other/imdb/poster-default/tt1")).status == 200
    clock.tick(1)
    assert (await ask(adapter, "GET", path)).status == 200
    assert (await ask(adapter, "GET", "/unlimited")).status == 404


async def test_the_limit_sees_the_client_behind_a_trusted_proxy():
    clock = ManualClock()
    limits = Limits({IMAGE: Group(Buckets(Rate(1, 1.0), clock))})
    adapter = await started(image_app([]), clock=clock, limits=limits, trusted_proxies=["192.0.2.1"])
    path = "/k/imdb/poster-default/tt1"
    statuses = [
        (await ask(adapter, "GET", path, headers={"x-forwarded-for": client})).status
        for client in ("6.6.6.6, 198.51.100.1", "7.7.7.7, 198.51.100.1", "198.51.100.2")
    ]
    assert statuses == [200, 429, 200]


async def test_announced_groups_tell_what_is_left():
    clock, app = ManualClock(), new_app()

    @app.post("/api/auth/login")
    async def login(request: Request):
        return {"token": "t"}

    group = Group(Buckets(Rate(2, 8.0), clock), by_client, announced=True)
    adapter = await started(app, clock=clock, limits=Limits({"/api/auth/login": group}))
    answers = [await ask(adapter, "POST", "/api/auth/login") for _ in range(3)]
    assert [(a.status, a.header("x-ratelimit-limit"), a.header("x-ratelimit-remaining")) for a in answers] == [
        (200, "2", "1"),
        (200, "2", "0"),
        (429, "2", "0"),
    ]
    assert answers[2].header("retry-after") == "8"


async def test_streams_of_both_kinds_and_events():
    app = new_app()

    async def slowly():
        yield "a"
        await asyncio.sleep(0)
        yield b"b"

    @app.get("/async")
    async def asynchronous(request: Request):
        return StreamingResponse(slowly(), media_type="text/plain")

    @app.get("/sync")
    def synchronous(request: Request):
        return StreamingResponse((letter for letter in ("a", b"b")), status_code=202)

    @app.get("/events")
    async def events(request: Request):
        return SSEResponse(SSEMessage(str(n)) for n in range(2))

    adapter = await started(app)
    assert (await ask(adapter, "GET", "/async")).body == b"ab"
    answer = await ask(adapter, "GET", "/sync")
    assert (answer.status, answer.body, answer.header("cache-control")) == (202, b"ab", None)
    answer = await ask(adapter, "GET", "/events")
    assert (answer.header("content-type"), answer.body) == ("text/event-stream", b"data: 0\n\ndata: 1\n\n")
    answer = await ask(adapter, "HEAD", "/async")
    assert (answer.kind, answer.body) == ("empty", b"")
    await adapter.shutdown()


async def test_a_stream_left_by_its_client_is_closed():
    app, closed = new_app(), []

    async def endless():
        try:
            while True:
                yield b"x"
                await asyncio.sleep(0)
        finally:
            closed.append(1)

    @app.get("/")
    async def handler(request: Request):
        return StreamingResponse(endless())

    adapter = await started(app)
    task = asyncio.create_task(ask(adapter, "GET", "/"))
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert closed == [1]


async def test_files_are_sent_by_the_server_with_their_length(tmp_path):
    path = tmp_path / "f.txt"
    path.write_bytes(b"12345")
    app = new_app()

    @app.get("/send")
    async def send(request: Request):
        return SendFile(path, headers={"content-type": "text/plain"})

    @app.get("/gone")
    async def gone(request: Request):
        return SendFile(tmp_path / "gone")

    @app.get("/robyn")
    async def robyn(request: Request):
        return serve_file(str(path))

    adapter = await started(app)
    answer = await ask(adapter, "GET", "/send")
    assert (answer.kind, answer.file, answer.header("content-length")) == ("file", str(path), "5")
    assert (await ask(adapter, "HEAD", "/send")).header("content-length") == "5"
    assert (await ask(adapter, "GET", "/gone")).status == 404
    answer = await ask(adapter, "GET", "/robyn")
    assert (answer.body, answer.header("content-disposition")) == (b"12345", "attachment; filename=f.txt")
    await adapter.shutdown()


async def test_requests_are_observed_by_pattern():
    seen = []
    adapter = await started(image_app([]), observe=lambda *facts: seen.append(facts[:3]))
    await ask(adapter, "GET", "/secret/imdb/poster-default/tt1")
    await ask(adapter, "BREW", "/secret/imdb/poster-default/tt1")
    await ask(adapter, "GET", "/secret")
    assert seen == [(IMAGE, "GET", 200), (IMAGE, "OTHER", 405), ("", "GET", 404)]
