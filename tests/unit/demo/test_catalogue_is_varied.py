from openposterdb.demo.catalogue import RATERS, Catalogue, load_catalogue

CATALOGUE: Catalogue = load_catalogue()
TODAY = "2026-11-22"


def test_there_are_enough_movies_and_series():
    assert len(CATALOGUE) >= 24
    assert len(list(CATALOGUE.titles("movie"))) >= 12
    assert len(list(CATALOGUE.titles("series"))) >= 8


def test_they_are_old_new_unreleased_and_undated():
    dates = [title.released for title in CATALOGUE.title]
    assert min(date for date in dates if date) < "1930"
    assert any(date and "2026-10-01" < date <= TODAY for date in dates)
    assert any(date and date > TODAY for date in dates)
    assert None in dates


def test_every_rating_is_present_on_some_and_absent_on_others():
    for rater in RATERS:
        assert {rater in title.ratings for title in CATALOGUE.title} == {True, False}


def test_some_title_has_no_rating_and_some_only_tmdbs():
    ratings = [set(title.ratings) for title in CATALOGUE.title]
    assert set() in ratings
    assert {"tmdb"} in ratings


def test_ratings_stay_within_their_scales():
    ceilings = {"tmdb": 10, "imdb": 10, "letterboxd": 5}
    for title in CATALOGUE.title:
        for rater, value in title.ratings.items():
            assert 0 < value <= ceilings.get(rater, 100), title.slug


def test_art_differs_from_title_to_title():
    languages = {lang for title in CATALOGUE.title for lang in title.fanart_posters}
    assert languages >= {"en", "de", "fr", "pt-BR", "ja", "00"}
    for has in ("backdrop", "logo", "tmdb_poster"):
        assert {getattr(title, has) for title in CATALOGUE.title} == {True, False}
    assert len({title.language for title in CATALOGUE.title}) >= 6


def test_ids_are_unique_and_beyond_those_given_out():
    imdb = [title.imdb for title in CATALOGUE.title if title.imdb]
    assert len(set(imdb)) == len(imdb)
    assert all(value.startswith("tt99") for value in imdb)
    tmdb = [title.tmdb_id for title in CATALOGUE.title]
    assert len(set(tmdb)) == len(tmdb)
    assert all(title.tmdb > 9_000_000 for title in CATALOGUE.title)


def test_a_movie_and_a_series_share_a_tvdb_number_and_others_a_tmdb_number():
    movie, series = CATALOGUE.by_tvdb("movie", 9900169), CATALOGUE.by_tvdb("series", 9900169)
    assert movie is not None
    assert series is not None
    assert CATALOGUE.by_tmdb("movie", 9000120) is not CATALOGUE.by_tmdb("series", 9000120)
