"""PUBLIC_PAGES: an instance that tells strangers nothing of itself."""

import pytest

from tests.http.api.conftest import Client


@pytest.fixture
async def hidden(start):
    return Client(await start(PUBLIC_PAGES="false"))


async def test_everybody_sees_them_by_default(client):
    assert (await client.get("/docs")).status == 200
    assert (await client.get("/api/auth/status")).json["public_pages"] is True


async def test_without_them_there_is_nothing_to_read(hidden):
    assert (await hidden.get("/docs")).status == 404
    assert (await hidden.get("/welcome")).status == 404
    assert (await hidden.get("/api/auth/status")).json["public_pages"] is False
    assert (await hidden.get("/api/auth/status")).json["wall"] == []


async def test_an_instance_chooses_what_visitors_see(start):
    client = Client(await start(WALL_TITLES="imdb/tt0017136, tmdb/movie-278,"))
    assert (await client.get("/api/auth/status")).json["wall"] == ["imdb/tt0017136", "tmdb/movie-278"]


async def test_programs_still_find_the_document(hidden):
    assert (await hidden.get("/api/openapi.json")).status == 200
