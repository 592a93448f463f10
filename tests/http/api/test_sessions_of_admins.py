from tests.http.api.conftest import NAME, PASSWORD, Client, cookie_of

UNAUTHORIZED = {"error": "Unauthorized"}


async def test_the_first_admin_sets_up_once(client):
    status = (await client.get("/api/auth/status")).json
    assert len(status.pop("wall")) == 6
    assert status == {
        "free_api_key_enabled": False,
        "public_pages": True,
        "setup_required": True,
    }
    answer = await client.setup()
    assert answer.status == 200
    assert list(answer.json) == ["token"]
    assert answer.header("content-type") == "application/json"
    assert (await client.get("/api/auth/status")).json["setup_required"] is False
    again = await client.setup("eve")
    assert (again.status, again.json) == (403, {"error": "Setup already completed"})
    assert (await client.get("/api/keys", token=answer.json["token"])).status == 200


BAD_CREDENTIALS = [
    ("", PASSWORD),
    ("a b", PASSWORD),
    ("x" * 129, PASSWORD),
    (NAME, "short"),
    (NAME, "x" * 257),
    (NAME, "tab\there"),
]


async def test_names_and_passwords_have_rules(client):
    for username, password in BAD_CREDENTIALS:
        answer = await client.setup(username, password)
        assert answer.status == 400
        assert list(answer.json) == ["error"]
        assert (await client.get("/api/auth/status")).json["setup_required"] is True


async def test_a_setup_token_is_asked_for_where_there_is_one(start):
    client = Client(await start(SETUP_TOKEN="open sesame"))
    assert (await client.setup()).status == 403
    body = {"username": NAME, "password": PASSWORD, "setup_token": "wrong"}
    assert (await client.post("/api/auth/setup", body)).status == 403
    assert (await client.post("/api/auth/setup", {**body, "setup_token": "open sesame"})).status == 200


async def test_the_refresh_cookie_is_exactly_so(start, client):
    answer = await client.setup()
    token = cookie_of(answer)
    assert len(token) == 64
    assert set(token) <= set("0123456789abcdef")
    attributes = "; HttpOnly; SameSite=Strict; Path=/api/auth/refresh; Max-Age=604800"
    assert answer.header("set-cookie") == f"refresh_token={token}{attributes}; Secure"
    bare = Client(await start(COOKIE_SECURE="false"))
    answer = await bare.login()
    assert answer.header("set-cookie").endswith(attributes)
    logout = await bare.post("/api/auth/logout", token=answer.json["token"])
    assert logout.json == {"ok": True}
    cleared = "refresh_token=; HttpOnly; SameSite=Strict; Path=/api/auth/refresh; Max-Age=0"
    assert logout.header("set-cookie") == cleared


async def test_login_says_no_in_one_way(client, admin):
    for name, password in ((NAME, "wrong horse"), ("nobody", PASSWORD), ("", ""), (NAME.upper(), PASSWORD)):
        answer = await client.login(name, password)
        assert (answer.status, answer.json) == (401, UNAUTHORIZED)
        assert answer.header("set-cookie") is None
    assert (await client.login()).status == 200


async def test_a_refresh_token_is_good_once(client):
    first = cookie_of(await client.setup())
    answer = await client.refresh(first)
    assert (answer.status, list(answer.json)) == (200, ["token"])
    second = cookie_of(answer)
    assert second != first
    assert (await client.get("/api/keys", token=answer.json["token"])).status == 200
    reused = await client.refresh(first)
    assert (reused.status, reused.json, reused.header("set-cookie")) == (401, UNAUTHORIZED, None)
    assert (await client.refresh(second)).status == 401, "the whole family is over"


BAD_COOKIES = [None, "", "0" * 64, "g" * 64, "x" * 100_000]


async def test_what_is_no_refresh_token_is_refused(client, admin):
    for cookie in BAD_COOKIES:
        answer = await client.refresh(cookie)
        assert (answer.status, answer.json, answer.header("set-cookie")) == (401, UNAUTHORIZED, None)


async def test_the_cookie_is_read_by_its_exact_name(client):
    token = cookie_of(await client.setup())
    for header in (f"xrefresh_token={token}", f"refresh_tokens={token}", f"a=refresh_token={token}"):
        assert (await client.post("/api/auth/refresh", headers={"cookie": header})).status == 401
    header = f"theme=dark; refresh_token={token}; refresh_token=other"
    assert (await client.post("/api/auth/refresh", headers={"cookie": header})).status == 200


async def test_logging_out_ends_every_session(client, admin):
    other = await client.login()
    assert (await client.post("/api/auth/logout", token=admin)).status == 200
    assert (await client.refresh(cookie_of(other))).status == 401


async def test_a_password_is_changed_by_who_knows_it(client, admin, service):
    old = cookie_of(await client.login())
    change = {"old_password": "wrong horse", "new_password": "battery staple"}
    assert (await client.post("/api/auth/password", change, token=admin)).status == 403
    assert (await client.post("/api/auth/password", {**change, "old_password": PASSWORD})).status == 401
    short = {"old_password": PASSWORD, "new_password": "short"}
    assert (await client.post("/api/auth/password", short, token=admin)).status == 400
    answer = await client.post("/api/auth/password", {**change, "old_password": PASSWORD}, token=admin)
    assert (answer.status, list(answer.json)) == (200, ["token"])
    assert (await client.refresh(old)).status == 401, "other sessions are over"
    assert (await client.refresh(cookie_of(answer))).status == 200
    assert (await client.login()).status == 401
    assert (await client.login(password="battery staple")).status == 200


BAD_HEADERS = [
    None,
    "",
    "Bearer",
    "Bearer ",
    "bearer {token}",
    "Basic {token}",
    "Bearer  {token}",
    "Bearer {token}x",
    "{token}",
]


async def test_bearer_failures_are_empty(client, admin):
    for header in BAD_HEADERS:
        headers = {} if header is None else {"authorization": header.format(token=admin)}
        answer = await client.get("/api/keys", headers=headers)
        assert (answer.status, answer.body, answer.header("content-type")) == (401, b"", None)


async def test_kinds_of_credentials_are_not_interchangeable(client, admin, owner, service):
    key = (await client.post("/api/keys", {"name": "x"}, token=admin)).json["key"]
    for path, tokens in (("/api/keys", (owner, key)), ("/api/key/me", (admin, key))):
        for token in tokens:
            answer = await client.get(path, token=token)
            assert (answer.status, answer.body) == (401, b"")
    assert (await service.get("isValid", key=admin)).status == 401


async def test_tokens_end_after_a_quarter_of_an_hour(client, admin, clock):
    clock.tick(15 * 60 + 59)
    assert (await client.get("/api/keys", token=admin)).status == 200
    clock.tick(10)
    assert (await client.get("/api/keys", token=admin)).status == 401


async def test_secrets_are_not_compressed_on_their_way(client, admin):
    takes = {"accept-encoding": "gzip"}
    for answer in (
        await client.login(headers=takes),
        await client.post("/api/keys", {"name": "n" * 100}, token=admin, headers=takes),
    ):
        assert answer.status == 200
        assert answer.header("content-encoding") is None
        assert answer.header("cache-control") == "no-store, no-transform"
    shown = await client.get("/api/keys", token=admin, headers=takes)
    assert (shown.header("content-encoding"), shown.header("cache-control")) == ("gzip", "no-store")


async def test_logins_are_limited_by_address(start):
    client = Client(await start(AUTH_RATE_LIMIT="3/0.125"))
    seen = []
    for path in ("/api/auth/setup", "/api/auth/login", "/api/auth/key-login"):
        answer = await client.post(path, {})
        seen.append((answer.status, answer.header("x-ratelimit-limit"), answer.header("x-ratelimit-remaining")))
    assert seen == [(422, "3", "2"), (422, "3", "1"), (422, "3", "0")]
    for answer in (await client.refresh("x"), await client.get("/api/auth/login")):
        assert answer.status == 429
        assert answer.header("content-type") == "text/plain; charset=utf-8"
        assert 1 <= int(answer.header("retry-after")) <= 8
        assert answer.header("x-ratelimit-after") == answer.header("retry-after")
        assert (answer.header("x-ratelimit-limit"), answer.header("x-ratelimit-remaining")) == ("3", "0")
    assert (await client.post("/api/auth/login", {}, client="198.51.100.7:1")).status == 422
    assert (await client.get("/api/auth/status")).status == 200
