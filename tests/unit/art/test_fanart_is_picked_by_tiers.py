from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.art.choice import Picture, Wanted, best_by_language, tmdb_poster
from openposterdb.art.choice import pick_fanart as pick_from_best
from openposterdb.domain import ImageKind
from openposterdb.upstreams.fanart import FanartEntry


def _entry(number: int, lang: str, likes: int = 0) -> FanartEntry:
    return FanartEntry(str(number), f"https://assets.fanart.tv/{number}.jpg", lang, likes)


POSTERS = (_entry(1, "en", 3), _entry(2, "00", 9), _entry(3, "de", 1), _entry(4, "", 50), _entry(5, "pt-BR", 2))


def pick_fanart(entries: Sequence[FanartEntry], wanted: Wanted) -> Picture | None:
    return pick_from_best(best_by_language(entries), wanted)


def _names(picture: Picture | None) -> tuple[str, str] | None:
    return None if picture is None else (picture.store_name, picture.tier)


def _poster(lang: str = "en", *, textless: bool = False, source: str = "f", lang_given: bool = False) -> Wanted:
    return Wanted(ImageKind.POSTER, source, lang, lang_given, textless)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "name", "tier"),
    [
        (_poster("de"), "fanart/3.jpg", "language"),
        (_poster("fr"), "fanart/1.jpg", "language"),
        (_poster("pt-BR"), "fanart/5.jpg", "language"),
        (_poster("pt"), "fanart/1.jpg", "language"),
        (_poster("pt-PT"), "fanart/1.jpg", "language"),
        (_poster("de-AT"), "fanart/3.jpg", "language"),
        (_poster("de", textless=True), "fanart/2.jpg", "textless"),
        (_poster("de", lang_given=True, source="t"), "fanart/3.jpg", "language"),
        (_poster("de", textless=True, source="t"), "fanart/3.jpg", "fanart"),
    ],
)
def test_posters(wanted: Wanted, name: str, tier: str) -> None:
    assert _names(pick_fanart(POSTERS, wanted)) == (name, tier)


def test_a_textless_poster_that_is_missing_gives_way_to_the_language() -> None:
    assert _names(pick_fanart(POSTERS[2:], _poster("de", textless=True))) == ("fanart/3.jpg", "language")


def test_without_english_the_unknown_language_is_taken_and_others_never() -> None:
    assert _names(pick_fanart(POSTERS[3:], _poster("fr"))) == ("fanart/4.jpg", "language")
    assert pick_fanart(POSTERS[4:], _poster("fr")) is None
    assert pick_fanart((), _poster("fr")) is None


def test_backdrops_prefer_no_language_and_ignore_the_wanted_one() -> None:
    backdrops = (_entry(1, "de", 9), _entry(2, "en", 5), _entry(3, "", 1))
    wanted = Wanted(ImageKind.BACKDROP, lang="de")
    assert _names(pick_fanart(backdrops, wanted)) == ("fanart/3.jpg", "fanart")
    assert _names(pick_fanart(backdrops[:2], wanted)) == ("fanart/2.jpg", "fanart")
    assert pick_fanart(backdrops[:1], wanted) is None


def test_logos_follow_the_language_and_are_png() -> None:
    logos = (_entry(1, "en"), _entry(2, "de"), _entry(3, "00", 99))
    assert _names(pick_fanart(logos, Wanted(ImageKind.LOGO, lang="de"))) == ("fanart/2.png", "language")
    assert _names(pick_fanart(logos, Wanted(ImageKind.LOGO, lang="fr", textless=True))) == ("fanart/1.png", "language")


def test_of_equally_liked_ones_the_last_is_taken() -> None:
    entries = (_entry(1, "en", 3), _entry(2, "en", 3), _entry(3, "en", 2))
    assert best_by_language(entries) == {"en": entries[1]}


@given(st.lists(st.builds(_entry, st.integers(0, 99), st.sampled_from(["en", "de", "", "00"]), st.integers(-5, 5))))
def test_every_language_keeps_its_best(entries: list[FanartEntry]) -> None:
    best = best_by_language(entries)
    assert best.keys() == {entry.lang for entry in entries}
    for language, entry in best.items():
        rivals = [rival for rival in entries if rival.lang == language]
        assert entry == max(reversed(rivals), key=lambda rival: rival.likes)


def test_what_nobody_can_ask_for_is_left_out() -> None:
    assert not best_by_language([_entry(1, "klingon"), FanartEntry("1", "https://a/" + "x" * 3000, "en", 1)])


@pytest.mark.parametrize("number", ["../1", "1/2", "", ".hidden", "a\\b", "a\0", "x" * 200])
def test_an_entry_whose_id_is_no_file_name_is_skipped(number: str) -> None:
    assert pick_fanart((FanartEntry(number, "https://assets.fanart.tv/a.jpg", "en", 1),), _poster()) is None


def test_tmdb_posters() -> None:
    picture = tmdb_poster("https://image.tmdb.org/t/p", "/k3Qz.jpg", "w780")
    assert picture == Picture(
        "tmdb", "posters/w780/k3Qz.jpg", "https://image.tmdb.org/t/p/w780/k3Qz.jpg", "tmdb", ImageKind.POSTER
    )


@pytest.mark.parametrize(
    "path", [None, "", "/", "/..", "/../x.jpg", "/a/b.jpg", "//evil.example/a.jpg", "/a b.jpg", "/a?b"]
)
def test_a_tmdb_path_that_is_no_file_name_is_no_poster(path: str | None) -> None:
    assert tmdb_poster("https://image.tmdb.org/t/p", path, "original") is None


def test_a_language_is_one_however_fanart_spells_it() -> None:
    posters = (_entry(1, "PT-br", 1), _entry(2, "pt-BR", 2), _entry(3, "EN"))
    assert _names(pick_fanart(posters, _poster("pt-BR"))) == ("fanart/2.jpg", "language")
    assert _names(pick_fanart(posters, _poster("fr"))) == ("fanart/3.jpg", "language")
