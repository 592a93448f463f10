"""Titles without a rating, without a date, without a poster at TMDB: each gets the picture there is."""

import pytest

from tests.http.images.pictures import size_of

WHOLE = "public, max-age=3600, stale-while-revalidate=86400"


@pytest.mark.parametrize(
    ("slug", "letters"),
    [
        ("winter-twice", ""),  # unreleased, not rated
        ("lisbon-project", ""),  # without a date and an IMDb id
        ("hundred-doors", "t"),  # released last week, rated at TMDB alone
        ("paper-harbour", "ilr"),  # of 1922
        ("starlight-coffee", "mil"),
        ("wind-railway", "mit"),  # a series that few rate
        ("pixel-pirates", "itk"),
        ("salt-cathedral", "ilr"),
    ],
)
async def test_it_is_drawn_with_the_ratings_there_are(service, double, slug, letters):
    title = double.catalogue.by_slug(slug)
    answer = await service.get(f"tmdb/poster-default/{title.tmdb_id}.jpg")
    assert (answer.status, size_of(answer), answer.header("cache-control")) == (200, (580, 859), WHOLE)
    (name,) = await service.kept()
    assert name.startswith(f"posters/tmdb/{title.tmdb_id}@{letters}.p")
    assert (await service.get(f"tmdb/poster-default/{title.tmdb_id}.jpg?again")).body == answer.body
    assert service.renders() == 1


async def test_a_title_without_an_imdb_id_asks_no_ratings_provider(service, double):
    title = double.catalogue.by_slug("lisbon-project")
    assert (await service.get(f"tmdb/poster-default/{title.tmdb_id}")).status == 200
    assert double.count("mdblist") == double.count("omdb") == 0


async def test_fanart_steps_in_where_tmdb_has_no_poster(start, double):
    title = double.catalogue.by_slug("last-vinyl")
    assert not title.tmdb_poster
    path = f"imdb/poster-default/{title.imdb}"
    service = await start()
    answer = await service.get(path)
    assert (answer.status, answer.header("cache-control")) == (200, WHOLE)
    assert double.count("fanart-images", "last-vinyl.en.jpg") == 1
    assert any("_f_any_en@" in name for name in await service.kept())
    later = await start()
    assert (await later.get(path)).body == answer.body
    assert later.decoded() == 0


async def test_without_fanart_there_is_then_none(start, double):
    title = double.catalogue.by_slug("last-vinyl")
    service = await start(FANART_API_KEY="")
    answer = await service.get(f"imdb/poster-default/{title.imdb}")
    assert (answer.status, answer.json) == (404, {"error": "no poster available"})
    assert (await service.get(f"imdb/poster-default/{title.imdb}?fallback=true")).status == 200


@pytest.mark.parametrize("provider", ["MDBLIST_API_KEY", "OMDB_API_KEY"])
async def test_one_ratings_provider_is_enough_and_its_absence_no_failure(start, double, provider):
    service = await start(**{provider: ""})
    answer = await service.get(f"imdb/poster-default/{double.catalogue.by_slug('neon-orchard').imdb}")
    assert (answer.status, answer.header("cache-control")) == (200, WHOLE)
    (name,) = await service.kept()
    assert ("@ilr." in name) if provider == "OMDB_API_KEY" else ("@irc." in name)


async def test_movies_and_series_of_one_tmdb_number_have_their_own_pictures(service, double):
    answers = [await service.get(f"tmdb/poster-default/{media}-9000120") for media in ("movie", "series", "tv", "show")]
    assert answers[0].body != answers[1].body == answers[2].body == answers[3].body
    assert len(await service.kept()) == 2


async def test_every_title_of_the_catalogue_gets_its_poster_by_every_id(service, double):
    """Small pictures of everything: what one title lacks, another must not lend it."""
    bodies = {}
    for title in double.catalogue.titles():
        forms = [f"tmdb/poster-default/{title.tmdb_id}"]
        if title.imdb:
            forms.append(f"imdb/poster-default/{title.imdb}")
        if title.tvdb:
            forms.append(f"tvdb/poster-default/{title.media}-{title.tvdb}")
        answers = [await service.get(form) for form in forms]
        assert {answer.status for answer in answers} == {200}, title.slug
        assert len({answer.body for answer in answers}) == 1, title.slug
        bodies[title.slug] = answers[0].body
    assert len(set(bodies.values())) == len(bodies)
    assert service.renders() == len(bodies)
