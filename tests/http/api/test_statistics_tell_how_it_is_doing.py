"""`/api/admin/stats`: the six members that dashboards know, and the rest."""

import shutil

import pytest

from openposterdb import __version__
from openposterdb.demo.faults import Fault, FaultKind
from openposterdb.http.app import RequestObserver
from tests.http.images.titles import MOVIE, SERIES, paths

POSTER = "/:api_key/:id_type/poster-default/:id_value"


@pytest.fixture
def stats(client, admin):
    async def stats():
        answer = await client.get("/api/admin/stats", token=admin)
        assert answer.status == 200
        return answer.json

    return stats


async def test_an_empty_instance_counts_nothing(stats):
    found = await stats()
    assert {name: value for name, value in found.items() if isinstance(value, int)} == {
        "total_images": 0,
        "total_api_keys": 1,
        "mem_cache_entries": 0,
        "id_cache_entries": 0,
        "ratings_cache_entries": 0,
        "image_mem_cache_mb": 0,
        "preview_bytes": 0,
        "uptime_seconds": 0,
        "renderer": found["renderer"],
    }
    nothing = {"images": 0, "bytes": 0, "stored_bytes": 0}
    assert found["images"] == dict.fromkeys(("poster", "logo", "backdrop"), nothing)
    assert found["version"] == __version__
    assert found["health"] == {"database": "ok", "image_store": "ok", "redis": None}
    assert found["queue"]["waiting"] == found["queue"]["drawing"] == 0
    assert sum(found["requests"]["durations"]) == 0
    assert len(found["requests"]["durations"]) == len(found["duration_bounds"]) + 1
    assert found["memory"] == {"entries": 0, "bytes": 0, "max_bytes": 384 * 1024 * 1024}
    assert found["prepared"] == {"entries": 0, "bytes": 0, "max_bytes": 128 * 1024 * 1024}


async def test_it_counts_what_was_made_and_served(stats, service, double, client, admin):
    movie, series = (double.catalogue.by_slug(slug) for slug in (MOVIE, SERIES))
    sizes = 0
    for path in (paths(movie)[0], paths(series)[0], paths(movie, "logo")[0]):
        sizes += len((await service.get(path)).body)
        await service.settle()
        await service.get(f"{path}?again")
    await client.get("/api/admin/preview/poster", token=admin)
    service.clock.tick(6)
    found = await stats()
    assert (found["total_images"], found["mem_cache_entries"]) == (3, 3)
    assert found["id_cache_entries"] > 0
    assert found["ratings_cache_entries"] == 2
    assert found["images"]["poster"]["images"] == 2
    assert sum(kind["bytes"] for kind in found["images"].values()) == sizes
    on_disk = [path for path in service.environment.cache_dir.glob("r*/**/*") if path.is_file()]
    assert len(on_disk) == 3, "prepared art, under which there may be many images"
    assert sum(kind["stored_bytes"] for kind in found["images"].values()) == sum(
        path.stat().st_size for path in on_disk
    )
    assert found["memory"]["bytes"] == sizes + 3 * 64
    assert found["lookups"]["memory"]["hits"] == 3
    renders = found["renders"]
    assert (renders["images"], renders["previews"], renders["coalesced"]) == (3, 1, 0)
    assert sum(renders["durations"]) == 3, "previews are drawn in a lane of their own"
    assert found["preview_bytes"] > 0
    tmdb = found["upstreams"]["tmdb"]
    assert (tmdb["circuit"], set(tmdb["calls"])) == ("closed", {"ok"})
    assert sum(tmdb["durations"]) == tmdb["calls"]["ok"]
    assert {"mdblist", "omdb", "fanart", "tmdb_images", "fanart_images"} <= set(found["upstreams"])
    assert found["uptime_seconds"] >= 6


async def test_requests_for_images_are_told_apart_from_others(stats, service):
    observe = RequestObserver(service.parts.metrics)
    for route, status in ((POSTER, 200), (POSTER, 304), (POSTER, 404), ("hot", 200), ("/docs", 200)):
        observe(route, "GET", status, 0.03)
    requests = (await stats())["requests"]
    assert requests["answered"] == {"2": 2, "3": 1, "4": 1}
    assert sum(requests["durations"]) == 3, "hits of the hot path are counted, not timed"
    assert requests["durations"][5] == 3


async def test_the_machine_is_told_of(stats, service):
    found = await stats()
    assert found["database"]["kind"] == service.parts.database.engine.dialect.name
    assert found["database"]["milliseconds"] >= 0
    assert found["process"]["resident_bytes"] > 10_000_000
    assert found["process"]["bound_bytes"] > found["process"]["resident_bytes"]
    assert found["disk"]["total_bytes"] > found["disk"]["free_bytes"] > 0
    assert found["disk"]["max_bytes"] is None


async def test_counting_costs_little(stats, service):
    """Dashboards ask every few seconds, from several tabs."""
    await stats()
    reads = []
    sums = service.parts.database.reading
    service.parts.database.reading = lambda: reads.append(1) or sums()
    await stats()
    service.clock.tick(4)
    await stats()
    assert len(reads) == 2, "only whether the database answers"
    service.clock.tick(2)
    await stats()
    assert len(reads) > 3


async def test_outages_are_told(stats, service, double):
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service="mdblist"))
    assert (await service.get(paths(double.catalogue.by_slug(MOVIE))[0])).status == 200
    found = await stats()
    assert found["degraded"] == {"mdblist": 1}
    assert sum(found["upstreams"]["mdblist"]["calls"].values()) > 0
    double.clear_faults()
    shutil.rmtree(service.environment.cache_dir, ignore_errors=True)
    service.environment.cache_dir.write_bytes(b"a file where the folder should be")
    await service.get(paths(double.catalogue.by_slug(SERIES))[0])
    await service.settle()
    assert (await stats())["health"]["image_store"].startswith("degraded: ")


async def test_a_database_that_is_away_is_told_with_the_last_counts(stats, service, client, admin, monkeypatch):
    from openposterdb.errors import StorageUnavailable

    before = await stats()
    service.clock.tick(6)

    def away():
        raise StorageUnavailable("database: OperationalError")

    monkeypatch.setattr(service.parts.database, "reading", away)
    found = await stats()
    assert found["total_api_keys"] == before["total_api_keys"]
    assert found["health"]["database"] == "database: OperationalError"


async def test_only_admins_see_them(client, owner):
    for token in (None, owner):
        assert (await client.get("/api/admin/stats", token=token)).status == 401
