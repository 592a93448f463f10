import structlog
from robyn import Request, Response
from structlog.testing import capture_logs

from openposterdb.http.access_log import AccessLog
from openposterdb.http.robyn_import import new_app
from tests.http.adapter.rsgi_fakes import ask, started
from tests.manual_clock import ManualClock

KEY = "t3-secret-key"


async def lines(access_log, *targets):
    clock, app = ManualClock(), new_app()

    @app.get("/:key/:what")
    async def handler(request: Request):
        what = request.path_params["what"]
        if what == "slow":
            clock.tick(5)
        if what == "broken":
            raise RuntimeError("no key in here")
        return Response(503 if what == "busy" else 200, {}, structlog.contextvars.get_contextvars()["request_id"])

    adapter = await started(app, access_log=access_log, clock=clock)
    with capture_logs() as logs:
        answers = [await ask(adapter, "GET", target, headers={"x-request-id": "id-1"}) for target in targets]
    assert KEY not in repr(logs)
    return [line for line in logs if line["event"] == "request"], answers


async def test_slow_and_failed_requests_always():
    logged, answers = await lines(
        AccessLog(slow=2.0),
        f"/{KEY}/fine",
        f"/{KEY}/slow?lang=private",
        f"/{KEY}/busy",
        f"/{KEY}/broken",
        f"/x/{KEY}/y/z",
    )
    assert [(line["path"], line["status"], line["log_level"]) for line in logged] == [
        ("/[REDACTED]/slow", 200, "warning"),
        ("/[REDACTED]/busy", 503, "warning"),
        ("/[REDACTED]/broken", 500, "warning"),
    ]
    assert logged[0]["seconds"] == 5.0
    assert {line["request_id"] for line in logged} == {"id-1"}
    assert "private" not in repr(logged)
    assert answers[0].body == b"id-1", "what is logged meanwhile carries the request's id"
    assert [answer.header("x-request-id") for answer in answers] == ["id-1"] * 5


async def test_every_request_on_demand():
    logged, _ = await lines(AccessLog(everything=True), f"/{KEY}/fine", f"/x/{KEY}/y/z")
    assert [(line["path"], line["route"], line["status"]) for line in logged] == [
        ("/[REDACTED]/fine", "/:key/:what", 200),
        ("/[REDACTED]", "", 404),
    ]
