"""The alias index: one file per image whatever ids it was asked by, and any id learnt finds it without a call."""

import asyncio

import pytest

from tests.http.images.titles import MOVIE, SERIES, TWINS, paths


@pytest.mark.parametrize("slug", [MOVIE, SERIES])
@pytest.mark.parametrize("kind", ["poster", "logo", "backdrop"])
async def test_no_bytes_are_copied(service, double, slug, kind):
    title = double.catalogue.by_slug(slug)
    forms = [*paths(title, kind), f"tmdb/{kind}-default/{title.tmdb}.jpg"]
    if title.tvdb:
        forms += [f"tvdb/{kind}-default/{title.tvdb}", f"tvdb/{kind}-default/show-{title.tvdb}"]
    answers = [await service.get(form) for form in forms]
    assert {answer.status for answer in answers} == {200}
    assert len({(answer.body, answer.header("etag")) for answer in answers}) == 1
    assert len(await service.kept()) == 1
    assert len(service.parts.memory) == 1
    assert service.renders() == 1


async def test_ids_asked_for_at_once_share_one_render(service, double):
    title = double.catalogue.by_slug(SERIES)
    forms = [f"{form}?{n}" for form in paths(title) for n in range(10)]
    answers = await asyncio.gather(*(service.get(form) for form in forms))
    assert len({answer.body for answer in answers}) == 1
    assert service.renders() == 1
    assert max(double.calls.values()) == 1


@pytest.mark.parametrize("first", range(3))
async def test_after_a_restart_every_id_that_was_learnt_finds_it_without_a_call(start, double, first):
    """The series' details name its other ids, so asking by one teaches them all."""
    forms = paths(double.catalogue.by_slug(SERIES))
    before = await start()
    answer = await before.get(forms[first])
    await before.settle()
    double.calls.clear()
    after = await start()
    for form in forms:
        assert (await after.get(form)).body == answer.body
    assert after.decoded() == 0
    assert not double.calls


async def test_a_movies_tvdb_number_is_not_learnt_for_the_series_that_shares_it(start, double):
    movie, series = (double.catalogue.by_slug(slug) for slug in TWINS)
    first = await start()
    await first.get(f"tvdb/poster-default/movie-{movie.tvdb}")
    await first.settle()
    second = await start()
    bare = await second.get(f"tvdb/poster-default/{movie.tvdb}")
    assert bare.body == (await second.get(f"tmdb/poster-default/{series.tmdb_id}")).body
    assert len(await second.kept()) == 2


async def test_settings_and_sizes_share_nothing_but_the_title(service, double):
    form = paths(double.catalogue.by_slug(MOVIE))[0]
    answers = [
        await service.get(form + query)
        for query in ("", "?imageSize=large", "?ratingBarPos=top", "?lang=fr", "?label=text", "?lang=fr&label=text")
    ]
    assert len({answer.body for answer in answers}) == len(await service.kept()) == 6


async def test_a_lost_file_is_made_again(start, double):
    form = paths(double.catalogue.by_slug(MOVIE))[0]
    first = await start()
    answer = await first.get(form)
    (name,), (file,) = await first.kept(), await first.shelved()
    second = await start()
    next(second.environment.cache_dir.rglob(file.rpartition("/")[2])).unlink()
    assert (await second.get(form)).body == answer.body
    assert second.decoded() == 1
    assert await second.kept() == [name]
    assert await second.shelved() == [file]
