from tests.http.api.conftest import NAME

OTHER = {"username": "grace", "password": "another horse"}


async def test_admins_are_added_listed_and_removed(client, admin):
    (first,) = (await client.get("/api/admin/users", token=admin)).json
    assert list(first) == ["id", "username", "created_at"]
    assert first["username"] == NAME
    added = await client.post("/api/admin/users", OTHER, token=admin)
    assert (added.status, added.json["username"]) == (200, "grace")
    assert (await client.post("/api/admin/users", OTHER, token=admin)).status == 409
    assert (await client.post("/api/admin/users", {**OTHER, "username": "g h"}, token=admin)).status == 400
    theirs = (await client.login(name="grace", password="another horse")).json["token"]
    assert (await client.get("/api/keys", token=theirs)).status == 200
    removed = await client.delete(f"/api/admin/users/{added.json['id']}", token=admin)
    assert (removed.status, removed.json) == (200, {"ok": True})
    assert (await client.get("/api/keys", token=theirs)).status == 401, "at once"
    assert (await client.delete(f"/api/admin/users/{added.json['id']}", token=admin)).status == 404
    assert (await client.delete(f"/api/admin/users/{first['id']}", token=admin)).status == 409, "the last one"
    assert (await client.delete("/api/admin/users/x", token=admin)).status == 400


async def test_everything_is_in_the_trail(client, admin, owner, service):
    key = (await client.post("/api/keys", {"name": "phone"}, token=admin)).json
    path = f"/api/keys/{key['id']}"
    await client.patch(path, {"name": "tablet", "expires_at": "2027-01-01T00:00:00Z"}, token=admin)
    await client.put(f"{path}/settings", {"ratings_limit": 1, "fit": "native"}, token=admin)
    await client.delete(f"{path}/settings", token=admin)
    await client.delete(path, token=admin)
    await client.delete(path, token=admin)
    await client.put("/api/admin/settings", {"ratings_limit": 2, "free_api_key_enabled": True}, token=admin)
    await client.put("/api/key/me/settings", {"ratings_limit": 4}, token=owner)
    await client.login(password="wrong horse")
    await client.post("/api/admin/users", OTHER, token=admin)
    assert await client.actions(admin) == [
        "setup",
        "key_login",
        "key_created",
        "key_renamed",
        "key_expiry_changed",
        "key_settings_changed",
        "key_settings_reset",
        "key_revoked",
        "global_settings_changed",
        "free_key_switched",
        "key_settings_changed",
        "login_failed",
        "admin_added",
    ]
    page = await client.get("/api/admin/audit?action=key_settings_changed", token=admin)
    own, theirs = page.json["items"]
    assert list(own) == ["id", "at", "actor", "action", "target", "detail", "address"]
    assert (theirs["actor"], theirs["detail"], theirs["address"]) == (NAME, "ratings_limit, fit", "192.0.2.1")
    assert theirs["target"] == f"key {key['id']} ({key['key'][:8]}…)"
    assert own["actor"].startswith("key ")
    everything = (await client.get("/api/admin/audit", token=admin)).body.decode()
    assert key["key"] not in everything
    assert "horse" not in everything


async def test_the_trail_is_read_page_by_page(client, admin):
    for number in range(5):
        await client.post("/api/keys", {"name": f"key {number}"}, token=admin)
    seen, before = [], None
    while True:
        query = "?limit=2" + (f"&before={before}" if before else "")
        page = (await client.get(f"/api/admin/audit{query}", token=admin)).json
        seen += [item["id"] for item in page["items"]]
        before = page["next_before"]
        if before is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 6
    assert len((await client.get("/api/admin/audit?limit=0", token=admin)).json["items"]) == 1
    assert (await client.get("/api/admin/audit?actor=nobody", token=admin)).json == {"items": [], "next_before": None}
    for query in ("limit=x", "limit=-1", "before=1&before=2", "before=99999999999999999999"):
        answer = await client.get(f"/api/admin/audit?{query}", token=admin)
        assert (answer.status, answer.header("content-type")) == (400, "text/plain; charset=utf-8")
