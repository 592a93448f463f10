import httpx

from openposterdb.demo.double import UpstreamDouble, run_in_background


async def test_calls_are_counted_per_resource_without_the_key(client, double: UpstreamDouble):
    for _ in range(2):
        await client.get("/tmdb/3/find/tt99000101", params={"external_source": "imdb_id", "api_key": "demo-tmdb-key"})
    await client.get("/tmdb-images/t/p/w780/macula.jpg")
    assert double.calls == {
        "GET /tmdb/3/find/tt99000101?external_source=imdb_id": 2,
        "GET /tmdb-images/t/p/w780/macula.jpg": 1,
    }


async def test_services_are_counted_apart(client, double: UpstreamDouble):
    await client.get("/tmdb/3/movie/9000101", params={"api_key": "demo-tmdb-key"})
    await client.get("/tmdb-images/t/p/w780/macula.jpg")
    await client.get("/omdb", params={"apikey": "demo-omdb-key", "i": "tt99000101"})
    assert [double.count(service) for service in ("tmdb", "tmdb-images", "omdb", "fanart")] == [1, 1, 1, 0]
    assert double.count("tmdb", "/movie/9000101") == 1
    assert double.count("tmdb", "/find/") == 0


async def test_refused_and_failing_calls_count_too(client, double: UpstreamDouble):
    await client.get("/tmdb/3/movie/9000101")
    await client.get("/mdblist/imdb/movie/tt1")
    assert double.calls.total() == 2


async def test_another_process_reads_and_clears_the_counts(client):
    await client.get("/tmdb-images/t/p/w780/macula.jpg")
    assert (await client.get("/__double__/calls")).json() == {"GET /tmdb-images/t/p/w780/macula.jpg": 1}
    assert (await client.delete("/__double__/calls")).status_code == 200
    assert (await client.get("/__double__/calls")).json() == {}


def test_the_background_double_answers_a_blocking_client_and_ends():
    with run_in_background() as env:
        url = f"{env['TMDB_IMAGE_BASE_URL']}/w780/macula.jpg"
        assert httpx.get(url, trust_env=False).status_code == 200
    try:
        httpx.get(url, trust_env=False, timeout=2)
    except httpx.TransportError:
        return
    raise AssertionError("it still answers")
