"""`/healthz`: the process lives. `/readyz`: it may take traffic, and what is wrong, dependency by dependency."""

import shutil

from sqlalchemy import text

from tests.http.images.titles import MOVIE


async def test_a_healthy_service_is_ready(service):
    assert (await service.ask("GET", "/healthz")).json == {"status": "ok"}
    answer = await service.ask("GET", "/readyz")
    assert answer.status == 200
    assert answer.json == {"status": "ok", "database": "ok", "image_store": "ok"}
    assert answer.header("cache-control") == "no-store"


async def test_without_its_database_it_lives_and_takes_no_traffic(service):
    folder = service.environment.db_dir
    away = folder.rename(folder.with_name("away"))
    folder.write_bytes(b"")  # nothing can be made in its place
    await service.parts.database.engine.dispose()
    assert (await service.ask("GET", "/healthz")).status == 200
    answer = await service.ask("GET", "/readyz")
    assert (answer.status, answer.json["status"]) == (503, "unavailable")
    assert answer.json["database"].startswith("database: ")
    assert str(folder) not in answer.body.decode()
    folder.unlink()
    away.rename(folder)
    assert (await service.ask("GET", "/readyz")).status == 200


async def test_with_migrations_missing_it_takes_no_traffic(service):
    async with service.parts.database.writing() as connection:
        (version,) = (await connection.execute(text("SELECT version_num FROM alembic_version"))).one()
        await connection.execute(text("DELETE FROM alembic_version"))
    answer = await service.ask("GET", "/readyz")
    assert (answer.status, answer.json["database"]) == (503, "migrations are missing")
    async with service.parts.database.writing() as connection:
        await connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
    assert (await service.ask("GET", "/readyz")).status == 200


async def test_a_store_that_cannot_write_is_told_and_does_not_stop_the_traffic(service, double):
    folder = service.environment.cache_dir
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_bytes(b"a file where the folder should be")
    path = f"tmdb/poster-default/{double.catalogue.by_slug(MOVIE).tmdb_id}"
    assert (await service.get(path)).status == 200
    await service.settle()
    answer = await service.ask("GET", "/readyz")
    assert answer.status == 200
    assert answer.json["image_store"].startswith("degraded: ")
    assert str(folder) not in answer.body.decode()


async def test_a_service_without_a_store_says_so(start):
    service = await start(EXTERNAL_CACHE_ONLY="1")
    assert (await service.ask("GET", "/readyz")).json["image_store"] == "off"
