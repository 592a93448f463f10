"""Lossless WebP by `Accept` or by extension: never for a client that did not ask for it, whatever was asked for before."""

import numpy as np
import pytest

from openposterdb.domain import Encoding
from openposterdb.http.encodings import encoding_for
from tests.http.images.pictures import opened

BROWSER = "image/avif,image/webp,image/apng,image/*,*/*;q=0.8"
LOGO = "imdb/logo-default/tt99000205"
GLOWING = "tmdb/logo-default/movie-9000108"
POSTER = "tmdb/poster-default/movie-9000108"


def accepting(text):
    return [("accept", text)]


@pytest.mark.parametrize(
    ("id_value", "accept", "webp"),
    [
        ("tt1.png", "", False),
        ("tt1", "", False),
        ("tt1.webp", "", True),
        ("tt1.png", BROWSER, True),
        ("tt1", "image/webp", True),
        ("tt1", "Image/WebP; q=1.0", True),
        ("tt1.png", "*/*", False),
        ("tt1.png", "image/*", False),
        ("tt1.webp", "*/*", True),
        ("tt1.webp", "image/*;q=0.1", True),
        ("tt1.webp", "image/png", False),
        ("tt1.webp", "image/jpeg, image/png", False),
        ("tt1.webp", "image/webp;q=0, */*", False),
        ("tt1.png", "image/webp;q=0, */*", False),
        ("tt1.png", "image/png, image/webp;q=0.9", False),
        ("tt1.png", "image/png;q=0.9, image/webp;q=0.9", True),
        ("tt1.png", "image/webp;q=nonsense", False),
        ("tt1.png", ";;,,=", False),
    ],
)
def test_who_gets_which(id_value, accept, webp):
    assert encoding_for(id_value, accept) is (Encoding.WEBP if webp else Encoding.USUAL)


async def test_both_encodings_show_the_same_pixels_and_webp_is_smaller(service):
    png = await service.get(f"{LOGO}.png")
    webp = await service.get(f"{LOGO}.png", headers=accepting(BROWSER))
    assert (png.header("content-type"), webp.header("content-type")) == ("image/png", "image/webp")
    assert np.array_equal(np.asarray(opened(png).convert("RGBa")), np.asarray(opened(webp).convert("RGBa")))
    assert len(webp.body) < len(png.body)
    assert png.header("etag") != webp.header("etag")
    assert png.header("vary") == webp.header("vary") == "accept"


async def test_no_client_gets_what_another_asked_for_however_often(service):
    """Answers that are repeated from memory, too, and those to clients that send two lines of `Accept`."""
    asks = [
        ([], "image/png"),
        (accepting(BROWSER), "image/webp"),
        (accepting("*/*"), "image/png"),
        (accepting("image/png"), "image/png"),
        (accepting("image/webp"), "image/webp"),
        ([("accept", "image/png"), ("accept", "image/webp;q=0.5")], "image/png"),
        ([("accept", "image/png;q=0.1"), ("accept", "image/webp")], "image/webp"),
    ]
    for _ in range(3):
        for headers, content_type in [*asks, *reversed(asks)]:
            answer = await service.get(f"{LOGO}.png", headers=headers)
            assert (answer.status, answer.header("content-type")) == (200, content_type), headers
    assert len(service.hot) >= 5


async def test_the_extension_asks_for_webp_unless_accept_rules_it_out(service):
    for headers, content_type in (([], "image/webp"), (accepting("image/png"), "image/png")):
        for _ in range(2):
            answer = await service.get(f"{LOGO}.webp", headers=headers)
            assert answer.header("content-type") == content_type


async def test_posters_stay_jpeg_for_everybody(service):
    for path in (f"{POSTER}.webp", f"{POSTER}.png", POSTER):
        answer = await service.get(path, headers=accepting(BROWSER))
        assert (answer.header("content-type"), answer.header("vary")) == ("image/jpeg", None)


async def test_head_and_conditional_requests_are_about_the_encoding_asked_for(service):
    cold = await service.head(f"{LOGO}.png", headers=accepting(BROWSER))
    assert (cold.header("content-type"), cold.header("vary")) == ("image/webp", "accept")
    got = await service.get(f"{LOGO}.png", headers=accepting(BROWSER))
    for _ in range(2):
        warm = await service.head(f"{LOGO}.png", headers=accepting(BROWSER))
        assert warm.header("content-length") == str(len(got.body))
        assert warm.header("content-type") == "image/webp"
        tag = ("if-none-match", got.header("etag"))
        fresh = await service.get(f"{LOGO}.png", headers=[*accepting(BROWSER), tag])
        assert (fresh.status, fresh.header("vary")) == (304, "accept")
        assert (await service.get(f"{LOGO}.png", headers=[tag])).status == 200


async def test_each_encoding_is_kept_and_found_after_a_restart(start):
    running = await start()
    webp = await running.get(LOGO, headers=accepting(BROWSER))
    png = await running.get(LOGO)
    await running.settle()
    again = await start()
    for headers, before in ((accepting(BROWSER), webp), ([], png)):
        answer = await again.get(LOGO, headers=headers)
        assert (answer.body, answer.header("content-type")) == (before.body, before.header("content-type"))
    assert again.value("openposterdb_render_duration_seconds_count", path="full") == 0


async def test_placeholders_are_negotiated_too(service):
    for headers, content_type in ((accepting(BROWSER), "image/webp"), ([], "image/png")):
        answer = await service.get("imdb/logo-default/tt9999999?fallback=true", headers=headers)
        assert (answer.status, answer.header("content-type")) == (200, content_type)
        assert answer.header("vary") == "accept"
        assert opened(answer).size[0] == 780


async def test_a_cdn_is_told_by_the_address(start):
    """The redirect varies, what it leads to does not: each encoding has a hash of its own."""
    running = await start(ENABLE_CDN_REDIRECTS="true")
    ways = [await running.get(f"{LOGO}.png", headers=headers) for headers in ([], accepting(BROWSER))]
    assert [way.header("vary") for way in ways] == ["accept", "accept"]
    addresses = [way.header("location") for way in ways]
    assert addresses[0] != addresses[1]
    for address, content_type in zip(addresses, ("image/png", "image/webp"), strict=True):
        for headers in ([], accepting(BROWSER), accepting("image/png")):
            answer = await running.ask("GET", address, headers=headers)
            assert (answer.status, answer.header("content-type")) == (200, content_type)
            assert answer.header("vary") is None


async def test_a_logo_that_webp_makes_larger_is_png_for_everybody(service):
    usual = await service.get(GLOWING)
    negotiated = await service.get(GLOWING, headers=accepting(BROWSER))
    assert negotiated.header("content-type") == usual.header("content-type") == "image/png"
    assert (negotiated.body, negotiated.header("etag")) == (usual.body, usual.header("etag"))
