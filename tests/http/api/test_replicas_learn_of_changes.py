import pytest_asyncio

from tests.http.api.conftest import KEY, NAME, PASSWORD, Client, cookie_of

POSTER = "imdb/poster-default/tt99000101.jpg"


@pytest_asyncio.fixture
async def pair(start):
    """Two processes on one database."""
    return Client(await start()), Client(await start())


async def test_a_token_of_one_is_good_at_the_other(pair):
    one, other = pair
    answer = await one.setup()
    assert (await other.get("/api/keys", token=answer.json["token"])).status == 200
    assert (await other.refresh(cookie_of(answer))).status == 200
    assert (await one.refresh(cookie_of(answer))).status == 401, "used up at the other"


async def test_a_revoked_key_ends_everywhere(pair):
    one, other = pair
    token = (await one.setup()).json["token"]
    assert (await other.service.get(POSTER)).status == 200
    owner = (await other.post("/api/auth/key-login", {"api_key": KEY})).json["token"]
    assert (await other.get("/api/key/me", token=owner)).status == 200
    await one.delete(f"/api/keys/{await one.service.key_id()}", token=token)
    await other.service.tell_changes()
    assert (await other.service.get(POSTER)).status == 401
    assert (await other.get("/api/key/me", token=owner)).status == 401


async def test_a_new_key_opens_everywhere(pair):
    one, other = pair
    token = (await one.setup()).json["token"]
    key = (await one.post("/api/keys", {"name": "new"}, token=token)).json["key"]
    assert (await other.service.get("isValid", key=key)).status == 200


async def test_settings_are_everybodys(pair):
    one, other = pair
    token = (await one.setup()).json["token"]
    before = (await other.service.get(POSTER)).body
    changes = {"ratings_limit": 1, "free_api_key_enabled": True}
    await one.put("/api/admin/settings", changes, token=token)
    await other.service.tell_changes()
    assert (await other.service.get(POSTER)).body != before
    assert (await other.service.get("isValid", key="t0-free-rpdb")).status == 200
    assert (await other.get("/api/auth/status")).json["free_api_key_enabled"] is True


async def test_of_two_setups_one_succeeds(pair):
    one, other = pair
    statuses = {(await one.setup()).status, (await other.setup("eve")).status}
    assert statuses == {200, 403}


async def test_logging_out_at_one_ends_sessions_at_the_other(pair, clock):
    one, other = pair
    answer = await one.setup()
    token = answer.json["token"]
    assert (await other.get("/api/keys", token=token)).status == 200
    clock.tick(2)
    await one.post("/api/auth/logout", token=token)
    await other.service.tell_changes()
    assert (await other.get("/api/keys", token=token)).status == 401
    login = {"username": NAME, "password": PASSWORD}
    assert (await other.post("/api/auth/login", login)).status == 200
