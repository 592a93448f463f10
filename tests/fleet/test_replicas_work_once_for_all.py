"""What many clients want from several replicas at once is made once, also when the replica that makes it dies."""

import asyncio
import time

from openposterdb.demo.catalogue import load_catalogue
from openposterdb.fleet.locks import LIFE_SECONDS
from tests.e2e.conftest import KEY
from tests.e2e.titles import POSTERS
from tests.fleet.replicas import Load, joined, pictures_fetched, soon

BACKDROPS = tuple(
    f"/{KEY}/tmdb/backdrop-default/{title.tmdb_id}.jpg" for title in load_catalogue().titles() if title.backdrop
)
IMAGES = POSTERS + BACKDROPS
CLIENTS = 1000


async def test_a_thousand_clients_of_cold_images_make_one_render_each_and_one_call_per_resource(
    replicas, upstreams, balancer
):
    three = replicas.start(3, REQUEST_DEADLINE_SECS="120")
    front = balancer(three, patience=120)
    upstreams.forget_calls()
    paths = [IMAGES[number % len(IMAGES)] for number in range(CLIENTS)]
    load = await front.ask(paths, at_once=CLIENTS)
    assert load.statuses == [200] * CLIENTS
    twice = {call: number for call, number in upstreams.calls().items() if number != 1}
    assert twice == {}
    assert sum(each.decoded() for each in three) == len(IMAGES)


async def test_those_who_wait_for_a_replica_that_is_killed_are_answered_within_a_life_of_its_lock(
    replicas, upstreams, balancer
):
    dying, *others = replicas.start(3)
    upstreams.forget_calls()
    upstreams.fail({"kind": "slow", "delay": 60, "service": "tmdb-images", "times": 1})
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(balancer([dying]).get(POSTERS[0], Load()))
        await soon(lambda: pictures_fetched(upstreams) == 1, "called")
        waiting = Load()
        for front in [balancer([each]) for each in others]:
            for _ in range(20):
                tasks.create_task(front.get(POSTERS[0], waiting))
        await soon(lambda: all(joined(each) >= 19 for each in others), "joined by all")
        assert waiting.statuses == []
        await asyncio.to_thread(dying.kill)
        killed = time.monotonic()
    took = time.monotonic() - killed
    assert waiting.statuses == [200] * 40
    assert took < LIFE_SECONDS + 3
    assert sum(each.decoded() for each in others) == 1
    assert pictures_fetched(upstreams) == 2
