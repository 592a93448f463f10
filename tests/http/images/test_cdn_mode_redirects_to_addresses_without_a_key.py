"""CDN mode: routes with a key answer a redirect, which is the same for all requests that draw alike."""

import asyncio
import re
from itertools import combinations
from urllib.parse import unquote

import pytest

from openposterdb.accounts.keys import hash_key, mint, prefix_of
from tests.http.adapter.rsgi_fakes import FakeProto, FakeScope
from tests.http.images.conftest import KEY
from tests.http.images.pictures import size_of
from tests.http.images.test_which_failure_wins import STEPS, started_with, target_of
from tests.http.images.titles import MOVIE

CDN = {"ENABLE_CDN_REDIRECTS": "true"}
LOCATION = re.compile(r"/c/([0-9a-f]{32})/([^/?]+)/((?:poster|logo|backdrop)-default)/([^/?]+)(?:\?(.+))?")


@pytest.fixture
async def service(start):
    return await start(**CDN)


@pytest.fixture
def movie(double):
    return double.catalogue.by_slug(MOVIE).tmdb_id


async def location(service, path, **options):
    """Where a redirect leads, in parts: hash, id type, kind, id, query."""
    answer = await service.get(path, **options)
    assert answer.status == 302, answer.body
    return LOCATION.fullmatch(answer.header("location")).groups()


async def digest(service, path, **options):
    return (await location(service, path, **options))[0]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_redirect_is_relative_and_may_be_kept_for_minutes(service, double, movie, method):
    answer = await service.get(f"tmdb/poster-default/{movie}.jpg", method=method)
    assert (answer.status, answer.body) == (302, b"")
    assert LOCATION.fullmatch(answer.header("location"))
    assert answer.header("location").endswith(f"/tmdb/poster-default/{movie}.jpg")
    assert answer.header("cache-control") == "public, max-age=300, stale-while-revalidate=3600"
    assert answer.header("content-length") == "0"
    assert answer.header("access-control-allow-origin") == "*"
    assert not double.calls
    assert len(service.hot) == 0


@pytest.mark.parametrize(
    ("query", "forwarded"),
    [
        ("", None),
        ("fallback=true", "fallback=true"),
        ("fallback=TRUE", None),
        ("imageSize=large", "imageSize=large"),
        ("imageSize=medium", "imageSize=medium"),
        ("imageSize=verylarge&key=9&fallback=true&theme=x", "fallback=true&imageSize=very-large"),
        ("lang=de&fallback=true", "fallback=true"),
        ("order=imdb&ratingBarPos=top&label=text&badges=4k", None),
    ],
)
async def test_only_what_the_hash_does_not_hold_is_forwarded(service, movie, query, forwarded):
    assert (await location(service, f"tmdb/poster-default/{movie}.jpg?{query}"))[4] == forwarded


@pytest.mark.parametrize(
    "value", ["a b.jpg", "ä?x=1&y", "tt1.jpg.png", "..", "a%41", "%", "q#f", "\r\nx: y", "50%25", "a\\b", "c;d,e"]
)
async def test_ids_are_encoded_again_whatever_they_hold(service, value):
    """The server hands paths on decoded; what is not encoded again would mean something else, or nothing."""
    proto = FakeProto()
    await service._adapter.__rsgi__(FakeScope("GET", f"/{KEY}/do uban/poster-default/{value}"), proto)
    _, id_type, _, id_value, _ = LOCATION.fullmatch(proto.header("location")).groups()
    assert id_type == "do%20uban"
    assert unquote(id_value) == value
    assert re.fullmatch(r"[A-Za-z0-9_.~%-]+", id_value)


async def test_the_redirect_comes_before_the_id_is_looked_at(service):
    for path in ("douban/poster-default/1", "imdb/poster-default/x", "tmdb/logo-default/movie-"):
        assert (await service.get(path)).status == 302


EARLIER = ["rate limit", "path not UTF-8", "parameter repeated", "imageSize", "Fanart not configured", "key", "lang"]


@pytest.mark.parametrize("step", EARLIER)
async def test_what_is_checked_before_the_redirect_is_checked(start, step):
    def go(**variables):
        return start(**CDN, **variables)

    service = await started_with(go, {step})
    assert (await service.ask("GET", target_of(step))).status == STEPS[step][0]


@pytest.mark.parametrize(
    ("segment", "kind"),
    [
        ("poster-rt", "poster-default"),
        ("poster-mc", "poster-default"),
        ("rating-order", "poster-default"),
        ("textless-default", "poster-default"),
        ("textless-rt", "poster-default"),
        ("textless-order", "poster-default"),
        ("background-default", "backdrop-default"),
        ("logo-default", "logo-default"),
    ],
)
async def test_every_path_type_leads_to_one_of_three(service, double, movie, segment, kind):
    answer = await service.get(f"tmdb/{segment}/{movie}?order=trakt,imdb")
    assert LOCATION.fullmatch(answer.header("location"))[3] == kind
    assert (await service.ask("GET", answer.header("location"))).status == 200


SAME = [
    ("poster-default", "backdrop-limit", {"backdrop_ratings_limit": 1}),
    ("poster-default", "logo-style", {"logo_badge_style": "h", "logo_label_style": "t"}),
    ("poster-default", "resolved", {"poster_badge_direction": "h", "poster_badge_style": "h"}),
    ("poster-default", "textless-needs-fanart", {"fanart_textless": True}),
    ("poster-default", "spelling", {"fanart_lang": "EN"}),
    ("poster-default", "blanks", {"ratings_order": " mal, imdb,lb,rt,mc,rta,tmdb,trakt"}),
    ("logo-default", "posters", {"poster_source": "f", "ratings_limit": 1, "chroma": "444", "max_bytes": 90_000}),
    ("backdrop-default", "posters", {"poster_position": "tl", "fanart_lang": "fr", "poster_label_style": "t"}),
    ("backdrop-default", "default-style", {"backdrop_badge_style": "d"}),
]


@pytest.mark.parametrize(
    ("segment", "_name", "settings"), SAME, ids=lambda value: value if isinstance(value, str) else ""
)
async def test_settings_that_cannot_show_share_the_address(service, movie, segment, _name, settings):
    before = await digest(service, f"tmdb/{segment}/{movie}")
    await service.save(**settings)
    assert await digest(service, f"tmdb/{segment}/{movie}") == before


OTHER = [
    {"ratings_order": "mal,imdb,lb,rta"},
    {"ratings_order": "mal,imdb,lb,trakt"},
    {"ratings_limit": 4},
    {"ratings_exclude": "trakt"},
    {"poster_source": "f"},
    {"poster_source": "f", "fanart_textless": True},
    {"fanart_lang": "de"},
    {"poster_position": "tc"},
    {"poster_badge_style": "v"},
    {"poster_badge_direction": "v"},
    {"poster_label_style": "t"},
    {"fit": "native"},
    {"chroma": "444"},
    {"max_bytes": 90_000},
]


async def test_whatever_can_show_has_an_address_of_its_own(service, movie):
    addresses = {await digest(service, f"tmdb/poster-default/{movie}")}
    for number, settings in enumerate(OTHER, start=2):
        key = mint()
        await service.parts.key_repository.create("k", hash_key(key), prefix_of(key))
        await service.save(key, **settings)
        addresses.add(await digest(service, f"tmdb/poster-default/{movie}", key=key))
        assert len(addresses) == number, settings
    queries = ("imageSize=large", "lang=de", "lang=fr", "ratingBarPos=top", "label=text")
    addresses |= {await digest(service, f"tmdb/poster-default/{movie}?{query}") for query in queries}
    kinds = ("logo-default", "backdrop-default", "poster-rt", "poster-mc", "textless-default")
    addresses |= {await digest(service, f"tmdb/{kind}/{movie}") for kind in kinds}
    shared = {"ratingBarPos=top", "label=text", "textless-default"}  # what some key has in its settings
    assert len(addresses) == 1 + len(OTHER) + len(queries) + len(kinds) - len(shared)


async def test_orders_that_can_differ_never_share_an_address(service, double, movie):
    """Equal in their first three sources, and yet different where one of those has no rating."""
    orders = ["mal,imdb,lb,rt", "mal,imdb,lb,rta", "mal,imdb,lb,mc,rt", "imdb,mal,lb,rt"]
    addresses = [await digest(service, f"tmdb/rating-order/{movie}?order={_rpdb(order)}") for order in orders]
    assert all(one != other for one, other in combinations(addresses, 2))


def _rpdb(order):
    names = {
        "mal": "myanimelist",
        "lb": "letterboxd",
        "rt": "tomatoes-critics",
        "rta": "tomatoes-audience",
        "mc": "metacritic-critics",
    }
    return ",".join(names.get(source, source) for source in order.split(","))


async def test_a_language_is_one_however_it_is_spelled(service, movie):
    spelled = {
        await digest(service, f"tmdb/poster-default/{movie}?lang={lang}") for lang in ("pt-BR", "PT-br", "pt-br")
    }
    assert len(spelled) == 1
    assert await digest(service, f"tmdb/logo-default/{movie}?lang=pt-BR") != await digest(
        service, f"tmdb/logo-default/{movie}?lang=pt"
    )
    assert await digest(service, f"tmdb/backdrop-default/{movie}?lang=de") == await digest(
        service, f"tmdb/backdrop-default/{movie}"
    ), "backdrops have no language"


async def test_the_redirect_leads_to_the_picture_of_the_key(start, service, double, movie):
    apart = {"DB_DIR": f"{service.environment.db_dir}-2", "CACHE_DIR": f"{service.environment.cache_dir}-2"}
    plain = await start(ENABLE_CDN_REDIRECTS="false", **apart)
    for path in ("poster-default", "textless-rt", "logo-default", "backdrop-default"):
        for query in ("", "?imageSize=large", "?lang=fr", "?fallback=true&ratingBarPos=left-top&label=text"):
            wanted = await plain.get(f"tmdb/{path}/{movie}.jpg{query}")
            redirect = await service.get(f"tmdb/{path}/{movie}.jpg{query}")
            found = await service.ask("GET", redirect.header("location"))
            assert (found.status, found.body) == (200, wanted.body)
            assert size_of(found) == size_of(wanted)


async def test_a_key_check_is_no_redirect(service):
    assert (await service.get("isValid")).json == {"valid": True}


async def test_without_the_mode_there_is_neither_redirect_nor_address(start, service, movie):
    address = (await service.get(f"tmdb/poster-default/{movie}")).header("location")
    plain = await start(ENABLE_CDN_REDIRECTS="false")
    assert (await plain.get(f"tmdb/poster-default/{movie}")).status == 200
    answer = await plain.ask("GET", address)
    assert (answer.status, answer.json) == (404, {"error": "not found"})


async def test_a_crowd_of_redirects_costs_one_write(service, movie):
    await asyncio.gather(*(service.get(f"tmdb/poster-default/{movie}?{n}") for n in range(50)))
    assert len({await digest(service, f"tmdb/poster-default/{movie}?{n}") for n in range(5)}) == 1
