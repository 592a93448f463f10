"""A whole life of a server over every route of its own document: no key, password, token or secret in any line it writes."""

import itertools
import json
import sqlite3
from contextlib import closing, contextmanager
from urllib.parse import quote

import pytest

from tests.e2e.conftest import KEY, SECRETS
from tests.e2e.processes import command
from tests.e2e.titles import POSTER

SETUP_TOKEN = "setup-token-0b5d7e3c9a41"
JWT_SECRET = "5e" * 15 + "c0ffee" * 5 + "5eed"
PASSWORDS = (
    "first password of ada",
    "second password of ada",
    "password of grace",
    "guessed in vain",
    "typed as a name",
)
FIRST, SECOND, OTHER, GUESSED, MISPLACED = PASSWORDS
RAW_KEYS = (KEY, "t3-99999999-8888-4777-8666-555555555555", "0123456789abcdef" * 4)
FORGED = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"
STRANGE = b'{"username": "ada", "password": "%s", "api_key": "%s", "setup_token": "%s"' % (
    GUESSED.encode(),
    KEY.encode(),
    SETUP_TOKEN.encode(),
)
SIGNED = ("access token", "signature of access token")
LAST = ("logout", "changePassword", "removeAdmin", "revokeKey")
"""Operations that would end what the others need."""


class Secrets:
    """Everything that may stand nowhere, with a name for the report of a failure."""

    def __init__(self, **known):
        self.known = dict(known)

    def learn(self, name, value):
        self.known[f"{name} {len(self.known)}"] = value
        if value.count(".") == 2:  # a token's signature alone is worth as much
            self.known[f"signature of {name} {len(self.known)}"] = value.rpartition(".")[2]
        return value

    def told_in(self, text):
        return [name for name, value in self.known.items() if value in text or quote(value) in text]


class Clients:
    """An admin's browser, a key's owner and strangers, whose every answer is looked at."""

    def __init__(self, server, secrets):
        self._client = server.client
        self.secrets = secrets
        self.asked = 0

    def ask(self, method, path, value=None, *, token=None, may_tell=(), **options):
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        if value is not None:
            options["json"] = value
        self._client.cookies.clear()
        answer = self._client.request(method, path, headers=headers, **options)
        self.asked += 1
        assert answer.status_code != 500, (method, path)
        told = [] if "image/" in answer.headers.get("content-type", "") else self.secrets.told_in(answer.text)
        allowed = [name for name in told if any(name.startswith(part) for part in may_tell)]
        assert told == allowed, (method, path, answer.status_code)
        return answer

    def session(self, path, value=None, *, status=200, **options):
        """The access token, equal to another one of the same second, and the refresh token of an answer."""
        answer = self.ask("POST", path, value, may_tell=SIGNED if status == 200 else (), **options)
        assert answer.status_code == status, answer.text
        if status != 200:
            return None
        refresh = answer.headers["set-cookie"].partition(";")[0].removeprefix("refresh_token=")
        return self.secrets.learn("access token", answer.json()["token"]), self.secrets.learn("refresh token", refresh)


@pytest.fixture
def life(start, upstreams):
    """A server that logs everything, before its first admin, and those who will know it."""
    server = start(
        LOG_LEVEL="debug",
        SETUP_TOKEN=SETUP_TOKEN,
        JWT_SECRET=JWT_SECRET,
        AUTH_RATE_LIMIT="off",
        IS_VALID_RATE_LIMIT="off",
        FREE_KEY_ENABLED="true",
        REQUEST_DEADLINE_SECS="10",
    ).ready()
    known = {f"upstream or test key {number}": secret for number, secret in enumerate(SECRETS)}
    known |= {f"password {number}": password for number, password in enumerate(PASSWORDS)}
    known |= {f"raw key {number}": key for number, key in enumerate(RAW_KEYS)}
    secrets = Secrets(**known, setup_token=SETUP_TOKEN, jwt_secret=JWT_SECRET, forged=FORGED)
    return server, Clients(server, secrets), secrets


def operations(clients):
    """Method, path and name of every management operation that the server documents."""
    document = clients.ask("GET", "/api/openapi.json").json()
    found = [
        (method.upper(), path, operation["operationId"])
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if path.startswith("/api/") and method in {"get", "post", "put", "patch", "delete"}
    ]
    assert len(found) > 40, "the management API is there"
    return sorted(found, key=lambda operation: operation[2] in LAST)


def filled(path, number, text):
    """The path with its parameters in place: numbers, and names that are no numbers."""
    return path.replace("{id}", str(number)).replace("{id_type}", "tmdb").replace("{id_value}", text)


def live(clients):
    """Setup, sessions, keys: what people do. The admin's token, the owner's token and the new key's id."""
    ada = {"username": "ada", "password": FIRST}
    clients.session("/api/auth/setup", {**ada, "setup_token": GUESSED}, status=403)
    clients.session("/api/auth/setup", ada, status=403)
    _, refresh = clients.session("/api/auth/setup", {**ada, "setup_token": SETUP_TOKEN})
    clients.session("/api/auth/setup", {**ada, "setup_token": SETUP_TOKEN}, status=403)
    clients.session("/api/auth/login", {**ada, "password": GUESSED}, status=401)
    clients.session("/api/auth/login", {"username": MISPLACED, "password": FIRST}, status=401)
    clients.session("/api/auth/login", {"username": RAW_KEYS[1], "password": RAW_KEYS[2]}, status=401)
    cookie = {"cookie": f"refresh_token={refresh}"}
    clients.session("/api/auth/refresh", headers=cookie)
    clients.session("/api/auth/refresh", headers=cookie, status=401)  # used twice: the whole family ends
    clients.session("/api/auth/refresh", headers={"cookie": f"refresh_token={RAW_KEYS[2]}"}, status=401)
    token, _ = clients.session("/api/auth/login", ada)
    change = {"old_password": GUESSED, "new_password": SECOND}
    clients.session("/api/auth/password", change, token=token, status=403)
    token, _ = clients.session("/api/auth/password", {**change, "old_password": FIRST}, token=token)
    grace = {"username": "grace", "password": OTHER}
    assert clients.ask("POST", "/api/admin/users", grace, token=token).status_code == 200
    assert clients.ask("POST", "/api/admin/users", grace, token=token).status_code == 409
    clients.session("/api/auth/login", grace)

    answer = clients.ask("POST", "/api/keys", {"name": "living room"}, token=token)
    created = answer.json()
    raw = clients.secrets.learn("created key", created["key"])
    for key in (*RAW_KEYS[1:], "t0-free-rpdb"):
        assert clients.ask("POST", "/api/auth/key-login", {"api_key": key}).status_code == 401
    owner = clients.ask("POST", "/api/auth/key-login", {"api_key": raw}).json()["token"]
    clients.secrets.learn("owner's token", owner)
    assert clients.ask("PUT", "/api/key/me/settings", {"poster_source": "f"}, token=owner).status_code == 200
    assert clients.ask("GET", f"/{raw}/tmdb/poster-default/movie-9000101.jpg").status_code in {200, 404}
    assert clients.ask("GET", POSTER).status_code == 200
    return token, owner, created["id"]


def sweep(clients, token, owner, key_id):
    """Every operation, by everybody, with what belongs into it and with what does not."""
    bearers = (None, token, owner, FORGED, RAW_KEYS[2], KEY)
    statuses = set()
    for (method, path, name), bearer in itertools.product(operations(clients), bearers):
        if name in LAST and bearer == token:
            continue
        for text in ("movie-9000101", KEY, RAW_KEYS[2]):
            target = filled(path, key_id if bearer == token else text, text)
            statuses.add(clients.ask(method, target, token=bearer).status_code)
        if method != "GET":
            target = filled(path, 424_242, KEY)
            bodies = (
                {"content": STRANGE, "headers": {"content-type": "application/json"}},
                {"content": STRANGE, "headers": {"content-type": f"text/{KEY}"}},
                {"content": STRANGE + b"}", "headers": {"content-type": "application/json"}},
                {"json": [FIRST, KEY]},
                {"json": {"poster_source": KEY, "name": {"a": KEY}, "old_password": [SECOND], "username": 5}},
            )
            for body in bodies:
                statuses.add(clients.ask(method, target, token=bearer, **body).status_code)
        queries = dict.fromkeys(("id", "page", "days", "sort", "limit", "actor", "search", "fanart_lang", KEY), KEY)
        if method == "GET":
            statuses.add(
                clients.ask(method, filled(path, key_id, "movie-9000101"), token=bearer, params=queries).status_code
            )
    assert {200, 400, 401, 404, 415, 422} <= statuses


def pry(clients, token):
    """Credentials where they do not belong: paths, methods, headers."""
    for secret in (KEY, RAW_KEYS[2], token, FORGED):
        for path in (f"/api/{secret}", f"/api/keys/{secret}", f"/api/auth/{secret}", f"/api/admin/users/{secret}"):
            clients.ask("GET", path)
            clients.ask("PATCH", path, token=secret)
        clients.ask(
            "GET", f"/api/keys?token={secret}&api_key={secret}", headers={"x-api-key": secret, "referer": f"/{secret}"}
        )
        clients.ask(
            "GET", "/api/keys", headers={"authorization": f"Basic {secret}", "cookie": f"refresh_token={secret}"}
        )
        clients.ask(
            "GET", "/api/keys", headers={"user-agent": secret, "x-forwarded-for": secret, "x-request-id": secret}
        )
        clients.ask("OPTIONS", f"/api/keys/{secret}", headers={"origin": f"https://{secret}"})


def end(clients, token, key_id):
    """What ends sessions, keys and admins."""
    assert clients.ask("DELETE", f"/api/keys/{key_id}", token=token).status_code == 200
    users = {user["username"]: user["id"] for user in clients.ask("GET", "/api/admin/users", token=token).json()}
    assert clients.ask("DELETE", f"/api/admin/users/{users['grace']}", token=token).status_code == 200
    clients.ask("DELETE", f"/api/admin/users/{users['ada']}", token=token)
    assert clients.ask("POST", "/api/auth/logout", token=token).status_code == 200
    assert clients.ask("GET", "/api/keys", token=token).status_code == 401


@contextmanager
def locked(path):
    """The database, kept from every writer."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def stored_secrets(path):
    """What the database holds of secrets: hashes of passwords, keys and refresh tokens, and the instance's own."""
    columns = {
        "admin_users": "password_hash",
        "api_keys": "key_hash",
        "refresh_tokens": "token_hash",
        "instance_secrets": "value",
    }
    with closing(sqlite3.connect(path)) as database:
        return [
            (f"{table}.{column}", str(value))
            for table, column in columns.items()
            for (value,) in database.execute(f"SELECT {column} FROM {table}")
        ]


def test_no_secret_in_any_line_metric_record_or_answer(life):
    server, clients, secrets = life
    path = server.folder / "db" / "openposterdb.db"
    token, owner, key_id = live(clients)
    for name, value in stored_secrets(path):
        secrets.learn(name, value)
    sweep(clients, token, owner, key_id)
    pry(clients, token)
    token, _ = clients.session("/api/auth/login", {"username": "ada", "password": SECOND})
    with locked(path):
        clients.session("/api/auth/login", {"username": "ada", "password": SECOND}, status=503)
        clients.ask("POST", "/api/keys", {"name": KEY}, token=token)
    audit = clients.ask("GET", "/api/admin/audit", params={"limit": 100}, token=token)
    assert audit.json()["items"], "there is a trail"
    for name, value in stored_secrets(path):
        secrets.learn(name, value)
    end(clients, token, key_id)
    listed = command("keys", "list", folder=server.folder, variables={"DB_DIR": server.variables["DB_DIR"]})
    assert secrets.told_in(listed.stdout + listed.stderr) == []
    assert secrets.told_in(server.metrics()) == []

    server.terminate()
    assert server.ended() == 0
    lines = server.out + server.err
    assert len(lines) > clients.asked / 2, "it did log"
    told = [(secrets.told_in(line), line) for line in lines if secrets.told_in(line)]
    assert not told, "\n".join(f"{names}: {line}" for names, line in told)
    assert all(isinstance(json.loads(line), dict) for line in lines)
    with closing(sqlite3.connect(path)) as database:
        trail = "\n".join(map(str, database.execute("SELECT actor, action, target, detail, address FROM audit_log")))
    assert secrets.told_in(trail) == []
