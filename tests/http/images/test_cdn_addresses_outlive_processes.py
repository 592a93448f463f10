"""An address that was handed out is served by every process, after every restart, and nowhere else than in the database."""

import pytest
from sqlalchemy import func, select, text
from structlog.testing import capture_logs

from openposterdb.storage.tables import cdn_settings
from tests.http.images.titles import MOVIE

CDN = {"ENABLE_CDN_REDIRECTS": "true"}


@pytest.fixture
def path(double):
    return f"tmdb/poster-default/{double.catalogue.by_slug(MOVIE).tmdb_id}.jpg"


async def address(service, path):
    answer = await service.get(path)
    assert answer.status == 302
    return answer.header("location")


async def rows(service):
    async with service.parts.database.reading() as connection:
        return (await connection.execute(select(func.count()).select_from(cdn_settings))).scalar_one()


async def rename(service, old, new):
    async with service.parts.database.writing() as connection:
        await connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


async def test_another_process_serves_it(start, path):
    one, other = await start(**CDN), await start(**CDN)
    await one.save(poster_position="tl", ratings_limit=1, fit="native")
    target = await address(one, f"{path}?lang=fr&imageSize=large")
    answer, same = await other.ask("GET", target), await one.ask("GET", target)
    assert answer.status == same.status == 200
    assert answer.body == same.body


async def test_a_new_process_serves_it_whatever_the_settings_are_now(start, path):
    before = await start(**CDN)
    await before.save(poster_position="tl")
    target = await address(before, path)
    picture = await before.ask("GET", target)
    await before.save(poster_position="br")
    assert await address(before, path) != target
    after = await start(**CDN)
    assert (await after.ask("GET", target)).body == picture.body


async def test_a_process_that_did_not_know_it_learns_within_seconds(start, path):
    one, other = await start(**CDN), await start(**CDN)
    form_known_to_nobody = f"/c/{'1' * 32}/{path}"
    assert (await other.ask("GET", form_known_to_nobody)).status == 404
    target = await address(one, path)
    await rename(one, "cdn_settings", "cdn_settings_away")
    async with one.parts.database.writing() as connection:
        await connection.execute(text("CREATE TABLE cdn_settings AS SELECT * FROM cdn_settings_away WHERE 0"))
    assert (await other.ask("GET", target)).status == 404, "not written yet"
    async with one.parts.database.writing() as connection:
        await connection.execute(text("DROP TABLE cdn_settings"))
    await rename(one, "cdn_settings_away", "cdn_settings")
    assert (await other.ask("GET", target)).status == 404, "remembered for a moment"
    other.clock.tick(3)
    assert (await other.ask("GET", target)).status == 200


async def test_without_a_database_that_can_be_written_the_picture_itself_is_the_answer(start, path):
    service = await start(**CDN)
    assert (await service.get("isValid")).status == 200
    await service.parts.settings.effective(await service.key_id())
    await rename(service, "cdn_settings", "cdn_settings_away")
    answer = await service.get(path)
    assert (answer.status, answer.header("content-type")) == (200, "image/jpeg")
    assert answer.header("cache-control") == "public, max-age=3600, stale-while-revalidate=86400"
    await rename(service, "cdn_settings_away", "cdn_settings")
    service.clock.tick(61)
    assert (await service.get(path)).status == 302


async def test_an_address_that_is_known_needs_no_database(start, path):
    service = await start(**CDN)
    target = await address(service, path)
    assert (await service.ask("GET", target)).status == 200
    await rename(service, "cdn_settings", "cdn_settings_away")
    assert await address(service, path) == target
    assert (await service.ask("GET", f"{target}?again")).status == 200


async def test_one_that_cannot_be_looked_up_is_a_passing_fault(start, path):
    one = await start(**CDN)
    target = await address(one, path)
    other = await start(**CDN)
    await rename(one, "cdn_settings", "cdn_settings_away")
    answer = await other.ask("GET", target)
    assert (answer.status, answer.header("cache-control")) == (503, "no-store")
    assert answer.header("retry-after")
    await rename(one, "cdn_settings_away", "cdn_settings")
    assert (await other.ask("GET", target)).status == 200


async def test_requests_that_draw_alike_have_one_row(start, path):
    service = await start(**CDN)
    for query in ("", "?x", "?fallback=true", "?key=1"):
        await address(service, f"{path}{query}")
    assert await rows(service) == 1
    await address(service, f"{path}?lang=de")
    assert await rows(service) == 2


@pytest.mark.parametrize(("cdn", "warned"), [("true", False), ("false", True)])
async def test_keeping_nothing_with_no_cdn_in_front_is_warned_of(start, cdn, warned):
    with capture_logs() as logs:
        await start(ENABLE_CDN_REDIRECTS=cdn, EXTERNAL_CACHE_ONLY="true")
    assert [entry["log_level"] for entry in logs if entry["event"] == "nothing_keeps_images"] == ["warning"] * warned


async def test_a_cdn_in_front_may_be_all_that_keeps(start, path):
    service = await start(**CDN, EXTERNAL_CACHE_ONLY="true")
    target = await address(service, path)
    assert (await service.ask("GET", target)).status == 200
    assert not service.environment.cache_dir.exists()
