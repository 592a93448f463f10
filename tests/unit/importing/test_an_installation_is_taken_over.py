"""What an existing installation knows, people find again: their keys, their settings, their logins."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from openposterdb.accounts.keys import FREE_KEY
from openposterdb.accounts.passwords import Passwords
from openposterdb.accounts.registry import KeyRegistry
from openposterdb.errors import Unauthorized
from openposterdb.importing import Importer, read_source
from openposterdb.settings.model import RenderSettings
from openposterdb.storage.changes import DatabaseChangeFeed
from openposterdb.storage.repositories import ApiKeyRepository, SettingsRepository
from openposterdb.storage.tables import admin_users, api_keys, audit_log, refresh_tokens
from tests.unit.importing.installation import (
    GLOBAL,
    PASSWORD,
    SCHEMA,
    SETTINGS,
    Installation,
    raw_key,
    small_installation,
)


@pytest.fixture
async def keys(importer, old, database, clock):
    """The keys after the import of the small installation."""
    await importer.apply(read_source(old))
    return ApiKeyRepository(database, clock)


async def rows(database, table):
    async with database.reading() as connection:
        return [dict(row) for row in (await connection.execute(select(table))).mappings()]


async def test_keys_open_what_they_opened_before(keys, database, clock):
    registry = KeyRegistry(keys, SettingsRepository(database), clock)
    owners = {key.name: key.id for key in await keys.list()}
    assert (await registry.authenticate(raw_key(1))).id == owners["living room"]
    assert (await registry.authenticate(raw_key(3))).id == owners["phone"]
    assert (await registry.authenticate(FREE_KEY)).id is None, "the free key's switch comes along"
    with pytest.raises(Unauthorized):
        await registry.authenticate(raw_key(4))


async def test_keys_keep_their_name_prefix_dates_and_creator(keys, database):
    admins = {row["username"]: row["id"] for row in await rows(database, admin_users)}
    first, second, _ = await keys.list()
    assert (first.name, first.key_prefix, first.created_at, first.last_used_at, first.created_by) == (
        "living room",
        raw_key(1)[:8],
        "2025-03-02 19:00:00",
        "2026-11-20 17:30:00",
        admins["root"],
    )
    assert (second.name, second.last_used_at, second.created_by) == ("Wohnzimmer für alle", None, admins["anna"])


async def test_creators_are_found_by_name_whatever_their_ids(importer, old, database, clock):
    async with database.writing() as connection:
        mine = {"username": "anna", "password_hash": "mine", "created_at": "2026-01-01 00:00:00"}
        await connection.execute(admin_users.insert().values({**mine, "id": 77}))
    await importer.apply(read_source(old))
    created_by = {key.name: key.created_by for key in await ApiKeyRepository(database, clock).list()}
    assert created_by["phone"] == 77
    assert created_by["living room"] != 77


async def test_passwords_go_on_working(keys, database):
    passwords = Passwords()
    for row in await rows(database, admin_users):
        assert await passwords.verify(row["password_hash"], PASSWORD)
        assert not await passwords.verify(row["password_hash"], "another one")
    passwords.close()


async def test_a_key_with_settings_of_its_own_keeps_all_of_them_and_the_others_follow_the_global_ones(keys, database):
    settings = SettingsRepository(database)
    first, second, _ = await keys.list()
    assert await settings.own(first.id) == RenderSettings.model_validate(SETTINGS)
    assert await settings.own(second.id) is None
    globally = {name: value for name, value in GLOBAL.items() if name in RenderSettings.model_fields}
    assert await settings.effective(second.id) == RenderSettings.model_validate(globally)
    assert await settings.free_key_enabled()


async def test_logins_are_not_taken_over(keys, database):
    assert await rows(database, refresh_tokens) == []


async def test_the_second_time_there_is_nothing_to_do(importer, old, database):
    source = read_source(old)
    first = await importer.apply(source)
    assert not first.is_empty
    before = [await rows(database, table) for table in (admin_users, audit_log)]
    second = await importer.apply(source)
    assert second.is_empty
    assert before == [await rows(database, table) for table in (admin_users, audit_log)]
    assert "+" not in {str(line.mark) for line in second.lines}


async def test_running_servers_are_told(importer, old, database, clock):
    feed, told = DatabaseChangeFeed(database, clock), []
    await feed.poll()
    for topic in ("keys", "settings", "admins", "images"):
        feed.subscribe(topic, lambda topic=topic: told.append(topic))
    await importer.plan(read_source(old))
    await feed.poll()
    assert told == []
    await importer.apply(read_source(old))
    await feed.poll()
    assert sorted(told) == ["admins", "keys", "settings"]
    await importer.apply(read_source(old))
    await feed.poll()
    assert len(told) == 3, "nothing was done, nothing is told"


async def test_the_audit_trail_has_it(keys, database):
    (record,) = await rows(database, audit_log)
    assert (record["action"], record["actor"]) == ("imported", "system")
    assert record["detail"] == "admins: 2, keys: 3, settings of keys: 1, global settings: 16"


async def test_names_of_older_releases_are_understood(importer, tmp_path):
    old = small_installation(tmp_path / "older.db", images="poster_meta")
    plan = await importer.apply(read_source(old))
    assert len(plan.keys) == 3
    assert any("poster_meta: 1 row not taken over" in line.text for line in plan.lines)


async def test_columns_that_an_older_release_did_not_have_get_defaults_and_are_named(
    importer, tmp_path, database, clock
):
    schema = SCHEMA.replace("poster_badge_direction text NOT NULL", "x integer").replace(", last_used_at text", "")
    settings = {name: value for name, value in SETTINGS.items() if name != "poster_badge_direction"}
    with Installation(tmp_path / "older.db", schema) as installation:
        root = installation.add_admin()
        raw = {"name": "tv", "key_prefix": raw_key(1)[:8], "created_by": root, "created_at": "2025-01-01 00:00:00"}
        key = installation.add("api_keys", key_hash="a" * 64, **raw)
        installation.add("api_key_settings", api_key_id=key, **settings)
    plan = await importer.apply(read_source(tmp_path / "older.db"))
    (added,) = await ApiKeyRepository(database, clock).list()
    own = await SettingsRepository(database).own(added.id)
    assert own == RenderSettings.model_validate(settings)
    texts = [line.text for line in plan.lines]
    assert "api_keys: the defaults are used for last_used_at" in texts
    assert any(
        text.startswith("api_key_settings: the defaults are used for ") and "poster_badge_direction" in text
        for text in texts
    )
    assert 'api_key_settings: not taken over are its columns unknown here, "x"' in texts


@pytest.fixture
async def small(sqlite, old, clock):
    """This product on SQLite, with the small installation's keys."""
    await Importer(sqlite, clock).apply(read_source(old))
    return sqlite


async def test_a_database_of_this_product_moves_too(small, postgres, tmp_path, clock):
    """From a file to PostgreSQL, with what only this product knows."""
    keys, settings = ApiKeyRepository(small, clock), SettingsRepository(small)
    first, second, third = await keys.list()
    saved = await settings.save_key(second.id, {"fit": "native", "ratings_exclude": "mal"})
    ends = "2027-01-01 00:00:00"
    async with small.writing() as connection:
        await connection.execute(api_keys.update().values(expires_at=ends).where(api_keys.c.id == third.id))

    source = read_source(tmp_path / "db" / "openposterdb.db")
    assert (await Importer(small, clock).plan(source)).is_empty, "into itself"
    plan = await Importer(postgres, clock).apply(source)
    moved = await ApiKeyRepository(postgres, clock).list()
    assert moved == (first, second, replace(third, expires_at=ends))
    assert await SettingsRepository(postgres).own(moved[1].id) == saved
    left = [line.text for line in plan.lines if line.section == "The rest"]
    assert any("audit_log: 1 row not taken over, it tells of the other installation" in text for text in left)
    assert not any("unknown" in text for text in left)
