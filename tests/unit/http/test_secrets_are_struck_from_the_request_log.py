"""Keys and tokens are recognised wherever in a path a client puts them, and in the request id that it chooses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.http.access_log import redact, request_id_of

SECRETS = st.one_of(
    st.uuids(version=4).map(lambda uuid: f"t3-{uuid}"),
    st.from_regex(r"\A[0-9a-f]{64}\Z"),
    st.from_regex(r"\AeyJ[A-Za-z0-9_-]{10,40}\.[A-Za-z0-9_-]{10,40}\.[A-Za-z0-9_-]{43}\Z"),
)
PLACES = st.sampled_from(
    [
        "/api/keys/{}",
        "/api/keys/{}/settings",
        "/api/{}/x",
        "/c/{}",
        "/{}/isValid",
        "/x/tmdb/poster-default/{}.jpg",
        "/api/a-{}",
    ]
)


@given(secret=SECRETS, place=PLACES)
def test_nothing_of_a_secret_is_left(secret, place):
    shown = redact(place.format(secret))
    assert "[REDACTED]" in shown
    for part in secret.split("."):
        assert part[-12:] not in shown


@pytest.mark.parametrize(
    "path",
    [
        "/api/keys/17/settings",
        "/api/admin/posters/imdb/tt0111161@mil.pbc.sh.li.dh.zm/image",
        "/c/8f6b474d67cd8d87defae92da63891dc/imdb/poster-default/tt0111161.jpg",
        "/api/openapi.json",
    ],
)
def test_what_is_no_secret_stays_readable(path):
    assert redact(path) == path


@given(secret=SECRETS)
def test_a_secret_is_no_request_id(secret):
    assert request_id_of(secret) != secret


@pytest.mark.parametrize(
    "given_id", ["4bf92f3577b34da6a3ce929d0e0e4736", "a1b2-c3", "0f8fad5b-d9cb-469f-a165-70867728950e"]
)
def test_the_ids_of_proxies_stay(given_id):
    assert request_id_of(given_id) == given_id
