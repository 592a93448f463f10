import asyncio

import pytest

from openposterdb.art.choice import Wanted
from openposterdb.art.chooser import ArtChooser
from openposterdb.demo.double import UpstreamDouble
from openposterdb.demo.faults import Fault, FaultKind, Service
from openposterdb.domain import ImageKind, TitleId
from openposterdb.errors import NotConfigured, NotFound, UpstreamBroken, UpstreamUnavailable
from openposterdb.titles.ids import parse_id
from openposterdb.titles.resolver import TitleResolver
from openposterdb.titles.title import Title
from openposterdb.upstreams import policy
from openposterdb.upstreams.calls import Caller, Wire
from openposterdb.upstreams.fanart import Fanart
from tests.manual_clock import GlidingClock

TMDB = Wanted(ImageKind.POSTER)
FANART = Wanted(ImageKind.POSTER, "f", "de")
LOGO = Wanted(ImageKind.LOGO)
BACKDROP = Wanted(ImageKind.BACKDROP)


async def _title(resolver: TitleResolver, double: UpstreamDouble, slug: str) -> Title:
    imdb = double.catalogue.by_slug(slug).imdb
    assert imdb is not None
    return await resolver.resolve(parse_id("imdb", imdb))


@pytest.fixture
async def movie(resolver: TitleResolver, double: UpstreamDouble) -> Title:
    return await _title(resolver, double, "paper-harbour")


async def test_tmdbs_poster_needs_no_fanart(chooser: ArtChooser, movie: Title, double: UpstreamDouble) -> None:
    picture = await chooser.choose(movie, TMDB)
    assert (picture.service, picture.tier, picture.store_name) == ("tmdb", "tmdb", "posters/w780/paper-harbour.jpg")
    assert double.count(Service.FANART) == 0


async def test_fanarts_poster_in_the_language(chooser: ArtChooser, movie: Title) -> None:
    picture = await chooser.choose(movie, FANART)
    assert (picture.service, picture.tier) == ("fanart", "language")
    assert picture.url.endswith("paper-harbour.de.jpg")


async def test_a_language_in_the_request_turns_to_fanart(chooser: ArtChooser, movie: Title) -> None:
    picture = await chooser.choose(movie, Wanted(ImageKind.POSTER, "t", "de", lang_given=True))
    assert picture.url.endswith("paper-harbour.de.jpg")


async def test_what_fanart_lacks_is_tmdbs(chooser: ArtChooser, resolver: TitleResolver, double: UpstreamDouble) -> None:
    picture = await chooser.choose(await _title(resolver, double, "macula"), FANART)
    assert (picture.service, picture.tier, picture.substitute) == ("tmdb", "tmdb", False)


async def test_what_tmdb_lacks_is_fanarts(chooser: ArtChooser, resolver: TitleResolver, double: UpstreamDouble) -> None:
    picture = await chooser.choose(await _title(resolver, double, "last-vinyl"), TMDB)
    assert (picture.service, picture.tier, picture.substitute) == ("fanart", "fanart", False)


@pytest.mark.parametrize("kind", [FaultKind.STATUS, FaultKind.HTML, FaultKind.RESET])
async def test_when_fanart_fails_tmdb_steps_in_and_nothing_is_remembered(
    chooser: ArtChooser, movie: Title, double: UpstreamDouble, kind: FaultKind
) -> None:
    double.add_fault(Fault(kind=kind, service=Service.FANART))
    picture = await chooser.choose(movie, FANART)
    assert (picture.service, picture.substitute) == ("tmdb", True)
    double.clear_faults()
    assert (await chooser.choose(movie, FANART)).service == "fanart"


async def test_when_fanart_fails_and_tmdb_has_none_the_failure_is_told(
    chooser: ArtChooser, resolver: TitleResolver, double: UpstreamDouble
) -> None:
    title = await _title(resolver, double, "last-vinyl")
    double.add_fault(Fault(kind=FaultKind.STATUS, service=Service.FANART, status=500))
    for wanted in (TMDB, FANART):
        with pytest.raises(UpstreamBroken):
            await chooser.choose(title, wanted)


async def test_logos_and_backdrops(chooser: ArtChooser, movie: Title, double: UpstreamDouble) -> None:
    assert (await chooser.choose(movie, LOGO)).store_name.endswith(".png")
    assert (await chooser.choose(movie, BACKDROP)).store_name.endswith(".jpg")
    assert double.count(Service.FANART) == 1


async def test_no_art_and_no_answer_are_different(
    chooser: ArtChooser, resolver: TitleResolver, double: UpstreamDouble
) -> None:
    title = await _title(resolver, double, "quarter-past-never")
    with pytest.raises(NotFound, match="no logo available"):
        await chooser.choose(title, LOGO)
    other = await _title(resolver, double, "winter-twice")
    double.add_fault(Fault(kind=FaultKind.STATUS, service=Service.FANART, status=429, retry_after="9"))
    with pytest.raises(UpstreamUnavailable) as caught:
        await chooser.choose(other, LOGO)
    assert caught.value.retry_after == 9


async def test_without_a_fanart_key(
    resolver: TitleResolver, movie: Title, double: UpstreamDouble, clock: GlidingClock
) -> None:
    chooser = ArtChooser(resolver, None, tmdb_image_base_url="https://image.tmdb.org/t/p", clock=clock)
    with pytest.raises(NotConfigured, match="FANART_API_KEY not configured"):
        await chooser.choose(movie, LOGO)
    assert (await chooser.choose(movie, FANART)).service == "tmdb"
    with pytest.raises(NotFound, match="no poster"):
        await chooser.choose(await _title(resolver, double, "last-vinyl"), TMDB)


async def test_a_series_is_asked_for_by_its_tvdb_number(
    chooser: ArtChooser, resolver: TitleResolver, double: UpstreamDouble
) -> None:
    await chooser.choose(await _title(resolver, double, "quiet-signal"), LOGO)
    assert double.count(Service.FANART, "/tv/9900205") == 1


async def test_a_series_without_tvdb_number_has_no_art_there(
    double: UpstreamDouble, wire: Wire, clock: GlidingClock
) -> None:
    class Details:
        async def title(self, title_id: TitleId) -> Title:
            return Title(title_id)

    caller = Caller("fanart", wire, policy.FANART, budget=60)
    fanart = Fanart(caller, base_url=double.environment()["FANART_API_BASE_URL"], key="demo-fanart-key")
    chooser = ArtChooser(Details(), fanart, tmdb_image_base_url="https://image.tmdb.org/t/p", clock=clock)
    with pytest.raises(NotFound):
        await chooser.choose(Title(TitleId("series", 9900205)), LOGO)  # a number that is another's at TVDB
    assert double.count(Service.FANART) == 0


async def test_answers_are_held_for_an_hour_and_shared(
    chooser: ArtChooser, movie: Title, double: UpstreamDouble, clock: GlidingClock
) -> None:
    await asyncio.gather(*(chooser.choose(movie, wanted) for wanted in [FANART, LOGO, BACKDROP] * 20))
    assert double.count(Service.FANART) == 1
    clock.tick(3601)
    await chooser.choose(movie, LOGO)
    assert double.count(Service.FANART) == 2
