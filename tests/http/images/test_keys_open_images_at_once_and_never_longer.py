"""Keys: made or revoked by whatever process, they count from the next news of the database on, on the hot path, too."""

import asyncio

import pytest

from openposterdb.accounts.keys import FREE_KEY, hash_key, mint, prefix_of
from openposterdb.storage.repositories import SettingsRepository
from tests.http.images.conftest import KEY
from tests.http.images.titles import MOVIE


@pytest.fixture
def path(double):
    return f"tmdb/poster-default/{double.catalogue.by_slug(MOVIE).tmdb_id}.jpg"


async def test_a_revoked_key_is_refused_at_once_on_the_hot_path_too(service, path):
    assert (await service.get(path)).status == 200
    assert len(service.hot) == 1
    await service.parts.key_repository.revoke(await service.key_id())
    await service.tell_changes()
    for _ in range(2):
        assert (await service.get(path)).status == 401
        assert (await service.get("isValid")).status == 401
    assert len(service.hot) == 0


async def test_a_key_revoked_while_its_image_is_made_leaves_nothing_on_the_hot_path(service, double, path):
    double.latency = 0.2
    asking = asyncio.ensure_future(service.get(path))
    async with asyncio.timeout(5):
        while not double.calls:  # noqa: ASYNC110 - the double is a server, it tells nobody
            await asyncio.sleep(0.01)
    await service.parts.key_repository.revoke(await service.key_id())
    await service.tell_changes()
    assert (await asking).status == 200
    assert len(service.hot) == 0
    assert (await service.get(path)).status == 401


async def test_a_key_is_refused_at_the_moment_it_expires_on_the_hot_path_too(service, path, clock):
    await service.parts.key_repository.set_expiry(await service.key_id(), clock.now() + 100)
    await service.tell_changes()
    assert (await service.get(path)).status == 200
    assert len(service.hot) == 1
    clock.tick(99)
    assert (await service.get(path)).status == 200
    clock.tick(1)
    assert (await service.get(path)).status == 401
    assert (await service.get("isValid")).status == 401


async def test_a_key_that_expires_soon_after_its_image_was_made_is_kept_no_longer(service, double, path, clock):
    end = clock.now() + 50
    await service.parts.key_repository.set_expiry(await service.key_id(), end)
    await service.tell_changes()
    double.latency = 0.2
    asking = asyncio.ensure_future(service.get(path))
    async with asyncio.timeout(5):
        while not double.calls:  # noqa: ASYNC110 - the double is a server, it tells nobody
            await asyncio.sleep(0.01)
    clock.tick(10)
    assert (await asking).status == 200
    assert len(service.hot) == 1
    clock.tick(end - clock.now())
    assert (await service.get(path)).status == 401


async def test_every_image_counts_as_a_use_whoever_answers_it(service, path, clock):
    for _ in range(3):
        await service.get(path)
    await service.get("isValid")
    await service.parts.last_used.flush()
    key_id = await service.key_id()
    assert (await service.parts.usage.totals(clock.now()))[key_id].today == 4


async def test_a_key_of_another_process_works_although_it_was_refused_before(start, path):
    first, second = await start(), await start()
    key = mint()
    assert (await first.get("isValid", key=key)).status == 401
    await second.parts.key_repository.create("new", hash_key(key), prefix_of(key))
    await first.tell_changes()
    assert (await first.get("isValid", key=key)).json == {"valid": True}
    assert (await first.get(path, key=key)).status == 200


async def test_a_key_revoked_by_another_process_is_refused(start, path):
    first, second = await start(), await start()
    assert (await first.get(path)).status == 200
    await second.parts.key_repository.revoke(await second.key_id())
    await first.tell_changes()
    assert (await first.get(path)).status == 401


async def test_any_key_whose_hash_is_stored_opens_whatever_it_looks_like(service, path):
    for key in ("a" * 64, "t0-something", "short", "k3y_with-every.mark"):
        await service.parts.key_repository.create("imported", hash_key(key), prefix_of(key))
    await service.tell_changes()
    for key in ("a" * 64, "t0-something", "short", "k3y_with-every.mark"):
        assert (await service.get(path, key=key)).status == 200
        assert (await service.get(path, key=key.upper())).status == 401


@pytest.mark.parametrize(
    ("variable", "stored", "opens"),
    [
        ("", None, False),
        ("", True, True),
        ("", False, False),
        ("true", None, True),
        ("1", False, True),
        ("false", True, False),
        ("nonsense", True, False),
    ],
)
async def test_the_free_key_has_a_switch_and_the_environment_the_last_word(start, path, variable, stored, opens):
    service = await start(FREE_KEY_ENABLED=variable)
    if stored is not None:
        await SettingsRepository(service.parts.database).save_global({}, free_key=stored)
        await service.tell_changes()
    assert (await service.get("isValid", key=FREE_KEY)).status == (200 if opens else 401)
    assert (await service.get(path, key=FREE_KEY)).status == (200 if opens else 401)


async def test_the_free_key_is_shut_at_once(service, path):
    settings = SettingsRepository(service.parts.database)
    await settings.save_global({}, free_key=True)
    await service.tell_changes()
    assert (await service.get(path, key=FREE_KEY)).status == 200
    assert (await service.get(path, key=FREE_KEY)).status == 200
    await settings.save_global({}, free_key=False)
    await service.tell_changes()
    assert (await service.get(path, key=FREE_KEY)).status == 401
    assert (await service.get(path)).status == 200


async def test_uses_of_a_key_are_noted_whoever_answers(service, path):
    async def last_used():
        await service.parts.last_used.flush()
        return (await service.parts.key_repository.list())[0].last_used_at

    assert await last_used() is None
    seen = set()
    for target in ("isValid", path, path):  # the key check, the route, the hot path
        service.clock.tick(30)
        assert (await service.get(target)).status == 200
        seen.add(await last_used())
    assert len(seen) == 3


async def test_a_refused_request_is_no_use(service, path):
    await service.get(path, key="nobodys")
    await service.get(f"{path}?imageSize=x")
    await service.parts.last_used.flush()
    assert (await service.parts.key_repository.list())[0].last_used_at is None


async def test_limits_count_by_key_and_client(start, path):
    service = await start(IMAGE_RATE_LIMIT="3/1", IS_VALID_RATE_LIMIT="1/1")
    statuses = [(await service.get(path)).status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429], "the route once, the hot path twice"
    refused = await service.get(path)
    assert refused.header("retry-after") == "1"
    assert refused.header("content-type") == "text/plain; charset=utf-8"
    assert refused.header("access-control-allow-origin") == "*"
    assert (await service.get("isValid")).status == 200
    assert (await service.get("isValid")).status == 429
    assert (await service.ask("GET", f"/{KEY}/{path}", client="192.0.2.99:1")).status == 200
    service.clock.tick(1)
    assert (await service.get(path)).status == 200
    assert (await service.get(path)).status == 429
