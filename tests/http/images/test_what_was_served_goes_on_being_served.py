"""While upstreams fail, after a restart too: the whole picture that was made before, not an error and not half of one."""

import pytest

from openposterdb.demo.faults import Fault, FaultKind, Service

FALLEN_BACK = "imdb/poster-default/tt99000105.jpg?lang=fr"  # Fanart has no French one: TMDB's was drawn
OUTAGES = {
    "all upstreams": tuple(Service),
    "the ratings": (Service.MDBLIST, Service.OMDB),
    "Fanart": (Service.FANART, Service.FANART_IMAGES),
}


@pytest.mark.parametrize("outage", OUTAGES)
async def test_a_poster_of_substituted_art_outlives_an_outage_and_a_restart(start, double, outage):
    first = await start()
    before = await first.get(FALLEN_BACK)
    await first.settle()
    for service in OUTAGES[outage]:
        double.add_fault(Fault(kind=FaultKind.STATUS, status=500, service=service))
    second = await start()
    after = await second.get(FALLEN_BACK)
    assert (before.status, after.status) == (200, 200)
    assert after.body == before.body
    assert after.header("cache-control") == "public, max-age=60"


async def test_renders_beyond_the_queue_are_refused_for_a_moment(start):
    service = await start(RENDER_CONCURRENCY="1")
    limiter = service.parts.images._generation._renderer._limiter
    limiter._most_waiting = 0
    async with limiter.slot(1):
        answer = await service.get("imdb/poster-default/tt99000102.jpg")
    assert answer.status == 503
    assert answer.header("retry-after") == "2"
