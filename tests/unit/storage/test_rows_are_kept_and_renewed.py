import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from openposterdb.domain import ImageKind, TitleId
from openposterdb.storage.repositories import (
    AliasRepository,
    ApiKeyRepository,
    BaseArtRepository,
    ImageMetaRepository,
    RatingIndexRepository,
    SecretRepository,
)
from openposterdb.storage.rows import BaseArtMeta, ImageMeta, RatingIndex, day_of, timestamp, unix_time
from openposterdb.storage.tables import available_ratings

FILM = TitleId("movie", 278)
SERIES = TitleId("series", 278)
META = ImageMeta("tmdb/movie-278@", ImageKind.POSTER, "1994-09-23", 100, 100, 5, "a" * 64, "image/jpeg")
ART = BaseArtMeta("posters/w780/x.jpg", 5, "a" * 64, 100, 100, "Sun, 22 Nov 2026 17:00:00 GMT", '"e"')


@pytest.fixture
def keys(database, clock):
    return ApiKeyRepository(database, clock)


async def test_an_alias_leads_to_its_title(database):
    aliases = AliasRepository(database)
    await aliases.put_many(("imdb/tt0111161", "tmdb/movie-278"), FILM, 1)
    await aliases.put_many(("tvdb/81189",), SERIES, 1)
    assert await aliases.get("imdb/tt0111161") == FILM
    assert await aliases.get("tvdb/81189") == SERIES
    assert await aliases.get("imdb/tt0") is None


async def test_an_alias_may_come_to_mean_another_title(database):
    aliases = AliasRepository(database)
    await aliases.put_many(("tvdb/1",), FILM, 1)
    await aliases.put_many(("tvdb/1", "tvdb/1"), SERIES, 2)
    assert await aliases.get("tvdb/1") == SERIES


async def test_many_aliases_at_once(database):
    aliases = AliasRepository(database)
    await aliases.put_many(tuple(f"imdb/tt{number}" for number in range(1201)), FILM, 1)
    assert await aliases.get("imdb/tt1200") == FILM
    await aliases.put_many((), FILM, 1)


async def test_a_titles_ratings_are_indexed(database):
    index = RatingIndexRepository(database)
    first = RatingIndex(FILM, "milr", "1994-09-23", 100)
    await index.put(first)
    await index.put(RatingIndex(SERIES, "", None, 5))
    assert await index.get(FILM) == first
    assert await index.get(SERIES) == RatingIndex(SERIES, "", None, 5)
    assert await index.get(TitleId("movie", 1)) is None
    await index.put(replace(first, sources="", release_date=None, updated_at=200))
    assert await index.get(FILM) == RatingIndex(FILM, "", None, 200)


async def test_values_of_ratings_are_kept_with_their_letters(database):
    index = RatingIndexRepository(database)
    known = RatingIndex(FILM, "mi", None, 100, {"m": "8.70", "i": "9.3"})
    await index.put(known)
    assert await index.get(FILM) == known


@pytest.mark.parametrize(
    "renewed", [{"updated_at": 200}, {"sources": "mir"}, {"badge_values": "{"}, {"badge_values": '["8"]'}]
)
async def test_values_that_an_older_release_or_damage_has_left_behind_do_not_count(database, renewed):
    index = RatingIndexRepository(database)
    await index.put(RatingIndex(FILM, "mi", None, 100, {"m": "8.70", "i": "9.3"}))
    async with database.writing() as connection:
        await connection.execute(update(available_ratings).values(**renewed))
    found = await index.get(FILM)
    assert found.values is None
    assert found.sources == renewed.get("sources", "mi")


async def test_an_images_metadata_keeps_its_first_date_and_kind(database):
    meta = ImageMetaRepository(database)
    await meta.put(META)
    assert await meta.get(META.cache_key) == META
    renewed = replace(META, kind=ImageKind.LOGO, created_at=200, updated_at=200, length=6, digest="b" * 64)
    await meta.put(renewed)
    assert await meta.get(META.cache_key) == replace(renewed, kind=ImageKind.POSTER, created_at=100)


async def test_images_are_counted_by_kind(database):
    meta = ImageMetaRepository(database)
    for number, kind in enumerate([ImageKind.POSTER, ImageKind.POSTER, ImageKind.LOGO]):
        await meta.put(replace(META, cache_key=str(number), kind=kind))
    assert await meta.count() == 3
    assert [await meta.count(kind) for kind in ImageKind] == [2, 1, 0]
    await meta.delete("0")
    await meta.delete("unknown")
    assert await meta.count() == 2
    assert await meta.get("0") is None


async def test_a_pictures_metadata(database):
    art = BaseArtRepository(database)
    await art.put(ART)
    assert await art.get(ART.name) == ART
    await art.touch(ART.name, 500)
    assert await art.get(ART.name) == replace(ART, checked_at=500)
    await art.put(replace(ART, etag=None, last_modified=None))
    assert await art.get(ART.name) == replace(ART, etag=None, last_modified=None)
    await art.delete(ART.name)
    assert await art.get(ART.name) is None


async def test_a_key_is_found_by_its_hash(keys, clock):
    made = await keys.create("Living room", "a" * 64, "t3-12345")
    assert made.created_at == timestamp(clock.now()) == "2023-11-14 22:13:20"
    assert (made.last_used_at, made.created_by) == (None, None)
    assert await keys.find_by_hash("a" * 64) == made
    assert await keys.get(made.id) == made
    assert await keys.find_by_hash("b" * 64) is None
    assert await keys.list() == (made,)


async def test_a_hash_is_known_once(keys):
    await keys.create("one", "a" * 64, "t3-12345")
    with pytest.raises(IntegrityError):
        await keys.create("two", "a" * 64, "t3-12345")


async def test_a_revoked_key_is_gone_and_its_id_is_not_given_again(keys):
    first = await keys.create("one", "a" * 64, "t3-12345")
    assert await keys.revoke(first.id)
    assert not await keys.revoke(first.id)
    assert await keys.find_by_hash("a" * 64) is None
    assert (await keys.create("two", "b" * 64, "t3-12345")).id > first.id


async def test_names_need_not_be_unique(keys):
    for number, name in enumerate(["tv", "tv", "phone"]):
        await keys.create(name, str(number) * 64, "t3-12345")
    assert [key.name for key in await keys.list()] == ["tv", "tv", "phone"]


async def test_a_key_is_renamed_and_given_an_end(keys, clock):
    made = await keys.create("one", "a" * 64, "t3-12345", expires_at=clock.now() + 60)
    assert made.expires_at == timestamp(clock.now() + 60)
    assert await keys.rename(made.id, "two") == replace(made, name="two")
    assert await keys.set_expiry(made.id, None) == replace(made, name="two", expires_at=None)
    assert await keys.get(made.id) == replace(made, name="two", expires_at=None)
    assert await keys.rename(99, "three") is None
    assert await keys.set_expiry(99, 0) is None


async def test_a_secret_is_settled_once(database, url):
    secrets = SecretRepository(database)
    assert await secrets.get("jwt") is None
    settled = await asyncio.gather(*(secrets.settle("jwt", str(number)) for number in range(8)))
    assert len(set(settled)) == 1
    assert await secrets.get("jwt") == settled[0]
    assert await secrets.settle("other", "x") == "x"


@given(st.integers(0, 4_000_000_000))
def test_times_as_text_sort_and_read_back(unix):
    assert unix_time(timestamp(unix)) == unix
    assert timestamp(unix) < timestamp(unix + 1)
    assert timestamp(unix).startswith(day_of(unix))
