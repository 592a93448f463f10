import httpx
import pytest

from openposterdb.demo.double import UpstreamDouble

TMDB = {"api_key": "demo-tmdb-key"}
FANART = {"api_key": "demo-fanart-key"}
MDBLIST = {"apikey": "demo-mdblist-key"}
OMDB = {"apikey": "demo-omdb-key"}


async def test_an_imdb_id_finds_its_movie(client):
    found = (await client.get("/tmdb/3/find/tt99000101", params={**TMDB, "external_source": "imdb_id"})).json()
    assert [entry["id"] for entry in found["movie_results"]] == [9000101]
    assert found["tv_results"] == []
    movie = found["movie_results"][0]
    assert movie["title"] == "The Paper Harbour"
    assert movie["poster_path"] == "/paper-harbour.jpg"
    assert movie["release_date"] == "1922-03-04"
    assert movie["vote_average"] == 7.25


async def test_an_imdb_id_finds_its_series(client):
    found = (await client.get("/tmdb/3/find/tt99000205", params={**TMDB, "external_source": "imdb_id"})).json()
    assert found["movie_results"] == []
    assert found["tv_results"][0]["name"] == "Quiet Signal"
    assert found["tv_results"][0]["first_air_date"] == "2015-02-03"


async def test_an_unknown_id_finds_nothing_with_status_200(client):
    answer = await client.get("/tmdb/3/find/tt1", params={**TMDB, "external_source": "imdb_id"})
    assert answer.status_code == 200
    assert not any(answer.json().values())


async def test_an_episode_is_found_as_an_episode_only(client):
    found = (await client.get("/tmdb/3/find/tt99000901", params={**TMDB, "external_source": "imdb_id"})).json()
    assert not found["movie_results"]
    assert not found["tv_results"]
    assert found["tv_episode_results"]


async def test_one_tvdb_number_finds_the_series_and_the_movie_that_bear_it(client):
    found = (await client.get("/tmdb/3/find/9900169", params={**TMDB, "external_source": "tvdb_id"})).json()
    assert [entry["title"] for entry in found["movie_results"]] == ["Behind the Seven Ridges"]
    assert [entry["name"] for entry in found["tv_results"]] == ["The Allotment"]


async def test_movies_and_series_are_numbered_apart(client):
    assert (await client.get("/tmdb/3/movie/9000120", params=TMDB)).json()["title"] == "The Cartographer's Daughter"
    assert (await client.get("/tmdb/3/tv/9000120", params=TMDB)).json()["name"] == "Moss"


async def test_external_ids_come_when_asked_for(client):
    plain = (await client.get("/tmdb/3/tv/9000205", params=TMDB)).json()
    assert "external_ids" not in plain
    full = (await client.get("/tmdb/3/tv/9000205", params={**TMDB, "append_to_response": "external_ids"})).json()
    assert full["external_ids"]["imdb_id"] == "tt99000205"
    assert full["external_ids"]["tvdb_id"] == 9900205


async def test_a_title_without_a_date_has_an_empty_one_and_no_votes(client):
    movie = (await client.get("/tmdb/3/movie/9000123", params=TMDB)).json()
    assert (movie["release_date"], movie["vote_average"], movie["imdb_id"]) == ("", 0.0, None)


@pytest.mark.parametrize(
    ("path", "params", "member"),
    [
        ("/tmdb/3/movie/9000101", {"api_key": "wrong"}, "status_code"),
        ("/fanart/v3/movies/9000101", {"api_key": "wrong"}, "error message"),
        ("/mdblist/imdb/movie/tt99000101", {}, "error"),
        ("/omdb/", {"apikey": "wrong", "i": "tt99000101"}, "Error"),
    ],
)
async def test_a_wrong_key_is_refused(client, path, params, member):
    answer = await client.get(path, params=params)
    assert answer.status_code == 401
    assert member in answer.json()


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/tmdb/3/movie/1", TMDB),
        ("/tmdb/3/tv/abc", TMDB),
        ("/fanart/v3/movies/9000123", FANART),
        ("/fanart/v3/tv/1", FANART),
        ("/mdblist/imdb/movie/tt1", MDBLIST),
        ("/mdblist/imdb/show/tt99000101", MDBLIST),
        ("/tmdb-images/t/p/w780/nothing.jpg", {}),
        ("/nowhere", {}),
    ],
)
async def test_what_does_not_exist_is_404(client, path, params):
    assert (await client.get(path, params=params)).status_code == 404


async def test_fanart_lists_hold_texts_and_lead_to_pictures(client, double: UpstreamDouble):
    lists = (await client.get("/fanart/v3/movies/9000111", params=FANART)).json()
    assert [entry["lang"] for entry in lists["movieposter"]] == ["ja", "en", "00"]
    assert lists["moviebackground"][0]["lang"] == ""
    entries = [*lists["movieposter"], *lists["hdmovielogo"], *lists["moviebackground"]]
    for entry in entries:
        assert all(isinstance(value, str) for value in entry.values())
        assert entry["url"].startswith(double.environment()["FANART_IMAGE_BASE_URL"])
        assert (await client.get(entry["url"])).headers["content-type"].startswith("image/")
    assert len({entry["id"] for entry in entries}) == len(entries)


async def test_series_are_listed_by_tvdb_number(client):
    lists = (await client.get("/fanart/v3/tv/9900205", params=FANART)).json()
    assert lists["thetvdb_id"] == "9900205"
    assert {entry["lang"] for entry in lists["tvposter"]} == {"en", "de", "00"}
    assert lists["hdtvlogo"]
    assert lists["showbackground"]


async def test_mdblist_rates_in_the_scale_of_each_source(client):
    detail = (await client.get("/mdblist/imdb/movie/tt99000111", params=MDBLIST)).json()
    ratings = {entry["source"]: entry for entry in detail["ratings"]}
    assert (ratings["imdb"]["value"], ratings["imdb"]["score"]) == (8.4, 84)
    assert (ratings["letterboxd"]["value"], ratings["letterboxd"]["score"]) == (4.24, 85)
    assert (ratings["myanimelist"]["value"], ratings["myanimelist"]["score"]) == (8.7, 87)
    assert ratings["tomatoes"]["score"] == 97
    assert ratings["metacritic"]["value"] is None
    assert detail["ids"]["tmdb"] == 9000111


async def test_omdb_rates_in_texts(client):
    detail = (await client.get("/omdb/", params={**OMDB, "i": "tt99000102"})).json()
    assert (detail["imdbRating"], detail["Metascore"]) == ("7.9", "85")
    assert {"Source": "Rotten Tomatoes", "Value": "94%"} in detail["Ratings"]
    assert detail["Response"] == "True"


async def test_omdb_says_no_with_status_200(client):
    answer = await client.get("/omdb", params={**OMDB, "i": "tt1"})
    assert answer.status_code == 200
    assert answer.json()["Response"] == "False"


async def test_omdb_knows_a_title_that_nobody_rated(client):
    detail = (await client.get("/omdb/", params={**OMDB, "i": "tt99000121"})).json()
    assert (detail["imdbRating"], detail["Metascore"], detail["Ratings"]) == ("N/A", "N/A", [])


async def test_a_picture_is_revalidated(client):
    first = await client.get("/tmdb-images/t/p/w780/macula.jpg")
    assert first.headers["content-type"] == "image/jpeg"
    since = {"If-Modified-Since": first.headers["last-modified"]}
    again = await client.get("/tmdb-images/t/p/w780/macula.jpg", headers=since)
    assert (again.status_code, again.content) == (304, b"")
    older = {"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}
    assert (await client.get("/tmdb-images/t/p/w780/macula.jpg", headers=older)).status_code == 200
    tagged = {"If-None-Match": first.headers["etag"]}
    assert (await client.get("/tmdb-images/t/p/w780/macula.jpg", headers=tagged)).status_code == 304


async def test_head_is_get_without_the_body(client):
    got = await client.get("/tmdb-images/t/p/original/macula.jpg")
    head = await client.head("/tmdb-images/t/p/original/macula.jpg")
    assert head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"]


async def test_the_environment_leads_to_every_service(double: UpstreamDouble):
    env = double.environment()
    paths = {
        f"{env['TMDB_API_BASE_URL']}/movie/9000101": {"api_key": env["TMDB_API_KEY"]},
        f"{env['TMDB_IMAGE_BASE_URL']}/w780/macula.jpg": {},
        f"{env['FANART_API_BASE_URL']}/movies/9000101": {"api_key": env["FANART_API_KEY"]},
        f"{env['MDBLIST_API_BASE_URL']}/imdb/movie/tt99000101": {"apikey": env["MDBLIST_API_KEY"]},
        f"{env['OMDB_API_BASE_URL']}/": {"apikey": env["OMDB_API_KEY"], "i": "tt99000101"},
    }
    async with httpx.AsyncClient(trust_env=False) as http:
        for url, params in paths.items():
            assert (await http.get(url, params=params)).status_code == 200
