import asyncio
import re

import pytest

from openposterdb.accounts.registry import KeyOwner
from tests.http.api.conftest import KEY

TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


async def test_a_key_is_shown_once_and_opens_at_once(client, admin, service):
    answer = await client.post("/api/keys", {"name": "living room"}, token=admin)
    assert answer.status == 200
    created = answer.json
    assert set(created) == {"created_at", "id", "key", "key_prefix", "name", "expires_at"}
    assert re.fullmatch(r"t3-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", created["key"])
    assert created["key_prefix"] == created["key"][:8]
    assert TIME.fullmatch(created["created_at"])
    assert (await service.get("isValid", key=created["key"])).json == {"valid": True}
    listed = await client.get("/api/keys", token=admin)
    first, second = listed.json
    assert list(second) == ["id", "name", "key_prefix", "created_at", "last_used_at", "expires_at"]
    assert second == {
        "id": created["id"],
        "name": "living room",
        "key_prefix": created["key_prefix"],
        "created_at": created["created_at"],
        "last_used_at": None,
        "expires_at": None,
    }
    assert first["id"] < second["id"]
    assert created["key"].encode() not in listed.body


BAD_NAMES = ["", "   ", "x" * 129, "é" * 65, "a\nb", "a\0b"]


async def test_names_have_rules(client, admin):
    for name in BAD_NAMES:
        answer = await client.post("/api/keys", {"name": name}, token=admin)
        assert answer.status == 400
        assert "name" in answer.json["error"]
        assert (await client.patch("/api/keys/1", {"name": name}, token=admin)).status == 400
        assert len((await client.get("/api/keys", token=admin)).json) == 1


async def test_a_revoked_key_is_refused_at_once(client, admin, service, owner):
    key_id = await service.key_id()
    assert (await service.get("imdb/poster-default/tt99000101.jpg")).status == 200
    assert (await client.get("/api/key/me", token=owner)).status == 200
    answer = await client.delete(f"/api/keys/{key_id}", token=admin)
    assert (answer.status, answer.json) == (200, {"ok": True})
    assert (await service.get("imdb/poster-default/tt99000101.jpg")).status == 401
    gone = await client.get("/api/key/me", token=owner)
    assert (gone.status, gone.body) == (401, b"")
    for method in ("GET", "PUT", "DELETE"):
        body = {"ratings_limit": 1} if method == "PUT" else None
        assert (await client.send(method, "/api/key/me/settings", body, token=owner)).status == 401
    assert (await client.delete(f"/api/keys/{key_id}", token=admin)).json == {"ok": True}


BAD_IDS = ["x", "1.0", "1_0", "%201", "2147483648", "-2147483649", "9" * 30, "0x1", "٣"]


async def test_ids_are_of_32_bits(client, admin):
    for key_id in BAD_IDS:
        for method, path in (("DELETE", f"/api/keys/{key_id}"), ("GET", f"/api/keys/{key_id}/settings")):
            answer = await client.send(method, path, token=admin)
            assert (answer.status, answer.header("content-type")) == (400, "text/plain; charset=utf-8")


async def test_ids_may_be_negative_and_then_there_is_no_such_key(client, admin):
    assert (await client.delete("/api/keys/-7", token=admin)).status == 200
    assert (await client.get("/api/keys/-7/settings", token=admin)).status == 404


async def test_a_key_is_renamed_and_limited(client, admin, service, clock):
    path = f"/api/keys/{await service.key_id()}"
    renamed = await client.patch(path, {"name": "attic"}, token=admin)
    assert (renamed.status, renamed.json["name"], renamed.json["expires_at"]) == (200, "attic", None)
    limited = await client.patch(path, {"expires_at": "2026-11-23T12:00:00+02:00"}, token=admin)
    assert limited.json["expires_at"] == "2026-11-23T10:00:00Z"
    assert limited.json["name"] == "attic"
    assert (await client.patch(path, {}, token=admin)).json == limited.json
    assert (await service.get("isValid")).status == 200
    clock.tick(2 * 86_400)
    assert (await service.get("isValid")).status == 401
    assert (await client.post("/api/auth/key-login", {"api_key": KEY})).status == 401
    token = (await client.login()).json["token"]
    assert (await client.patch(path, {"expires_at": None}, token=token)).json["expires_at"] is None
    assert (await service.get("isValid")).status == 200
    assert (await client.patch("/api/keys/999", {"name": "x"}, token=token)).status == 404
    assert (await client.patch("/api/keys/999", {}, token=token)).status == 404


EXPIRIES = [
    ("2020-01-01T00:00:00Z", 400),
    ("2027-01-01T00:00:00", 400),
    ("9999-12-31T23:59:59-12:00", 400),
    ("tomorrow", 422),
    (True, 422),
    ([], 422),
]


async def test_a_key_expires_in_the_future_or_never(client, admin):
    for expires_at, status in EXPIRIES:
        body = {"name": "x", "expires_at": expires_at}
        assert (await client.post("/api/keys", body, token=admin)).status == status
        assert (await client.patch("/api/keys/1", body, token=admin)).status == status


async def test_uses_are_counted_by_day(client, admin, service, clock):
    key_id = await service.key_id()
    for _ in range(3):
        service.parts.last_used.note(KeyOwner(key_id))
    await service.parts.last_used.flush()
    usage = await client.get(f"/api/keys/{key_id}/usage?days=3", token=admin)
    assert usage.json == {
        "total": 3,
        "days": [
            {"day": "2026-11-20", "requests": 0},
            {"day": "2026-11-21", "requests": 0},
            {"day": "2026-11-22", "requests": 3},
        ],
    }
    assert len((await client.get(f"/api/keys/{key_id}/usage", token=admin)).json["days"]) == 30
    assert len((await client.get(f"/api/keys/{key_id}/usage?days=4000000", token=admin)).json["days"]) == 400
    assert (await client.get("/api/keys/999/usage", token=admin)).status == 404
    assert (await client.get(f"/api/keys/{key_id}/usage?days=-1", token=admin)).status == 400
    assert (await service.get("requests")).json == {"req": 3, "limit": 1_000_000_000}


async def test_key_login(client, service, admin):
    answer = await client.post("/api/auth/key-login", {"api_key": f"  {KEY}\n"})
    assert answer.status == 200
    assert list(answer.json) == ["key_prefix", "name", "token"]
    assert (answer.json["key_prefix"], answer.json["name"]) == (KEY[:8], "test")
    assert answer.header("set-cookie") is None
    assert (await client.get("/api/key/me", token=answer.json["token"])).json == {"key_prefix": KEY[:8], "name": "test"}
    await client.put("/api/admin/settings", {"free_api_key_enabled": True}, token=admin)
    assert (await service.get("isValid", key="t0-free-rpdb")).status == 200
    for wrong in ("t0-free-rpdb", "", "x", "0" * 64, "x" * 10_000):
        answer = await client.post("/api/auth/key-login", {"api_key": wrong})
        assert (answer.status, answer.json) == (401, {"error": "Unauthorized"})


async def test_an_owner_sees_another_name_at_once(client, admin, owner, service):
    assert (await client.get("/api/key/me", token=owner)).json["name"] == "test"
    await client.patch(f"/api/keys/{await service.key_id()}", {"name": "attic"}, token=admin)
    assert (await client.get("/api/key/me", token=owner)).json["name"] == "attic"


BROUGHT = "t3-0f6f5f3c-6a52-4cf0-9d3a-1f1b5a3b8a11"


async def test_a_key_that_is_brought_along_is_created_once(client, admin, service):
    body = {"name": "declared", "key": BROUGHT}
    first = await client.post("/api/keys", body, token=admin)
    assert (first.status, first.json["key"]) == (200, BROUGHT)
    again = await client.post("/api/keys", {**body, "name": "another"}, token=admin)
    assert (again.status, again.json) == (200, first.json)
    assert [key["name"] for key in (await client.get("/api/keys", token=admin)).json].count("declared") == 1
    assert (await service.get("isValid", key=BROUGHT)).json == {"valid": True}
    assert (await client.actions(admin)).count("key_created") == 1


async def test_a_key_that_is_brought_twice_at_once_is_created_once(client, admin):
    answers = await asyncio.gather(
        *(client.post("/api/keys", {"name": "x", "key": BROUGHT}, token=admin) for _ in range(4))
    )
    assert len({answer.json["id"] for answer in answers}) == 1


@pytest.mark.parametrize("key", ["", "secret", "t3-1", BROUGHT.upper(), BROUGHT.replace("-4c", "-1c"), f"{BROUGHT} "])
async def test_a_key_that_could_be_guessed_is_refused_and_not_shown(client, admin, key):
    refused = await client.post("/api/keys", {"name": "weak", "key": key}, token=admin)
    assert refused.status == 400
    assert not key or key not in refused.json["error"]
