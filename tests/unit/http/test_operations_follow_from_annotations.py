from typing import Annotated

import pytest
from pydantic import BaseModel, Field

from openposterdb.errors import Invalid, Unauthorized
from openposterdb.http import responses
from openposterdb.http.api.calls import AdminCall, Call, KeyCall, Reply
from openposterdb.http.api.document import openapi_document
from openposterdb.http.api.endpoints import Api
from openposterdb.http.api.numbers import ById, UInt31
from openposterdb.http.api.outline import outline
from openposterdb.http.responses import Answer
from openposterdb.http.robyn_import import new_app
from openposterdb.storage.rows import Admin, ApiKey
from tests.http.adapter.rsgi_fakes import ask, started

JSON = {"content-type": "application/json"}


class Guards:
    async def admin(self, token):
        if token != "admin":
            raise Unauthorized
        return Admin(1, "ada", "")

    async def key(self, token):
        if token != "key":
            raise Unauthorized
        return ApiKey(7, "phone", "t3-phone", None, "", None)


class Body(BaseModel):
    """Something to keep."""

    name: Annotated[str, Field(max_length=5, description="What it is called.", examples=["moss"])]
    count: Annotated[int, Field(alias="howMany")] = 1


class Query(BaseModel):
    page: UInt31 = 1
    lang: str | None = None


class Kept(BaseModel):
    """What was kept."""

    name: str
    count: int = 0


@pytest.fixture
def api():
    api = Api()

    @api.post("/things/{id}", tag="Things", errors={409: "It is there."}, secret=True)
    async def keep_thing(call: AdminCall, path: ById, query: Query, body: Body) -> Reply[Kept]:
        """Keep a thing.

        For long.
        """
        if body.name == "boom":
            raise Invalid("boom")
        return Reply(Kept(name=f"{call.admin.username} {path.id} {query.page}", count=body.count), [("x-kept", "1")])

    @api.get("/own", tag="Things", name="mine")
    async def own(call: KeyCall) -> list[str]:
        """Tell the key."""
        return [call.key.name, call.address]

    @api.get("/picture", tag="Things", media=("image/png",))
    async def picture(_call: Call) -> Answer:
        """Show it."""
        return responses.image(b"x", "image/png", etag='"x"', cache_control="no-cache")

    @api.get("/broken", tag="Things", media=("image/png",))
    async def broken(_call: Call) -> str:
        """Forget what it is."""
        return "x"

    return api


@pytest.fixture
async def adapter(api):
    app = new_app()
    api.register(app, Guards())
    return await started(app)


async def send(adapter, target, body=b'{"name": "moss"}', token="admin", **headers):
    listed = {**JSON, "authorization": f"Bearer {token}", **headers}
    return await ask(adapter, "POST", target, headers=listed, body=body)


async def test_parts_are_parsed_and_the_answer_written(adapter):
    answer = await send(adapter, "/things/7?page=3", b'{"name": "moss", "howMany": 4, "more": 1}')
    assert (answer.status, answer.body) == (200, b'{"name":"ada 7 3","count":4}')
    assert answer.header("x-kept") == "1"
    assert answer.header("content-type") == "application/json"
    assert answer.header("cache-control") == "no-store, no-transform"
    own = await ask(adapter, "GET", "/own", headers={"authorization": "Bearer key"})
    assert (own.json, own.header("cache-control")) == (["phone", "192.0.2.1"], "no-store")
    assert (await ask(adapter, "GET", "/picture")).header("etag") == '"x"'
    assert (await ask(adapter, "GET", "/broken")).status == 500


@pytest.mark.parametrize(
    ("target", "body", "status", "said"),
    [
        ("/things/x", b"", 400, "id: must be a whole number of 32 bits"),
        ("/things/7?page=x", b"", 400, "page: must be a whole number, 0 or more, of 32 bits"),
        ("/things/7?page=1&page=2", b"", 400, "the parameter page is given more than once"),
        ("/things/7", b"{", 400, "the body is not JSON"),
        ("/things/7", b"{}", 422, "name: is missing"),
        (
            "/things/7",
            b'{"name": 7, "howMany": "4"}',
            422,
            "name: must be a valid string; howMany: must be a valid integer",
        ),
        ("/things/7", b"7", 422, "body: must be an object"),
    ],
)
async def test_malformed_requests_are_plain_text(adapter, target, body, status, said):
    answer = await send(adapter, target, body)
    assert (answer.status, answer.body.decode()) == (status, said)
    assert answer.header("content-type") == "text/plain; charset=utf-8"


async def test_values_that_are_not_allowed_are_json(adapter):
    answer = await send(adapter, "/things/7", b'{"name": "mossmoss"}')
    assert (answer.status, answer.json) == (400, {"error": "name: must have at most 5 characters"})
    assert (await send(adapter, "/things/7", b'{"name": "boom"}')).json == {"error": "boom"}


async def test_who_asks_comes_before_what_is_asked(adapter):
    answer = await send(adapter, "/things/x", b"{", token="key")
    assert (answer.status, answer.body) == (401, b"")
    assert (await send(adapter, "/things/7", b"{", **{"content-type": "text/plain"})).status == 415


@pytest.mark.parametrize("parameters", ["body: Body", "call: Body", "call: Call, size: Body"])
def test_a_handler_that_cannot_be_meant_is_found_at_start(parameters):
    scope = {"Body": Body, "Call": Call}
    exec(f"async def handler({parameters}) -> Body: ...", scope)
    with pytest.raises(TypeError, match="takes a Call"):
        Api().get("/x", tag="X")(scope["handler"])


def test_the_document_tells_what_the_annotations_say(api):
    document = openapi_document(api.operations, version="1", paths={}, tags=[{"name": "Things"}])
    keep = document["paths"]["/things/{id}"]["post"]
    assert keep["operationId"] == "keepThing"
    assert (keep["summary"], keep["description"]) == ("Keep a thing", "For long.")
    assert keep["security"] == [{"admin": []}]
    assert list(keep["responses"]) == ["200", "400", "401", "408", "409", "413", "415", "422", "500", "503"]
    assert [parameter["name"] for parameter in keep["parameters"]] == ["id", "page", "lang"]
    assert set(document["components"]["schemas"]) == {"Error", "Body", "Kept"}
    assert set(document["components"]["schemas"]["Body"]["properties"]) == {"name", "howMany"}
    assert document["components"]["schemas"]["Body"]["required"] == ["name"]
    assert document["components"]["schemas"]["Kept"]["required"] == ["name", "count"], "answers are always complete"
    own = document["paths"]["/own"]["get"]
    assert (own["operationId"], own["security"], list(own["responses"])) == (
        "mine",
        [{"key_owner": []}],
        ["200", "401", "500", "503"],
    )
    assert list(document["paths"]["/picture"]["get"]["responses"]["200"]["content"]) == ["image/png"]


def test_the_outline_puts_it_in_words(api):
    document = openapi_document(api.operations, version="1", paths={}, tags=[{"name": "None"}, {"name": "Things"}])
    (section,) = outline(document)
    keep = section.entries[0]
    assert keep.access == "an admin's token"
    assert [(member.name, member.type, member.required, member.notes) for member in (*keep.parameters, *keep.body)] == [
        ("id", "integer", True, "path"),
        ("page", "integer", False, "default 1"),
        ("lang", "string or null", False, ""),
        ("name", "string", True, ""),
        ("howMany", "integer", False, "default 1"),
    ]
    assert keep.body[0].description == "What it is called."
    assert keep.curl.split(" \\\n  ") == [
        "curl -X POST https://posters.example.org/things/1",
        '-H "Authorization: Bearer $TOKEN"',
        "-H 'Content-Type: application/json'",
        """-d '{"name": "moss"}'""",
    ]
    assert [member.name for member in keep.replies[0].members] == ["name", "count"]
    assert section.entries[2].curl.endswith("-o picture.png")
