import pytest

from tests.http.api.conftest import KEY, Client

POSTER = "imdb/poster-default/tt99000101.jpg"
SHARED = [
    "poster_source",
    "fanart_lang",
    "fanart_textless",
    "ratings_limit",
    "ratings_order",
    "ratings_exclude",
    "poster_position",
    "logo_ratings_limit",
    "backdrop_ratings_limit",
    "poster_badge_style",
    "logo_badge_style",
    "backdrop_badge_style",
    "poster_label_style",
    "logo_label_style",
    "backdrop_label_style",
    "poster_badge_direction",
    "fit",
    "chroma",
    "maxBytes",
    "fanart_available",
]


async def test_global_settings_have_these_members(client, admin):
    answer = await client.get("/api/admin/settings", token=admin)
    assert answer.status == 200
    assert set(answer.json) == {*SHARED, "free_api_key_enabled", "free_api_key_locked", "declared", "declared_settings"}
    assert (answer.json["declared"], answer.json["declared_settings"]) == (False, [])
    assert answer.json["poster_badge_style"] == "d", "as stored, not resolved"
    assert (answer.json["free_api_key_enabled"], answer.json["free_api_key_locked"]) == (False, False)
    assert answer.json["fanart_available"] is True


async def test_the_settings_of_a_key_have_these_members(client, admin, owner, service):
    path = f"/api/keys/{await service.key_id()}/settings"
    for answer in (await client.get(path, token=admin), await client.get("/api/key/me/settings", token=owner)):
        assert answer.status == 200
        assert set(answer.json) == {*SHARED, "is_default"}
        assert answer.json["is_default"] is True


async def test_saving_merges_and_takes_effect_at_once(client, admin, owner, service):
    path = f"/api/keys/{await service.key_id()}/settings"
    before = await service.get(POSTER)
    assert (await client.put("/api/admin/settings", {"ratings_limit": 1}, token=admin)).json == {"ok": True}
    globally = await service.get(POSTER)
    assert globally.body != before.body
    assert (await client.put(path, {"poster_position": "tl", "maxBytes": 90_000}, token=admin)).json == {"ok": True}
    own = (await client.get("/api/key/me/settings", token=owner)).json
    assert (own["is_default"], own["ratings_limit"], own["poster_position"], own["maxBytes"]) == (
        False,
        1,
        "tl",
        90_000,
    )
    assert (await service.get(POSTER)).body != globally.body
    assert (await client.put("/api/key/me/settings", {"ratings_limit": 2}, token=owner)).status == 200
    own = (await client.get(path, token=admin)).json
    assert (own["ratings_limit"], own["poster_position"]) == (2, "tl")
    await client.put("/api/admin/settings", {"poster_position": "br"}, token=admin)
    assert (await client.get(path, token=admin)).json["poster_position"] == "tl", "a row of one's own is whole"
    assert (await client.delete(path, token=admin)).json == {"ok": True}
    after = (await client.get(path, token=admin)).json
    assert (after["is_default"], after["poster_position"], after["ratings_limit"]) == (True, "br", 1)
    assert (await client.delete("/api/key/me/settings", token=owner)).json == {"ok": True}, "also a second time"


MISTAKES = [
    ({"ratings_limit": 9}, 400, ["ratings_limit"]),
    ({"poster_source": "x", "fanart_lang": "?", "ratings_order": "imdb,"}, 400, ["poster_source", "fanart_lang"]),
    ({"maxBytes": 5}, 400, ["maxBytes"]),
    ({"ratings_limit": "3"}, 422, ["ratings_limit"]),
    ({"fanart_textless": 1, "poster_position": 7}, 422, ["fanart_textless", "poster_position"]),
    ({"ratings_limit": 1.5}, 422, ["ratings_limit"]),
    ({"ratings_limit": 10**30}, 400, ["ratings_limit"]),
    ([], 422, []),
    ("x", 422, []),
]


async def test_every_mistake_is_named_and_nothing_stored(client, admin, owner, service):
    for changes, status, named in MISTAKES:
        path = f"/api/keys/{await service.key_id()}/settings"
        before = (await client.get(path, token=admin)).json
        for where, token in (("/api/admin/settings", admin), (path, admin), ("/api/key/me/settings", owner)):
            answer = await client.put(where, changes, token=token)
            assert answer.status == status
            assert answer.header("content-type") == (
                "application/json" if status == 400 else "text/plain; charset=utf-8"
            )
            for name in named:
                assert name in answer.body.decode()
        assert (await client.get(path, token=admin)).json == before


async def test_unknown_members_and_nulls_are_ignored(client, admin):
    changes = {"ratings_limit": None, "colour": "blue", "fit": "native", "free_api_key_enabled": None}
    assert (await client.put("/api/admin/settings", changes, token=admin)).status == 200
    saved = (await client.get("/api/admin/settings", token=admin)).json
    assert (saved["ratings_limit"], saved["fit"], saved["free_api_key_enabled"]) == (3, "native", False)
    assert "colour" not in saved


async def test_the_free_key_is_switched_at_once(client, admin, service):
    assert (await service.get("isValid", key="t0-free-rpdb")).status == 401
    for on, status in ((True, 200), (False, 401)):
        await client.put("/api/admin/settings", {"free_api_key_enabled": on}, token=admin)
        assert (await service.get("isValid", key="t0-free-rpdb")).status == status
        assert (await client.get("/api/auth/status")).json["free_api_key_enabled"] is on


@pytest.mark.parametrize(("variable", "enabled"), [("true", True), ("false", False)])
async def test_a_locked_switch_stays(start, variable, enabled):
    client = Client(await start(FREE_KEY_ENABLED=variable))
    token = (await client.setup()).json["token"]
    saved = await client.put("/api/admin/settings", {"free_api_key_enabled": not enabled}, token=token)
    assert saved.status == 200
    shown = (await client.get("/api/admin/settings", token=token)).json
    assert (shown["free_api_key_enabled"], shown["free_api_key_locked"]) == (enabled, True)
    assert (await client.actions(token)) == ["setup"]


async def test_no_such_key(client, admin):
    for method, body in (("GET", None), ("PUT", {"ratings_limit": 1}), ("DELETE", None)):
        answer = await client.send(method, "/api/keys/999/settings", body, token=admin)
        assert (answer.status, list(answer.json)) == (404, ["error"])


async def test_without_fanart(start):
    client = Client(await start(FANART_API_KEY=""))
    owner = (await client.post("/api/auth/key-login", {"api_key": KEY})).json["token"]
    assert (await client.get("/api/key/me/settings", token=owner)).json["fanart_available"] is False


async def test_the_schema_tells_what_there_is(client):
    schema = (await client.get("/api/settings/schema")).json
    assert set(schema["properties"]) == set(SHARED) - {"fanart_available"}
    for name, member in schema["properties"].items():
        assert "default" in member, name
        assert member["description"], name
    assert schema["properties"]["poster_position"]["enum"] == ["bc", "tc", "l", "r", "tl", "tr", "bl", "br"]


async def test_an_owner_does_not_fill_the_audit_trail(client, admin, owner, clock):
    for _ in range(20):
        assert (await client.put("/api/key/me/settings", {"ratings_limit": 1}, token=owner)).status == 200
    for method, body in (("PUT", {"ratings_limit": 2}), ("DELETE", None)):
        refused = await client.send(method, "/api/key/me/settings", body, token=owner)
        assert (refused.status, refused.header("retry-after")) == (429, "3")
    own = await client.get("/api/key/me/settings", token=owner)
    assert own.json["ratings_limit"] == 1
    assert (await client.actions(admin)).count("key_settings_changed") == 20
    clock.tick(3)
    assert (await client.delete("/api/key/me/settings", token=owner)).status == 200
    for _ in range(30):
        assert (await client.put("/api/admin/settings", {"ratings_limit": 1}, token=admin)).status == 200


async def test_declared_settings_win_and_cannot_be_changed(start):
    before = Client(await start())
    token = (await before.setup()).json["token"]
    await before.put("/api/admin/settings", {"ratings_limit": 1, "fit": "native"}, token=token)
    client = Client(
        await start(RENDER_SETTINGS='{"ratings_limit": 2, "maxBytes": 90000, "ratings_order": "tmdb,imdb"}')
    )
    token = (await client.login()).json["token"]
    shown = (await client.get("/api/admin/settings", token=token)).json
    assert (shown["ratings_limit"], shown["maxBytes"], shown["fit"]) == (2, 90_000, "native")
    assert shown["declared"] is True
    assert shown["declared_settings"] == ["ratings_limit", "ratings_order", "maxBytes"]

    refused = await client.put("/api/admin/settings", {"ratings_limit": 5, "fit": "cover"}, token=token)
    assert refused.status == 409
    assert refused.json["error"].startswith("ratings_limit is declared by the configuration (RENDER_SETTINGS;")
    assert (await client.get("/api/admin/settings", token=token)).json == shown, "nothing of it was taken"

    whole = {name: shown[name] for name in SHARED if name != "fanart_available"}
    assert (await client.put("/api/admin/settings", {**whole, "fit": "cover"}, token=token)).status == 200
    assert (await client.get("/api/admin/settings", token=token)).json["fit"] == "cover"

    again = Client(await start(RENDER_SETTINGS=""))
    shown = (await again.get("/api/admin/settings", token=(await again.login()).json["token"])).json
    assert (shown["ratings_limit"], shown["declared"]) == (1, False), "what was stored before is still there"


async def test_a_key_without_settings_of_its_own_follows_what_is_declared(start):
    service = await start()
    plain = await service.get(POSTER)
    declared = await start(RENDER_SETTINGS='{"ratings_limit": 1}')
    assert (await declared.get(POSTER)).body != plain.body
