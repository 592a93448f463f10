import json

import pytest

from tests.http.images.conftest import KEY

LOGIN = json.dumps({"username": "nobody", "password": "not a password"}).encode()

GROUPS = {
    "auth": ("POST", "/api/auth/login", LOGIN),
    "image": ("GET", f"/{KEY}/imdb/poster-default/tt0.jpg", b""),
    "isValid": ("GET", f"/{KEY}/isValid", b""),
    "cdn": ("GET", f"/c/{'0' * 32}/imdb/poster-default/tt0.jpg", b""),
}


@pytest.mark.parametrize("group", GROUPS)
async def test_a_rotating_forwarding_header_of_an_untrusted_peer_changes_nothing(start, group):
    few = {f"{name}_RATE_LIMIT": "3/0.01" for name in ("AUTH", "IMAGE", "IS_VALID", "CDN")}
    service = await start(ENABLE_CDN_REDIRECTS="true", **few)
    method, path, body = GROUPS[group]
    statuses = []
    for number in range(8):
        forged = [(name, f"203.0.113.{number}") for name in ("x-forwarded-for", "x-real-ip")]
        forged += [("forwarded", f"for=203.0.113.{number}"), ("content-type", "application/json")]
        statuses.append((await service.ask(method, path, headers=forged, body=body)).status)
    assert 429 not in statuses[:3]
    assert statuses[3:] == [429] * 5
