import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Fault, FaultKind, Service
from openposterdb.errors import BadArt, NotFound, UpstreamBroken
from openposterdb.upstreams import policy
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.hosts import AllowedHosts
from openposterdb.upstreams.pictures import MAX_BYTES, PictureSource, Validators

ALLOWED = AllowedHosts(["https://assets.fanart.tv", "http://mirror.lan:8080/images"])


@pytest.mark.parametrize(
    "url",
    [
        "https://assets.fanart.tv/fanart/movies/1/a.jpg",
        "https://ASSETS.fanart.tv:443/a.jpg",
        "https://assets.fanart.tv./a.jpg",
        "http://mirror.lan:8080/elsewhere/a.jpg",
    ],
)
def test_the_configured_origins_are_allowed(url: str) -> None:
    assert ALLOWED.allow(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://assets.fanart.tv/a.jpg",
        "https://assets.fanart.tv:8443/a.jpg",
        "https://assets.fanart.tv@evil.example/a.jpg",
        "https://user@assets.fanart.tv/a.jpg",
        "https://assets.fanart.tv.evil.example/a.jpg",
        "https://evil.example/assets.fanart.tv/a.jpg",
        "http://mirror.lan/a.jpg",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1/a.jpg",
        "http://[::1]/a.jpg",
        "http://10.0.0.1:8080/a.jpg",
        "file:///etc/passwd",
        "ftp://assets.fanart.tv/a.jpg",
        "//assets.fanart.tv/a.jpg",
        "/a.jpg",
        "",
        "https://",
        "https://[::1",
        "https://assets.fanart.tv:99999999/a.jpg",
        "https://\ud800/a.jpg",
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    assert not ALLOWED.allow(url)


@given(st.text())
def test_any_text_can_be_judged(url: str) -> None:
    assert not ALLOWED.allow(url)


@pytest.fixture
def posters(double: UpstreamDouble, wire: Wire) -> PictureSource:
    return _source(double, wire)


def _source(double: UpstreamDouble, wire: Wire, max_bytes: int = MAX_BYTES) -> PictureSource:
    caller = Caller("tmdb", wire, policy.TMDB_IMAGES, budget=15)
    return PictureSource(caller, base_urls=(double.environment()["TMDB_IMAGE_BASE_URL"],), max_bytes=max_bytes)


def _poster(double: UpstreamDouble, name: str = "paper-harbour") -> str:
    return f"{double.environment()['TMDB_IMAGE_BASE_URL']}/w780/{name}.jpg"


async def test_a_picture_comes_with_its_validators(double: UpstreamDouble, posters: PictureSource) -> None:
    download = await posters.download(_poster(double))
    assert download is not None
    assert download.data.startswith(b"\xff\xd8")
    assert download.validators.last_modified
    assert download.validators.etag


async def test_a_good_copy_is_not_sent_again(double: UpstreamDouble, posters: PictureSource) -> None:
    download = await posters.download(_poster(double))
    assert download is not None
    assert await posters.download(_poster(double), download.validators) is None
    only_date = Validators(last_modified=download.validators.last_modified)
    assert await posters.download(_poster(double), only_date) is None
    old = Validators(last_modified="Mon, 01 Jan 2024 00:00:00 GMT")
    assert await posters.download(_poster(double), old) is not None


async def test_a_url_elsewhere_is_never_called(double: UpstreamDouble, posters: PictureSource) -> None:
    url = _poster(double).replace("127.0.0.1", "localhost")
    with pytest.raises(UpstreamBroken, match="not allowed"):
        await posters.download(url)
    assert not double.calls


async def test_a_redirect_elsewhere_is_not_followed(double: UpstreamDouble, posters: PictureSource) -> None:
    async with UpstreamDouble() as elsewhere:
        double.add_fault(Fault(kind=FaultKind.REDIRECT_ELSEWHERE, location=_poster(elsewhere)))
        with pytest.raises(UpstreamBroken, match="not allowed"):
            await posters.download(_poster(double))
        assert not elsewhere.calls


async def test_a_redirect_within_the_host_is_followed(double: UpstreamDouble, posters: PictureSource) -> None:
    target = "/tmdb-images/t/p/w780/macula.jpg"
    double.add_fault(Fault(kind=FaultKind.REDIRECT_ELSEWHERE, path="*paper*", location=target))
    assert await posters.download(_poster(double)) == await posters.download(_poster(double, "macula"))


async def test_redirects_in_a_circle_end(double: UpstreamDouble, posters: PictureSource) -> None:
    double.add_fault(Fault(kind=FaultKind.REDIRECT_LOOP))
    with pytest.raises(UpstreamBroken, match="redirects"):
        await posters.download(_poster(double))
    assert double.count(Service.TMDB_IMAGES) == 11


async def test_a_picture_that_is_gone_too_large_or_empty(double: UpstreamDouble, wire: Wire) -> None:
    with pytest.raises(NotFound):
        await _source(double, wire).download(_poster(double, "nothing"))
    with pytest.raises(BadArt, match="larger"):
        await _source(double, wire, max_bytes=1000).download(_poster(double))
    double.add_fault(Fault(kind=FaultKind.EMPTY))
    with pytest.raises(BadArt, match="empty"):
        await _source(double, wire).download(_poster(double))
