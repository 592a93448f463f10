"""RPDB's path types and query parameters: what each of them changes in the picture, read off the names of what is kept."""

import pytest

from tests.http.images.titles import MOVIE, SERIES, WITHOUT_FANART

PLAIN = "@ilr.pbc.sh.li.dh.zm"
"""The movie with default settings: IMDb, Letterboxd and Rotten Tomatoes, below, in a row, with icons."""


async def name_of(service, double, path, slug=MOVIE):
    """The cache key's part after the title, for the one image made."""
    title = double.catalogue.by_slug(slug)
    answer = await service.get(path.format(id=title.tmdb_id))
    assert answer.status == 200
    (name,) = await service.kept()
    return name.rpartition(title.tmdb_id)[2].rpartition(".")[0]


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("poster-default", PLAIN),
        ("poster-certs", PLAIN),
        ("poster-rt", "@ira.pbc.sh.li.dh.zm"),
        ("poster-mc", "@ica.pbc.sh.li.dh.zm"),
        ("rating-order", PLAIN),
        ("textless-default", f"_f_tl{PLAIN}"),
        ("textless-certs", f"_f_tl{PLAIN}"),
        ("textless-rt", "_f_tl@ira.pbc.sh.li.dh.zm"),
        ("textless-mc", "_f_tl@ica.pbc.sh.li.dh.zm"),
        ("textless-order", f"_f_tl{PLAIN}"),
        ("backdrop-default", "_b@ilrca.sv.li.zm"),
        ("background-default", "_b@ilrca.sv.li.zm"),
        ("logo-default", "_l_f_en@ilrca.sv.li.zm"),
    ],
)
async def test_every_type_draws_its_own_badges_and_art(service, double, type_, name):
    assert await name_of(service, double, f"tmdb/{type_}/{{id}}.jpg") == name


@pytest.mark.parametrize(
    "type_", ["poster-xx", "textless-xx", "logo-rt", "backdrop-mc", "textless", "poster", "rating-default"]
)
async def test_types_that_nobody_asks_for_are_no_routes(service, type_):
    assert (await service.get(f"tmdb/{type_}/movie-9000108.jpg")).status == 404


@pytest.mark.parametrize("twin", ["poster-default", "poster-rt", "poster-mc", "poster-certs"])
async def test_a_textless_twin_without_textless_art_has_the_art_there_is(service, double, twin):
    """Fanart's poster with text, since its art was asked for; TMDB's where Fanart has none."""
    textless = twin.replace("poster", "textless")
    movie = double.catalogue.by_slug("whiskers").tmdb_id
    assert (await service.get(f"tmdb/{textless}/{movie}.jpg")).status == 200
    assert any(f"{movie}_f_en@" in name for name in await service.kept())
    macula = double.catalogue.by_slug("macula").tmdb_id
    plain = await service.get(f"tmdb/{twin}/{macula}.jpg")
    assert (await service.get(f"tmdb/{textless}/{macula}.jpg")).body == plain.body


async def test_textless_posters_do_without_fanart(start, double):
    service = await start(FANART_API_KEY="")
    movie = double.catalogue.by_slug(MOVIE).tmdb_id
    plain = await service.get(f"tmdb/poster-default/{movie}.jpg")
    assert (await service.get(f"tmdb/textless-default/{movie}.jpg")).body == plain.body


@pytest.mark.parametrize(
    ("order", "letters"),
    [
        ("imdb%2Ctomatoes-critics", "ir"),
        ("tomatoes-audience,letterboxd,imdb,trakt", "alik"),
        ("imdb,tmdb,trakt,tomatoes-critics,tomatoes-audience,metacritic-critics,letterboxd,myanimelist", "itkracl"),
        ("metacritic-critics", "c"),
        (" imdb , tmdb ", "it"),
        ("imdb,imdb,certs,rogerebert,tmdb", "it"),
        ("certs", "ilr"),
        ("", "ilr"),
        ("myanimelist", ""),
    ],
)
async def test_the_order_names_the_badges(service, double, order, letters):
    path = f"tmdb/rating-order/{{id}}.jpg?order={order}"
    assert await name_of(service, double, path) == f"@{letters}.pbc.sh.li.dh.zm"


async def test_an_order_belongs_to_its_own_types(service, double):
    assert await name_of(service, double, "tmdb/poster-default/{id}.jpg?order=tmdb") == PLAIN


@pytest.mark.parametrize(
    ("position", "code"),
    [
        ("bottom", "bc.sh.li.dh"),
        ("top", "tc.sh.li.dh"),
        ("left-top", "tl.sv.li.dv"),
        ("left-center", "l.sv.li.dv"),
        ("left-bottom", "bl.sv.li.dv"),
        ("right-top", "tr.sv.li.dv"),
        ("right-center", "r.sv.li.dv"),
        ("right-bottom", "br.sv.li.dv"),
        ("middle", "bc.sh.li.dh"),
        ("", "bc.sh.li.dh"),
    ],
)
async def test_the_bar_goes_where_it_is_told(service, double, position, code):
    path = f"tmdb/poster-default/{{id}}.jpg?ratingBarPos={position}"
    assert await name_of(service, double, path) == f"@ilr.p{code}.zm"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("poster-default/{id}.jpg?label=text", "@ilr.pbc.sh.lt.dh.zm"),
        ("poster-default/{id}.jpg?label=icon", PLAIN),
        ("poster-default/{id}.jpg?label=", PLAIN),
        ("backdrop-default/{id}.jpg?label=text", "_b@ilrca.sv.lt.zm"),
        ("logo-default/{id}.jpg?label=text&lang=en", "_l_f_en@ilrca.sv.lt.zm"),
        ("backdrop-default/{id}.jpg?ratingBarPos=top", "_b@ilrca.sv.li.zm"),
        ("poster-default/{id}.jpg?imageSize=verylarge", "@ilr.pbc.sh.li.dh.zvl"),
    ],
)
async def test_labels_and_sizes(service, double, path, name):
    assert await name_of(service, double, f"tmdb/{path}") == name


@pytest.mark.parametrize("kind", ["logo", "backdrop"])
async def test_what_fanart_lacks_is_not_found(service, double, kind):
    title = double.catalogue.by_slug(WITHOUT_FANART)
    answer = await service.get(f"tmdb/{kind}-default/{title.tmdb_id}")
    assert (answer.status, answer.json) == (404, {"error": f"no {kind} available"})


async def test_a_language_switches_posters_to_fanart_and_back(service, double):
    title = double.catalogue.by_slug(SERIES)
    path = f"tmdb/poster-default/{title.tmdb_id}.jpg"
    answers = {lang: (await service.get(f"{path}?lang={lang}")).body for lang in ("de", "en", "xx")}
    plain = (await service.get(path)).body
    assert answers["de"] != answers["en"], "its own language"
    assert answers["xx"] == answers["en"], "English where there is none of the language"
    assert plain != answers["de"]
    assert double.count("tmdb-images") == 1, "TMDB's without a language only"
    assert double.count("fanart-images", "quiet-signal.de.jpg") == 1
    nothing = double.catalogue.by_slug("macula").tmdb_id  # no poster at Fanart
    tmdb = (await service.get(f"tmdb/poster-default/{nothing}.jpg")).body
    assert (await service.get(f"tmdb/poster-default/{nothing}.jpg?lang=de")).body == tmdb


async def test_a_language_is_not_mistaken_for_textless(service, double):
    """`tl` is Tagalog as a language, and the mark of textless art in the names of images."""
    path = f"tmdb/{{}}/{double.catalogue.by_slug(MOVIE).tmdb_id}.jpg"
    tagalog = await service.get(path.format("poster-default") + "?lang=tl")
    textless = await service.get(path.format("textless-default"))
    assert tagalog.body != textless.body
    assert (await service.get(path.format("poster-default") + "?lang=tl&again")).body == tagalog.body
    assert (await service.get(path.format("textless-default") + "?again")).body == textless.body
    assert service.renders() == 2
