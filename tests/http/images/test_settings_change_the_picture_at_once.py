"""Settings of a key, or of everybody: saved in the database, they change the next answer, the hot path's too."""

import pytest

from openposterdb.accounts.keys import FREE_KEY, hash_key, mint, prefix_of
from openposterdb.storage.repositories import SettingsRepository
from tests.http.images.conftest import KEY
from tests.http.images.pictures import opened
from tests.http.images.titles import MOVIE, SERIES

CHANGES = [
    ({"poster_position": "tl"}, "poster", "@ilr.ptl.sv.li.dv.zm"),
    ({"ratings_limit": 1}, "poster", "@i.pbc.sh.li.dh.zm"),
    ({"ratings_limit": 0}, "poster", "@ilrcatk.pbc.sh.li.dh.zm"),
    ({"ratings_order": "trakt,tmdb"}, "poster", "@kti.pbc.sh.li.dh.zm"),
    ({"ratings_exclude": "imdb,lb"}, "poster", "@rca.pbc.sh.li.dh.zm"),
    ({"ratings_order": "imdb,tmdb,rt,rta,mc,trakt,lb,mal", "ratings_exclude": "imdb"}, "backdrop", "_b@track.sv.li.zm"),
    ({"poster_badge_style": "v"}, "poster", "@ilr.pbc.sv.li.dh.zm"),
    ({"poster_label_style": "t"}, "poster", "@ilr.pbc.sh.lt.dh.zm"),
    ({"poster_badge_direction": "v"}, "poster", "@ilr.pbc.sv.li.dv.zm"),
    ({"poster_source": "f"}, "poster", "_f_en@ilr.pbc.sh.li.dh.zm"),
    ({"poster_source": "f", "fanart_lang": "fr"}, "poster", "_f_fr@ilr.pbc.sh.li.dh.zm"),
    ({"poster_source": "f", "fanart_textless": True}, "poster", "_f_tl@ilr.pbc.sh.li.dh.zm"),
    ({"fanart_lang": "de"}, "logo", "_l_f_de@ilrca.sv.li.zm"),
    ({"logo_ratings_limit": 2}, "logo", "_l_f_en@il.sv.li.zm"),
    ({"logo_badge_style": "h", "logo_label_style": "t"}, "logo", "_l_f_en@ilrca.sh.lt.zm"),
    ({"backdrop_ratings_limit": 1}, "backdrop", "_b@i.sv.li.zm"),
    ({"backdrop_badge_style": "h", "backdrop_label_style": "t"}, "backdrop", "_b@ilrca.sh.lt.zm"),
    ({"fit": "native"}, "poster", "@ilr.pbc.sh.li.dh.zm.fn"),
    ({"chroma": "444"}, "poster", "@ilr.pbc.sh.li.dh.zm.c444"),
]


@pytest.mark.parametrize(("changes", "kind", "name"), CHANGES, ids=lambda value: str(value)[:60])
async def test_a_change_shows_in_the_next_answer(service, double, changes, kind, name):
    title = double.catalogue.by_slug(MOVIE)
    path = f"tmdb/{kind}-default/{title.tmdb_id}"
    before = await service.get(path)
    assert len(service.hot) == 1
    await service.save(**changes)
    after = await service.get(path)
    assert after.status == 200
    names = await service.kept()
    assert len(names) == 2
    assert any(f"{title.tmdb_id}{name}." in kept for kept in names)
    assert opened(after).size
    assert (await service.get(path)).body == after.body, "the hot path has the new one"
    if "fanart_lang" in changes and kind == "logo":
        assert after.body == before.body, "English where there is no German logo"
    elif changes != {"poster_source": "f"}:  # the demo's English poster is TMDB's
        assert after.body != before.body


async def test_a_keys_own_settings_are_its_own(service, double):
    path = f"tmdb/poster-default/{double.catalogue.by_slug(MOVIE).tmdb_id}"
    other = mint()
    await service.parts.key_repository.create("other", hash_key(other), prefix_of(other))
    await SettingsRepository(service.parts.database).save_global({}, free_key=True)
    await service.tell_changes()
    before = (await service.get(path)).body
    await service.save(KEY, poster_position="tl")
    assert (await service.get(path)).body != before
    mine = (await service.get(path)).body
    theirs = (await service.get(path, key=other)).body
    assert mine != theirs
    assert (await service.get(path, key=FREE_KEY)).body == theirs
    await service.save(poster_position="r")
    assert (await service.get(path)).body == mine, "a full override: the global ones do not shine through"
    assert (await service.get(path, key=other)).body not in {mine, theirs}
    repository = SettingsRepository(service.parts.database)
    assert await repository.reset_key(await service.key_id())
    await service.tell_changes()
    assert (await service.get(path)).body == (await service.get(path, key=other)).body


async def test_another_process_hears_of_it(start, double):
    path = f"tmdb/poster-default/{double.catalogue.by_slug(MOVIE).tmdb_id}"
    first, second = await start(), await start()
    before = (await first.get(path)).body
    await second.save(poster_position="tl")
    await first.tell_changes()
    assert (await first.get(path)).body != before
    assert (await first.get(path)).body == (await second.get(path)).body


async def test_keys_with_equal_settings_share_the_image(service, double):
    path = f"tmdb/poster-default/{double.catalogue.by_slug(MOVIE).tmdb_id}"
    other = mint()
    await service.parts.key_repository.create("other", hash_key(other), prefix_of(other))
    await service.save(KEY, poster_position="tl")
    await service.save(poster_position="tl")
    assert (await service.get(path)).body == (await service.get(path, key=other)).body
    assert service.renders() == 1


async def test_a_request_overrides_its_key_for_itself_alone(service, double):
    path = f"tmdb/poster-default/{double.catalogue.by_slug(SERIES).tmdb_id}"
    await service.save(KEY, poster_source="f", fanart_lang="de", poster_position="tl")
    mine = (await service.get(path)).body
    assert (await service.get(f"{path}?lang=en")).body != mine
    assert (await service.get(f"{path}?ratingBarPos=right-top")).body != mine
    assert (await service.get(f"{path}?lang=de&ratingBarPos=left-top")).body == mine
    assert (await service.get(path)).body == mine
    assert service.renders() == 3


async def test_textless_is_preferred_then_the_language_then_tmdb(service, double):
    await service.save(poster_source="f", fanart_textless=True, fanart_lang="fr")
    for slug, tier in {
        "neon-orchard": "_f_tl@",
        "midnight-tram": "_f_fr@",
        "whiskers": "_f_fr@",
        "macula": "@",
    }.items():
        title = double.catalogue.by_slug(slug)
        path = f"tmdb/poster-default/{title.tmdb_id}"
        assert (await service.get(path)).status == 200
        assert any(f"/{title.tmdb_id}{tier}" in name for name in await service.kept())
        renders = service.renders()
        assert (await service.get(f"{path}?again")).status == 200
        assert service.renders() == renders
    assert double.count("fanart-images", "whiskers.en.jpg") == 1, "English where there is no French"


async def test_a_language_has_one_picture_however_it_is_spelled(service, double):
    path = f"tmdb/poster-default/{double.catalogue.by_slug(SERIES).tmdb_id}"
    answers = [await service.get(f"{path}?lang={lang}") for lang in ("de", "DE", "De")]
    await service.save(KEY, poster_source="f", fanart_lang="dE")
    answers.append(await service.get(path))
    assert len({answer.header("etag") for answer in answers}) == 1
    assert len(await service.kept()) == service.renders() == 1
