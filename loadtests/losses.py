"""Scenarios in which something is lost: Redis, PostgreSQL, the upstreams, a replica that draws, all replicas in turn."""

import asyncio
import time

from loadtests.house import House, Outcome, Scenario, outcome
from loadtests.upstreams import poster
from openposterdb.fleet.locks import LIFE_SECONDS
from tests.e2e.titles import POSTERS
from tests.fleet.replicas import Balancer, Load, joined, pictures_fetched, redis_of, some_answers, soon

STALE_AT_ONCE = {"RATINGS_STALE_SECS": "1", "RATINGS_MAX_AGE_SECS": "2000000000"}
STALE_SECONDS = 21.0
"""Longer than what an upstream has said is shared among replicas, whatever its age."""
WAITERS = 40


async def redis_leaves(house: House) -> Outcome:
    """Redis is killed under load of hits and cold titles, and comes back"""
    await house.front.ask(POSTERS)
    new = [poster(number) for number in range(120)]
    async with house.front.under_load(POSTERS) as load, house.front.under_load(new, clients=1) as cold:
        await some_answers(load, 100)
        await asyncio.to_thread(house.redis.kill)
        await some_answers(load, 300)
        await asyncio.to_thread(house.redis.start)
        await soon(lambda: all(redis_of(each) == "ok" for each in house.three), "back", 60)
        await some_answers(load, 100)
    made = outcome(house, together(load, cold), house.renders())
    made.notes.append(f"{len(cold.statuses)} of the requests for cold titles")
    return made


async def postgres_leaves(house: House) -> Outcome:
    """PostgreSQL crashes under load of known keys and titles, and comes back"""
    for _ in range(3):
        await house.front.ask(POSTERS * 3)
    async with house.front.under_load(POSTERS) as load:
        await some_answers(load, 100)
        await asyncio.to_thread(house.postgres.crash)
        await some_answers(load, 400)
        await asyncio.to_thread(house.postgres.start)
        await some_answers(load, 100)
    after = await house.front.ask([poster(number) for number in range(12)])
    made = outcome(house, load, house.renders())
    made.expect(f"new titles after it is back ({after.statuses})", not after.failed)
    return made


async def upstreams_leave(house: House) -> Outcome:
    """every upstream answers 503, and all that was served before has gone stale"""
    known = [poster(number) for number in range(60)]
    await house.front.ask(known)
    await asyncio.sleep(STALE_SECONDS)
    house.upstreams.fail({"kind": "status", "status": 503})
    rounds = [await house.front.ask(known) for _ in range(4)]
    longest = [max(map(max_age, each.cache_control)) for each in rounds]
    made = outcome(house, together(*rounds), house.renders())
    made.expect("none is marked fresh", max(longest) <= 60)
    made.notes.append(f"max-age at most {', '.join(map(str, longest))} s in four rounds")
    return made


def max_age(cache_control: str) -> int:
    return int(cache_control.partition("max-age=")[2].partition(",")[0])


async def holder_killed(house: House) -> Outcome:
    """SIGKILL for the replica that draws what 40 clients of the others wait for"""
    dying, *others = house.three
    house.upstreams.fail({"kind": "slow", "delay": 60, "service": "tmdb-images", "times": 1})
    waiting, fronts = Load(), [Balancer([each], patience=60) for each in house.three]
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fronts[0].get(POSTERS[0], Load()))
        await soon(lambda: pictures_fetched(house.upstreams) == 1, "called")
        for front in fronts[1:]:
            for _ in range(WAITERS // 2):
                tasks.create_task(front.get(POSTERS[0], waiting))
        await soon(lambda: all(joined(each) >= WAITERS // 2 - 1 for each in others), "joined by all")
        house.replace(dying, [])
        await asyncio.to_thread(dying.kill)
        killed = time.monotonic()
    took = time.monotonic() - killed
    for front in fronts:
        await front.close()
    made = outcome(house, waiting, house.decoded())
    made.expect("one more render", made.renders == 1)
    made.expect(f"answered within {LIFE_SECONDS + 3:g} s of the kill", took <= LIFE_SECONDS + 3)
    made.notes.append(f"the last is answered {took:.1f} s after the kill, a lock lives {LIFE_SECONDS:g} s")
    return made


async def rolling_restart(house: House) -> Outcome:
    """each replica is replaced under load"""
    for _ in range(3):
        await house.front.ask(POSTERS)
    house.upstreams.forget_calls()
    new = []
    async with house.front.under_load(POSTERS) as load:
        for old in list(house.three):
            (fresh,) = await asyncio.to_thread(house.replicas.start, 1)
            new.append(fresh)
            house.front.add(fresh)
            house.front.take_out(old)
            await some_answers(load, 300)
            house.replace(old, [fresh])
            old.terminate()
            await asyncio.to_thread(old.ended)
        await some_answers(load, 300)
    made = outcome(house, load, sum(each.renders() for each in new))
    decoded = sum(each.decoded() for each in new)
    ratio = 1 - made.renders / len(load.statuses)
    made.expect("hit ratio of 95 %", ratio >= 0.95)
    made.expect("no upstream is called", made.calls == 0)
    made.notes.append(
        f"hit ratio {ratio:.1%}: {decoded} of the renders began with art, the others laid badges on what is shared"
    )
    return made


def together(*loads: Load) -> Load:
    return Load([s for load in loads for s in load.statuses], [s for load in loads for s in load.seconds])


LOSSES: dict[str, Scenario] = {
    "redis-leaves": redis_leaves,
    "postgres-leaves": postgres_leaves,
    "upstreams-leave": upstreams_leave,
    "holder-killed": holder_killed,
    "rolling-restart": rolling_restart,
}
