"""Redis, PostgreSQL and the upstreams leave under load: nobody notices, and sharing resumes when they are back."""

import asyncio
import os
import signal

from redis import Redis

from tests.e2e.conftest import KEY
from tests.e2e.titles import POSTERS
from tests.fleet.conftest import admin_of
from tests.fleet.replicas import redis_of, some_answers, soon

UNRELEASED = f"/{KEY}/imdb/poster-default/tt99000122.jpg"  # its ratings go stale first
COLD = [f"{path}?imageSize=large" for path in POSTERS]


async def test_redis_killed_under_load_fails_no_request_and_is_used_again_when_it_is_back(replicas, redis, balancer):
    three = replicas.start(3)
    front = balancer(three)
    assert (await front.ask(POSTERS)).failed == []
    async with front.under_load(POSTERS) as hits, front.under_load(COLD, clients=2) as cold:
        await some_answers(hits, 30)
        await asyncio.to_thread(redis.kill)
        await soon(lambda: all(redis_of(each) != "ok" for each in three), "noticed")
        await some_answers(hits, 60)
        await asyncio.to_thread(redis.start)
        await soon(lambda: all(redis_of(each) == "ok" for each in three), "back", 60)
        await some_answers(hits, 30)
    assert (hits.failed, cold.failed) == ([], [])
    assert len(cold.statuses) > 2
    (late,) = replicas.start(1)
    drawn = POSTERS[0] + "?imageSize=medium&lang=de"
    assert three[0].get(drawn).status_code == 200
    await soon(lambda: three[1].get(drawn).status_code == 200, "shared")
    assert late.get(drawn).status_code == 200
    assert late.decoded() == 0, "the art that another has prepared"
    with Redis.from_url(redis.url) as client:  # which forgot everything when it was killed
        assert any(b"prepared" in key for key in client.scan_iter())


async def test_postgresql_stopped_under_load_fails_no_request_for_known_keys_and_titles(
    replicas, own_postgres, balancer
):
    pid, url = own_postgres
    three = replicas.start(3, DATABASE_URL=url)
    front = balancer(three)
    for _ in range(3):
        assert (await front.ask(POSTERS * 3)).failed == []
    async with front.under_load(POSTERS) as load:
        await some_answers(load, 30)
        os.kill(pid, signal.SIGINT)  # fast: it breaks every connection and ends
        await some_answers(load, 90)
    assert load.failed == []


async def test_all_upstreams_down_and_every_title_served_before_is_served_on(replicas, upstreams, balancer):
    three = replicas.start(3, RATINGS_STALE_SECS="1", RATINGS_MAX_AGE_SECS="2000000000", IMAGE_MEM_CACHE_MB="32")
    front = balancer(three)
    assert (await front.ask([*POSTERS, UNRELEASED])).failed == []
    upstreams.fail({"kind": "status", "status": 503})
    (fresh_start,) = replicas.start(1, RATINGS_STALE_SECS="1", RATINGS_MAX_AGE_SECS="2000000000")
    front.add(fresh_start)
    for _ in range(3):
        load = await front.ask(POSTERS * 2)
        assert load.failed == []
    for each in front.replicas:  # whichever of them has tried to renew it
        await soon(lambda each=each: max_age_of(each.get(UNRELEASED)) == 60, "stale")
    unfresh = [max_age_of(each.get(UNRELEASED)) for each in front.replicas * 3]
    assert unfresh == [60] * len(unfresh)


def max_age_of(answer) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.headers["cache-control"].partition("max-age=")[2].partition(",")[0])


async def test_a_change_of_settings_on_one_replica_shows_on_the_others_within_a_second(replicas, balancer):
    three = replicas.start(3)
    path = POSTERS[0]
    before = {each.get(path).headers["etag"] for each in three}
    assert len(before) == 1
    admin = admin_of(three[0])
    changed = three[0].client.put("/api/admin/settings", json={"poster_position": "tl"}, headers=admin)
    assert changed.is_success, changed.text

    def all_have_it():
        return all({each.get(path).headers["etag"]} != before for each in three)

    await soon(all_have_it, "seen by all", 1.0 + 2.0)  # one of them draws meanwhile


async def test_an_address_that_one_has_handed_out_is_served_by_one_that_has_just_started(replicas):
    one, _ = replicas.start(2, ENABLE_CDN_REDIRECTS="true")
    redirect = one.get(POSTERS[0])
    assert redirect.status_code in {301, 302, 307, 308}
    assert KEY not in redirect.headers["location"]
    (late,) = replicas.start(1, ENABLE_CDN_REDIRECTS="true")
    assert late.get(redirect.headers["location"]).status_code == 200


async def test_a_rolling_restart_under_load_fails_no_request_and_needs_neither_art_nor_upstreams(
    replicas, upstreams, balancer
):
    three = replicas.start(3)
    front = balancer(three)
    assert (await front.ask(POSTERS)).failed == []
    upstreams.forget_calls()
    new = []
    async with front.under_load(POSTERS) as load:
        for old in three:
            (fresh,) = await asyncio.to_thread(replicas.start, 1)
            new.append(fresh)
            front.add(fresh)
            front.take_out(old)
            await some_answers(load, 20)
            old.terminate()
            assert await asyncio.to_thread(old.ended) == 0
    assert load.failed == []
    assert sum(each.decoded() for each in new) == 0
    assert sum(each.renders() for each in new) <= len(POSTERS) * len(new), (
        "badges laid on shared art, once in each process"
    )
    assert upstreams.calls() == {}
