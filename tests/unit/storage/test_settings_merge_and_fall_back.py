import asyncio

import pytest
from sqlalchemy import delete, insert, select, update

from openposterdb.errors import Invalid, NotFound
from openposterdb.settings.model import RenderSettings
from openposterdb.storage.repositories import ApiKeyRepository, SettingsRepository
from openposterdb.storage.tables import api_key_settings, global_settings

DEFAULTS = RenderSettings()


@pytest.fixture
def settings(database):
    return SettingsRepository(database)


@pytest.fixture
async def key_id(database, clock):
    return (await ApiKeyRepository(database, clock).create("k", "a" * 64, "t3-12345")).id


async def store_global(database, **rows: str) -> None:
    async with database.writing() as connection:
        for key, value in rows.items():
            await connection.execute(insert(global_settings).values(key=key, value=value))


async def test_without_rows_the_defaults_apply(settings, key_id):
    assert await settings.effective(None) == DEFAULTS
    assert await settings.effective(key_id) == DEFAULTS
    assert await settings.effective(99) == DEFAULTS
    assert await settings.own(key_id) is None
    assert await settings.free_key_enabled() is False


async def test_each_missing_or_wrong_value_falls_back_alone(settings, database):
    await store_global(
        database, ratings_limit="many", logo_ratings_limit="9", poster_position="tl", fanart_lang="de", unknown="x",
        ratings_order="imdb,,mal",
    )  # fmt: skip
    assert await settings.effective(None) == RenderSettings(poster_position="tl", fanart_lang="de")


@pytest.mark.parametrize(("text", "expected"), [("true", True), ("1", False), ("True", False), ("yes", False)])
async def test_textless_is_true_for_one_text_alone(settings, database, text, expected):
    await store_global(database, fanart_textless=text)
    assert (await settings.effective(None)).fanart_textless is expected


async def test_saving_writes_every_value_as_text(settings, database):
    await settings.save_global({"fanart_textless": True, "ratings_limit": 0}, free_key=True)
    async with database.reading() as connection:
        rows = {row.key: row.value for row in await connection.execute(select(global_settings))}
    assert set(rows) == {*RenderSettings.model_fields, "free_api_key_enabled"}
    assert (rows["fanart_textless"], rows["ratings_limit"], rows["free_api_key_enabled"]) == ("true", "0", "true")


async def test_what_is_omitted_keeps_its_value(settings):
    await settings.save_global({"fanart_lang": "de"}, free_key=True)
    saved = await settings.save_global({"ratings_limit": 5})
    assert saved == await settings.effective(None) == RenderSettings(fanart_lang="de", ratings_limit=5)
    assert await settings.free_key_enabled() is True
    await settings.save_global({}, free_key=False)
    assert await settings.free_key_enabled() is False


async def test_changes_at_the_same_time_are_all_kept(settings):
    changes = [{"fanart_lang": "de"}, {"ratings_limit": 7}, {"poster_position": "tl"}, {"fit": "native"}]
    await asyncio.gather(*(settings.save_global(change) for change in changes))
    assert await settings.effective(None) == RenderSettings(
        fanart_lang="de", ratings_limit=7, poster_position="tl", fit="native"
    )


async def test_a_keys_own_settings_are_whole(settings, key_id):
    await settings.save_global({"fanart_lang": "de"})
    await settings.save_key(key_id, {"ratings_limit": 7, "fanart_textless": True})
    own = RenderSettings(fanart_lang="de", ratings_limit=7, fanart_textless=True)
    await settings.save_global({"fanart_lang": "fr", "chroma": "444"})
    assert await settings.effective(key_id) == await settings.own(key_id) == own
    assert (await settings.effective(None)).fanart_lang == "fr"
    saved = await settings.save_key(key_id, {"poster_source": "f"})
    assert saved == own.model_copy(update={"poster_source": "f"})


async def test_a_key_that_is_reset_follows_the_global_settings(settings, key_id):
    await settings.save_key(key_id, {"ratings_limit": 7})
    assert await settings.reset_key(key_id) is True
    assert await settings.reset_key(key_id) is False
    assert await settings.effective(key_id) == DEFAULTS


async def test_settings_vanish_with_their_key(settings, database, key_id, clock):
    await settings.save_key(key_id, {"ratings_limit": 7})
    await ApiKeyRepository(database, clock).revoke(key_id)
    async with database.reading() as connection:
        assert (await connection.execute(select(api_key_settings))).all() == []


async def test_an_unknown_key_gets_no_settings(settings):
    with pytest.raises(NotFound):
        await settings.save_key(99, {})


async def test_a_wrong_value_in_a_keys_row_falls_back_alone(settings, database, key_id):
    await settings.save_key(key_id, {"ratings_limit": 7})
    async with database.writing() as connection:
        await connection.execute(update(api_key_settings).values(poster_position="nowhere"))
    assert await settings.effective(key_id) == RenderSettings(ratings_limit=7)


async def test_every_wrong_member_is_named_and_nothing_is_saved(settings, key_id):
    wrong = {"ratings_limit": 9, "poster_position": "x", "fanart_lang": "de"}
    for save in (settings.save_global(wrong), settings.save_key(key_id, wrong)):
        with pytest.raises(Invalid) as raised:
            await save
        problems = dict(problem.split(": ") for problem in str(raised.value).split("; "))
        assert set(problems) == {"ratings_limit", "poster_position"}
        assert problems["ratings_limit"] == "must be from 0 to 8"
    assert await settings.effective(None) == DEFAULTS
    assert await settings.own(key_id) is None


async def test_deleted_rows_fall_back_again(settings, database):
    await settings.save_global({"fanart_lang": "de"})
    async with database.writing() as connection:
        await connection.execute(delete(global_settings).where(global_settings.c.key == "fanart_lang"))
    assert (await settings.effective(None)).fanart_lang == "en"
