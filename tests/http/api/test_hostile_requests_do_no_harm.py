import json

from tests.http.api.conftest import KEY

LOGIN = "/api/auth/login"
TEXT = "text/plain; charset=utf-8"


CONTENT_TYPES = [
    (None, 415),
    ("", 415),
    ("text/plain", 415),
    ("application/x-www-form-urlencoded", 415),
    ("multipart/form-data; boundary=x", 415),
    ("application/jsonp", 415),
    ("application/json", 401),
    ("application/json; charset=utf-8", 401),
    ("Application/JSON", 401),
    ("application/merge-patch+json", 401),
]


async def test_a_form_of_another_site_cannot_log_in(client):
    for content_type, status in CONTENT_TYPES:
        headers = {} if content_type is None else {"content-type": content_type}
        body = json.dumps({"username": "a", "password": "b"}).encode()
        answer = await client.service.ask("POST", LOGIN, headers=headers, body=body)
        assert answer.status == status


BODIES = [
    (b"", 400),
    (b"{", 400),
    (b"\xff\xfe", 400),
    (b'{"username": "\xff", "password": "b"}', 400),
    (b"[" * 500_000, 400),
    (b'{"a":' * 100_000, 400),
    (b'{"username": "\\ud800", "password": "b"}', 400),
    (b"null", 422),
    (b"[]", 422),
    (b"7", 422),
    (b"{}", 422),
    (b'{"username": "a"}', 422),
    (b'{"username": "a", "password": 7}', 422),
    (b'{"username": null, "password": "b"}', 422),
    (b'{"username": "a", "password": 1e999}', 422),
    (b'{"username": "a", "password": ' + b"9" * 5000 + b"}", 400),
    (b'{"username": "a", "username": "b", "password": "c", "password": "d"}', 401),
    (b'{"username": "a\\u0000", "password": "\\u0000"}', 401),
    (b'{"username": "' + b"a" * 1_000_000 + b'", "password": "b"}', 401),
    (b'{"username": "a", "password": "b", "more": [[[[]]]]}', 401),
    (b" " * (2 * 1024 * 1024 + 1), 413),
]


async def test_odd_bodies_are_refused_in_the_right_words(client, admin):
    for body, status in BODIES:
        answer = await client.service.ask("POST", LOGIN, headers={"content-type": "application/json"}, body=body)
        assert answer.status == status
        assert answer.header("content-type") == ("application/json" if status == 401 else TEXT)
        assert len(answer.body) < 500


ODD_NAMES = [
    "\ud800",
    "a\r\nset-cookie: x=y",
    "a\0b",
    "../../etc/passwd",
    "<script>",
    "' OR 1=1 --",
    "𐀀",
    "a\u202eb",
    "%s%n{0}",
]


async def test_odd_names_are_kept_as_they_are_or_refused(client, admin):
    kept = []
    for name in ODD_NAMES:
        answer = await client.post("/api/keys", token=admin, body=json.dumps({"name": name}).encode())
        assert answer.status in {200, 400}, name
        assert len(answer.all("set-cookie")) == 0
        kept += [name] if answer.status == 200 else []
    assert {"<script>", "' OR 1=1 --", "𐀀"} <= set(kept)
    listed = (await client.get("/api/keys", token=admin)).json
    assert [key["name"] for key in listed[1:]] == kept


PATHS = [
    "/api/keys/..%2f..%2fadmin",
    "/api/keys/1%00",
    "/api/keys/1%0d%0aset-cookie:x",
    "/api/keys/%ff",
    "/api/keys/" + "9" * 8000,
    "/api//keys",
    "/api/keys/",
    "//api/keys",
    "/api/keys;x=1",
    "/API/keys",
    "/api/./keys",
]


async def test_odd_paths_are_other_paths(client, admin):
    for path in PATHS:
        for method in ("GET", "DELETE"):
            answer = await client.send(method, path, token=admin)
            assert answer.status in {400, 404, 405}
            assert b"set-cookie" not in str(answer.headers).encode()


async def test_long_ids_and_hundreds_of_languages_fill_nothing(service, client):
    for number in range(400):
        lang = f"{number:04d}"
        await service.ask("GET", f"/{KEY}/imdb/poster-default/{'x' * 8000 if number < 10 else 'tt0'}?lang={lang}")
    parts = service.parts
    assert len(service.hot) == 0
    assert parts.memory.bytes <= parts.memory.max_bytes
    async with parts.database.reading() as connection:
        from sqlalchemy import func, select

        from openposterdb.storage.tables import metadata

        for table in metadata.sorted_tables:
            count = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            assert count < 20, table.name


async def test_a_token_is_a_token_however_it_is_written(client, admin):
    for token in ("é" * 10, "a.b.c", "." * 5000, "null", "\ud800".encode("utf-8", "replace").decode(), f"{admin}."):
        answer = await client.get("/api/keys", token=token)
        assert (answer.status, answer.body) == (401, b"")
    doubled = [("authorization", f"Bearer {admin}"), ("authorization", "Bearer x")]
    assert (await client.service.ask("GET", "/api/keys", headers=doubled)).status in {200, 401}
