"""`/api/admin/preview/…` and `/api/key/me/preview/…`: every parameter, its default, its errors; titles' own art; limits."""

import asyncio
import io

import pytest
from PIL import Image

from openposterdb.demo.faults import Fault, FaultKind
from tests.http.images.titles import MOVIE, SERIES, WITHOUT_FANART, paths

KINDS = ("poster", "logo", "backdrop")
TYPES = {"poster": "image/jpeg", "logo": "image/png", "backdrop": "image/jpeg"}


@pytest.fixture
def preview(client, admin):
    async def preview(kind="poster", query="", status=200, **options):
        answer = await client.get(f"/api/admin/preview/{kind}{query}", token=admin, **options)
        assert answer.status == status, answer.body[:300]
        return answer

    return preview


def size_of(answer):
    return Image.open(io.BytesIO(answer.body)).size


@pytest.mark.parametrize("kind", KINDS)
async def test_a_preview_has_its_type_its_tag_and_its_minute(preview, kind):
    answer = await preview(kind)
    assert answer.header("content-type") == TYPES[kind]
    assert answer.header("cache-control") == "public, max-age=60"
    again = await preview(kind, headers={"if-none-match": answer.header("etag")}, status=304)
    assert again.body == b""
    assert again.header("cache-control") == "public, max-age=60"


@pytest.mark.parametrize("kind", KINDS)
async def test_owners_see_what_admins_see(preview, client, owner, kind):
    answer = await client.get(f"/api/key/me/preview/{kind}", token=owner)
    assert answer.status == 200
    assert answer.body == (await preview(kind)).body


@pytest.mark.parametrize("kind", KINDS)
async def test_each_session_opens_its_own_route_only(client, admin, owner, kind):
    for path, token in ((f"/api/admin/preview/{kind}", owner), (f"/api/key/me/preview/{kind}", admin)):
        for bearer in (None, token):
            answer = await client.get(path, token=bearer)
            assert (answer.status, answer.body) == (401, b"")


@pytest.mark.parametrize(
    ("kind", "query", "size"),
    [
        ("poster", "", (580, 859)),
        ("poster", "?imageSize=large", (1280, 1896)),
        ("poster", "?imageSize=verylarge", (2000, 2962)),
        ("poster", "?fit=native", (580, 870)),
        ("backdrop", "", (1920, 1080)),
        ("backdrop", "?imageSize=small", (1280, 720)),
        ("logo", "?badge_style=v&ratings_limit=5", (780, 373)),
    ],
)
async def test_pictures_have_the_size_of_images(preview, kind, query, size):
    assert size_of(await preview(kind, query)) == size


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("poster", "?ratings_limit=3&ratings_order=&poster_position=bc&badge_style=d&label_style=i&badge_direction=d"),
        ("poster", "?poster_position=&badge_style=&ratings_exclude=&fit=cover&chroma=420&maxBytes=0&imageSize=medium"),
        ("poster", "?ratings_order=imdb,tmdb,rt&badge_style=h&badge_direction=h&unknown=1"),
        ("poster", "?ratings_order=nonsense,imdb,,imdb"),
        ("logo", "?ratings_limit=3&badge_style=h&label_style=i"),
        ("logo", "?badge_style=&poster_position=nonsense&badge_direction=nonsense&chroma=1"),
        ("backdrop", "?ratings_limit=3&badge_style=v&label_style=i"),
        ("backdrop", "?badge_style=d"),
    ],
)
async def test_these_say_what_is_the_default(preview, kind, query):
    """Empty texts count as not given, other kinds' parameters are ignored, unknown sources are skipped."""
    assert (await preview(kind, query)).body == (await preview(kind)).body


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        *(("poster", f"?poster_position={position}") for position in ("tc", "l", "r", "tl", "tr", "bl", "br")),
        *((kind, f"?{change}") for kind in KINDS for change in ("label_style=t", "ratings_limit=5", "ratings_limit=0")),
        *((kind, "?ratings_order=mal") for kind in KINDS),
        *((kind, "?ratings_exclude=imdb") for kind in KINDS),
        ("poster", "?badge_style=v"),
        ("poster", "?badge_direction=v"),
        ("poster", "?chroma=444"),
        ("logo", "?badge_style=v"),
        ("backdrop", "?badge_style=h"),
        ("backdrop", "?chroma=444"),
    ],
)
async def test_every_parameter_changes_the_picture(preview, kind, query):
    assert (await preview(kind, query)).body != (await preview(kind)).body


@pytest.mark.parametrize("limit", ["0", "-1", "-2147483648", "8", "2147483647"])
async def test_a_limit_beyond_means_all(preview, limit):
    assert (await preview(query=f"?ratings_limit={limit}")).body == (await preview(query="?ratings_limit=0")).body


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("poster", "?poster_position=middle"),
        ("poster", "?badge_direction="),
        ("poster", "?badge_direction=x"),
        *((kind, f"?{wrong}") for kind in KINDS for wrong in ("badge_style=x", "label_style=", "label_style=x")),
        *((kind, f"?{wrong}") for kind in KINDS for wrong in ("imageSize=", "imageSize=huge", "fit=", "fit=x")),
        ("poster", "?imageSize=small"),
        ("poster", "?chroma=422"),
        ("poster", "?maxBytes=5"),
        ("poster", "?id=tt0111161"),
        ("poster", "?id=isbn/1"),
        ("poster", "?id=tmdb/278x"),
    ],
)
async def test_values_that_are_not_allowed_are_json(preview, kind, query):
    answer = await preview(kind, query, status=400)
    assert set(answer.json) == {"error"}


@pytest.mark.parametrize(
    "query",
    ["ratings_limit=x", "ratings_limit=1.5", "ratings_limit=", "ratings_limit=2147483648", "fit=cover&fit=cover"],
)
async def test_what_cannot_be_converted_is_plain_text(preview, query):
    answer = await preview(query=f"?{query}", status=400)
    assert answer.header("content-type").startswith("text/plain")


async def test_previews_need_no_fanart_key_and_no_upstream(start, double):
    from tests.http.api.conftest import Client

    client = Client(await start(FANART_API_KEY=""))
    token = (await client.setup()).json["token"]
    for kind in KINDS:
        assert (await client.get(f"/api/admin/preview/{kind}", token=token)).status == 200
    assert not double.calls


async def test_the_same_picture_is_drawn_once(preview, service):
    await asyncio.gather(*(preview(query=f"?n={number}") for number in range(10)))
    await preview(query="?badge_style=h&badge_direction=h&ratings_order=imdb,tmdb")
    assert service.renders() == 1


async def test_a_preview_on_a_title_is_its_image_with_these_settings(preview, service, double):
    title = double.catalogue.by_slug(MOVIE)
    expected = await service.get(paths(title)[0])
    order = "mal,imdb,lb,rt,mc,rta,tmdb,trakt"
    for text in (f"tmdb/{title.tmdb_id}", f"imdb/{title.imdb}", f"imdb/{title.imdb}.jpg"):
        answer = await preview(query=f"?id={text}&ratings_order={order}")
        assert answer.body == expected.body
        assert answer.header("cache-control") == "public, max-age=60"
    other = await preview(query=f"?id=tmdb/{title.tmdb_id}&ratings_order={order}&poster_position=tl")
    assert other.body != expected.body


@pytest.mark.parametrize("kind", KINDS)
async def test_a_preview_leaves_nothing_behind(preview, service, double, kind):
    title = double.catalogue.by_slug(SERIES)
    answer = await preview(kind, f"?id=tmdb/{title.tmdb_id}")
    assert answer.header("content-type") == TYPES[kind]
    assert await service.kept() == []
    assert len(service.parts.memory) == 0
    assert len(service.hot) == 0


async def test_art_follows_its_settings(preview, double):
    title = double.catalogue.by_slug(MOVIE)
    by_tmdb, by_fanart, textless = [
        (await preview(query=f"?id=tmdb/{title.tmdb_id}{query}")).body
        for query in ("", "&poster_source=f&fanart_lang=fr", "&poster_source=f&fanart_textless=true")
    ]
    assert len({by_tmdb, by_fanart, textless}) == 3


async def test_a_moved_slider_asks_no_upstream_twice(preview, double):
    title = double.catalogue.by_slug(MOVIE)
    await preview(query=f"?id=tmdb/{title.tmdb_id}")
    asked = double.calls.total()
    for limit in range(1, 8):
        await preview(query=f"?id=tmdb/{title.tmdb_id}&ratings_limit={limit}")
    assert double.calls.total() == asked


def drawn(service, lane):
    """How many pictures were drawn by decoding art, and by laying badges on prepared art."""
    name = f"openposterdb_{lane}_duration_seconds_count"
    return tuple(int(service.value(name, path=path)) for path in ("full", "splice"))


@pytest.mark.parametrize("subject", ["", "&id=tmdb/{}"])
async def test_a_slider_decodes_the_art_once(preview, service, double, subject):
    subject = subject.format(double.catalogue.by_slug(MOVIE).tmdb_id)
    positions = ("bc", "tc", "l", "r", "tl", "tr", "bl")
    looks = [f"?poster_position={position}&ratings_limit={limit}" for position in positions for limit in range(1, 8)]
    bodies = {(await preview(query=look + subject)).body for look in looks}
    assert len(looks) == 49
    assert len(bodies) > 30, "a title has not every rating"
    full, splice = drawn(service, "preview")
    assert (full, full + splice) == (1, len(bodies))


async def test_previews_and_images_share_the_art(preview, service, double):
    title = double.catalogue.by_slug(MOVIE)
    await service.get(paths(title)[0])
    await preview(query=f"?id=tmdb/{title.tmdb_id}&poster_position=tl")
    assert drawn(service, "render") == (1, 0)
    assert drawn(service, "preview") == (0, 1)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_title_that_has_images_is_previewed_by_a_new_process_without_an_upstream(start, double, kind):
    from tests.http.api.conftest import Client

    title = double.catalogue.by_slug(MOVIE)
    first = await start()
    await Client(first).setup()
    await first.get(paths(title, kind)[0])
    await first.settle()
    double.calls.clear()
    service = await start()
    client = Client(service)
    token = (await client.login()).json["token"]
    path = f"/api/admin/preview/{kind}?id=imdb/{title.imdb}&label_style=t"
    answer = await client.get(path, token=token)
    assert answer.status == 200
    assert not double.calls
    assert drawn(service, "preview") == (0, 1)
    assert (await client.get(path, token=token)).body == answer.body
    assert drawn(service, "preview") == (0, 1)
    assert len(await service.kept()) == 1, "the image alone"


async def test_errors_of_titles_are_those_of_images(preview, double):
    title = double.catalogue.by_slug(WITHOUT_FANART)
    assert (await preview("logo", f"?id=tmdb/{title.tmdb_id}", status=404)).json["error"] == "no logo available"
    await preview(query="?id=tmdb/movie-99999999", status=404)
    await preview(query="?id=imdb/nonsense", status=404)
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service="tmdb"))
    await preview(query=f"?id=tmdb/{double.catalogue.by_slug(MOVIE).tmdb_id}", status=502)


async def test_a_titles_logo_needs_a_fanart_key(start, double):
    from tests.http.api.conftest import Client

    client = Client(await start(FANART_API_KEY=""))
    token = (await client.setup()).json["token"]
    title = double.catalogue.by_slug(MOVIE)
    answer = await client.get(f"/api/admin/preview/logo?id=tmdb/{title.tmdb_id}", token=token)
    assert answer.status == 501


async def test_what_an_outage_left_out_is_not_held(preview, double):
    title = double.catalogue.by_slug(MOVIE)
    double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service="mdblist"))
    partial = await preview(query=f"?id=tmdb/{title.tmdb_id}&ratings_limit=0")
    assert partial.header("cache-control") == "no-store"
    double.clear_faults()
    whole = await preview(query=f"?id=tmdb/{title.tmdb_id}&ratings_limit=0")
    assert whole.header("cache-control") == "public, max-age=60"
    assert whole.body != partial.body


async def test_a_session_may_move_a_slider_but_not_for_ever(preview, client, owner, service):
    for _ in range(60):
        await preview()
    answer = await preview(status=429)
    assert int(answer.header("retry-after")) >= 1
    assert (await client.get("/api/key/me/preview/poster", token=owner)).status == 200, "another session"
    service.clock.tick(0.05)
    await preview()
    await preview(status=429)


async def test_new_titles_cost_more_than_a_slider_on_one(preview, double):
    titles = [title for title in double.catalogue.titles() if title.has_poster]
    for _ in range(20):
        await preview(query=f"?id=tmdb/{titles[0].tmdb_id}")
    for number in range(29):
        await preview(query=f"?id=tmdb/movie-{990000 + number}", status=404)
    await preview(query=f"?id=tmdb/{titles[1].tmdb_id}", status=429)
    await preview(query=f"?id=tmdb/{titles[0].tmdb_id}")


async def test_head_tells_what_get_would(client, admin):
    got = await client.get("/api/admin/preview/poster", token=admin)
    head = await client.send("HEAD", "/api/admin/preview/poster", token=admin)
    assert (head.status, head.body) == (200, b"")
    assert head.header("content-length") == str(len(got.body))


async def test_what_is_held_is_bounded(preview, service):
    previews = service.parts.previews
    for position in ("bc", "tc", "l", "r", "tl", "tr"):
        await preview(query=f"?imageSize=very-large&poster_position={position}")
    assert 0 < previews.held_bytes <= previews._pictures.maxsize + previews._subjects.maxsize
