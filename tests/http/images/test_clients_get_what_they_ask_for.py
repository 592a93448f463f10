"""Requests in the very shapes that clients send (docs/clients.md), each answered with the picture of the right title."""

import json
from dataclasses import dataclass

import pytest

from tests.http.images.conftest import KEY
from tests.http.images.pictures import size_of
from tests.http.images.titles import DOUBLES, MOVIE, SERIES, TWINS

IMDB, MOVIE_ID, SERIES_ID, TVDB = "{imdb}", "movie-{tmdb}", "series-{tmdb}", "{tvdb}"


@dataclass(frozen=True)
class Ask:
    """One row: `path` after the key, with the ids of the title `slug` filled in; what is answered is `kind` and `size`."""

    client: str
    slug: str
    path: str
    kind: str = "poster"
    size: tuple[int, int] = (580, 859)
    head_first: bool = False

    def __str__(self):
        return f"{self.client}: {self.path}"


ASKS = [
    Ask("AIOStreams", MOVIE, "imdb/poster-default/{imdb}", head_first=True),
    Ask("AIOStreams", MOVIE, "tmdb/poster-default/movie-{tmdb}?badge_size=l&position=br", head_first=True),
    Ask("AIOStreams", SERIES, "tvdb/poster-default/{tvdb}", head_first=True),
    Ask("AIOStreams, RPDB mode", MOVIE, "imdb/poster-default/{imdb}.jpg?fallback=true", head_first=True),
    Ask("AIOStreams, RPDB mode", SERIES, "tmdb/poster-default/series-{tmdb}.jpg?fallback=true", head_first=True),
    Ask("AIOStreams, RPDB mode", SERIES, "tvdb/poster-default/{tvdb}.jpg?fallback=true", head_first=True),
    Ask("aiometadata", TWINS[0], "tvdb/poster-default/movie-{tvdb}.jpg?fallback=true", head_first=True),
    Ask("aiometadata", SERIES, "tvdb/poster-default/series-{tvdb}.jpg?fallback=true&lang=pt", head_first=True),
    Ask("aiometadata", MOVIE, "tmdb/poster-default/movie-{tmdb}.jpg?fallback=true&lang=pt", head_first=True),
    Ask("aiometadata", MOVIE, "imdb/poster-default/{imdb}.jpg?fallback=true", head_first=True),
    Ask(
        "aiometadata, custom patterns",
        SERIES,
        "tmdb/backdrop-default/series-{tmdb}.jpg?imageSize=large",
        kind="backdrop",
        size=(3840, 2160),
    ),
    Ask("aiometadata, custom patterns", MOVIE, "tmdb/logo-default/movie-{tmdb}.png", kind="logo"),
    Ask("tmdb-addon", MOVIE, "tmdb/poster-default/movie-{tmdb}.png?fallback=true&lang=pt-BR"),
    Ask("tmdb-addon", SERIES, "tmdb/poster-default/series-{tmdb}.png?fallback=true&lang=es-MX"),
    Ask(
        "tmdb-addon",
        MOVIE,
        "tmdb/backdrop-default/movie-{tmdb}.png?fallback=true&lang=pt-BR",
        kind="backdrop",
        size=(1920, 1080),
    ),
    Ask("tmdb-addon", SERIES, "tmdb/logo-default/series-{tmdb}.png?fallback=true&lang=zh-TW", kind="logo"),
    Ask("MediaFusion", MOVIE, "imdb/poster-default/{imdb}.jpg?fallback=true"),
    Ask("MediaFusion", MOVIE, "imdb/backdrop-default/{imdb}.jpg", kind="backdrop", size=(1920, 1080)),
    Ask("Jellyfin plugin", SERIES, "imdb/poster-default/{imdb}.jpg"),
    Ask("Jellyfin plugin", MOVIE, "tmdb/poster-default/movie-{tmdb}.jpg"),
    Ask("Jellyfin plugin", SERIES, "tmdb/poster-default/series-{tmdb}.jpg"),
    Ask("Jellyfin plugin", SERIES, "tvdb/poster-default/{tvdb}.jpg"),
    Ask("Jellyfin plugin", SERIES, "tvdb/logo-default/{tvdb}.png", kind="logo"),
    Ask(
        "RPDB plugin for Jellyfin and Emby",
        MOVIE,
        "imdb/rating-order/{imdb}.jpg?fallback=true&lang=de&order=imdb%2Ctomatoes-critics&badges=4k%2Chdrcolor"
        "&badgePos=bottom%7Cright&imageSize=verylarge&ratingBarPos=left-top&ratingBarColor=navy&fontColor=gold",
        size=(2000, 2962),
    ),
    Ask("RPDB bundle for Plex", SERIES, "tvdb/textless-rt/{tvdb}.jpg?lang=fr&badges=1080p%2Ch264&key=999"),
    Ask("Kodi", MOVIE, "tmdb/poster-default/movie-{tmdb}.jpg?fallback=true&theme=rounded-blocks"),
    *(
        Ask("Trakt add-ons", SERIES, f"{form}.jpg?fallback=true".replace("TYPE", type_))
        for type_ in ("poster-default", "textless-default", "poster-certs", "poster-mc", "poster-rt")
        for form in ("imdb/TYPE/{imdb}", "tmdb/TYPE/series-{tmdb}", "tvdb/TYPE/{tvdb}")
    ),
    Ask("Trakt catalogues", MOVIE, "tmdb/poster-default/{tmdb}.jpg"),
    Ask("Trakt catalogues", SERIES, "tmdb/poster-default/{tmdb}.jpg"),
    Ask("Harbor", SERIES, "tvdb/poster-default/series-{tvdb}.jpg?fallback=true"),
    Ask("others", SERIES, "tvdb/poster-default/show-{tvdb}.jpg"),
    Ask("others", SERIES, "tmdb/poster-default/tv-{tmdb}.jpg"),
]


@pytest.mark.parametrize("ask", ASKS, ids=str)
async def test_a_client_gets_its_picture(service, double, ask):
    title = double.catalogue.by_slug(ask.slug)
    path = ask.path.format(imdb=title.imdb, tmdb=title.tmdb, tvdb=title.tvdb)
    if ask.head_first:
        head = await service.head(path)
        assert (head.status, head.body) == (200, b"")
        assert head.header("content-type") == "image/jpeg"
    answer = await service.get(path)
    assert answer.status == 200
    assert answer.header("content-type") == ("image/png" if ask.kind == "logo" else "image/jpeg")
    assert answer.header("access-control-allow-origin") == "*"
    assert answer.header("etag").startswith('"')
    if ask.kind == "logo":
        assert size_of(answer)[0] == 780
    else:
        assert size_of(answer) == ask.size
    names = await service.kept()
    assert len(names) == service.renders() == 1
    assert names[0].startswith(f"{ask.kind}s/tmdb/{title.tmdb_id}"), "another title's picture"
    head = await service.head(path)
    assert head.headers == [*answer.headers, ("content-length", str(len(answer.body)))]
    assert len(answer.body) >= 100


@pytest.mark.parametrize(
    "path", ["tmdb/rating-order/movie-.jpg", "tmdb/poster-default/series-", "tvdb/poster-rt/movie-.png"]
)
async def test_an_id_left_empty_is_not_found(service, path):
    answer = await service.get(path)
    assert answer.status == 404
    assert set(answer.json) == {"error"}


async def test_the_word_default_is_no_key(service, double):
    title = double.catalogue.by_slug(SERIES)
    answer = await service.get(f"tvdb/poster-default/series-{title.tvdb}.jpg?fallback=true", key="default")
    assert answer.status == 401
    assert answer.json == {"error": "Unauthorized"}
    assert not double.calls


@pytest.mark.parametrize(
    ("kind", "extension"),
    [  # a logo's .webp is another encoding: test_logos_are_webp_for_who_takes_it
        (kind, extension)
        for kind in ("poster", "logo", "backdrop")
        for extension in ("", ".jpg", ".jpeg", ".png", ".webp")
        if (kind, extension) != ("logo", ".webp")
    ],
)
async def test_an_extension_changes_nothing_but_the_url(service, double, kind, extension):
    path = f"tmdb/{kind}-default/{double.catalogue.by_slug(MOVIE).tmdb_id}"
    with_extension, plain = await service.get(path + extension), await service.get(path)
    assert with_extension.status == 200
    assert with_extension.body == plain.body
    assert with_extension.header("content-type") == ("image/png" if kind == "logo" else "image/jpeg")
    assert service.renders() == 1


@pytest.mark.parametrize("extension", [".gif", ".JPG", ".jpg.jpg", ".avif", "."])
async def test_any_other_extension_is_part_of_the_id(service, double, extension):
    title = double.catalogue.by_slug(MOVIE)
    assert (await service.get(f"imdb/poster-default/{title.imdb}{extension}")).status == 404
    assert (await service.get(f"tmdb/poster-default/{title.tmdb_id}{extension}")).status == 400
    assert not double.calls


@pytest.mark.parametrize("lang", ["pt-BR", "es-MX", "zh-TW", "de", "pt", "eng", "xx"])
async def test_languages_with_and_without_a_region_are_understood(service, double, lang):
    answer = await service.get(f"tmdb/poster-default/{double.catalogue.by_slug(MOVIE).tmdb_id}.jpg?lang={lang}")
    assert (answer.status, size_of(answer)) == (200, (580, 859))


async def test_a_region_gets_its_own_art(service, double):
    title = double.catalogue.by_slug("theory-of-rain")
    plain = await service.get(f"tmdb/poster-default/{title.tmdb_id}.jpg")
    brazilian = await service.get(f"tmdb/poster-default/{title.tmdb_id}.jpg?lang=pt-BR")
    assert brazilian.body != plain.body
    assert double.count("fanart-images", "theory-of-rain.pt-BR.jpg") == 1
    assert any("_f_pt-BR@" in name for name in await service.kept())


async def test_cache_busters_and_unknown_parameters_share_one_render(service, double):
    path = f"imdb/poster-default/{double.catalogue.by_slug(MOVIE).imdb}.jpg"
    queries = [
        "",
        "?key=999",
        "?key=1&break=2",
        "?break=x",
        "?theme=rounded-blocks",
        "?badge_size=l&badge_size=m",
        "?=&&",
    ]
    answers = [await service.get(path + query) for query in queries]
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    assert service.renders() == 1
    assert set(double.calls.values()) == {1}
    assert len(await service.kept()) == 1


@pytest.mark.parametrize("wrap", ["%20{}", "{}%20", "%20%20{}%09", "{}%0A"])
async def test_spaces_around_a_pasted_key_are_forgiven(service, double, wrap):
    key = wrap.format(KEY)
    assert (await service.get("isValid", key=key)).json == {"valid": True}
    path = f"tmdb/poster-default/{double.catalogue.by_slug(MOVIE).tmdb_id}.jpg"
    assert (await service.get(path, key=key)).status == 200


async def test_a_key_check_says_yes_in_json(service):
    answer = await service.get("isValid")
    assert answer.status == 200
    assert answer.json == {"valid": True}
    assert answer.header("content-type") == "application/json"
    assert answer.header("access-control-allow-origin") == "*"
    assert answer.header("cache-control") == "no-store"
    head = await service.head("isValid")
    assert (head.status, head.body, head.header("content-length")) == (200, b"", str(len(answer.body)))


@pytest.mark.parametrize("key", ["default", "t3-00000000-0000-4000-8000-000000000000", "0" * 64, "x" * 5000])
async def test_a_key_check_says_no_in_json(service, key):
    answer = await service.get("isValid", key=key)
    assert answer.status == 401
    assert answer.json == {"valid": False, "error": "Unauthorized"}
    assert answer.header("access-control-allow-origin") == "*"
    assert answer.header("cache-control") == "no-store"
    said = [header for header in answer.headers if header[0] != "content-security-policy"]  # has the word default in it
    assert key not in json.dumps(said)


@pytest.mark.parametrize("key", ["api", "c"])
async def test_the_first_words_of_other_paths_are_no_keys(service, key):
    answer = await service.get("isValid", key=key)
    assert (answer.status, answer.json) == (401, {"valid": False, "error": "Unauthorized"})


@pytest.mark.parametrize("path", ["isValid", "tmdb/poster-default/movie-9000108.jpg"])
async def test_pages_of_other_origins_may_ask_before_they_read(service, path):
    answer = await service.get(path, method="OPTIONS", headers=[("origin", "https://config.example")])
    assert answer.status == 200
    assert answer.header("access-control-allow-origin") == "*"
    assert "GET" in answer.header("access-control-allow-methods")


@pytest.mark.parametrize("kind", ["poster", "backdrop"])
async def test_a_picture_keeps_its_tag_for_weeks_of_caching_in_front(start, double, kind):
    path = f"tmdb/{kind}-default/{double.catalogue.by_slug(SERIES).tmdb_id}.jpg"
    first = await start()
    etag = (await first.get(path)).header("etag")
    await first.settle()
    second = await start()
    assert (await second.get(path)).header("etag") == etag
    assert (await second.get(path, headers=[("if-none-match", etag)])).status == 304


async def test_a_bare_tmdb_number_is_the_movie_first_then_the_series(service, double):
    movie, series = (double.catalogue.by_slug(slug) for slug in DOUBLES)
    assert movie.tmdb == series.tmdb
    bare = await service.get(f"tmdb/poster-default/{movie.tmdb}.jpg")
    assert bare.body == (await service.get(f"tmdb/poster-default/{movie.tmdb_id}.jpg")).body
    assert bare.body != (await service.get(f"tmdb/poster-default/{series.tmdb_id}.jpg")).body
    only_series = double.catalogue.by_slug(SERIES)
    answer = await service.get(f"tmdb/poster-default/{only_series.tmdb}.jpg")
    assert answer.body == (await service.get(f"tmdb/poster-default/{only_series.tmdb_id}.jpg")).body


async def test_a_movie_is_not_hidden_by_a_series_asked_for_before(service, double):
    """The bare number must not have been learnt as another name of the series."""
    movie, series = (double.catalogue.by_slug(slug) for slug in DOUBLES)
    of_series = await service.get(f"tmdb/poster-default/{series.tmdb_id}.jpg")
    assert (await service.get(f"tmdb/poster-default/{movie.tmdb}.jpg")).body != of_series.body


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
async def test_a_movie_and_a_series_of_one_tvdb_number_never_meet(start, double, order):
    movie, series = (double.catalogue.by_slug(slug) for slug in TWINS)
    assert movie.tvdb == series.tvdb
    forms = [f"movie-{movie.tvdb}", f"series-{series.tvdb}", f"{series.tvdb}"]
    slugs = ["movie", "series", "series"]
    expected = {
        "movie": (await (await start()).get(f"tmdb/poster-default/{movie.tmdb_id}")).body,
        "series": (await (await start()).get(f"tmdb/poster-default/{series.tmdb_id}")).body,
    }
    service = await start()
    for position in order:  # by id, then again out of memory, then by another process out of the store
        assert (await service.get(f"tvdb/poster-default/{forms[position]}")).body == expected[slugs[position]]
    for position in order:
        answer = await service.get(f"tvdb/poster-default/{forms[position]}?again")
        assert answer.body == expected[slugs[position]]
    await service.settle()
    later = await start()
    for position in order:
        assert (await later.get(f"tvdb/poster-default/{forms[position]}")).body == expected[slugs[position]]
