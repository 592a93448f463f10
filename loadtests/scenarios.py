"""Scenarios of a healthy fleet: hits, cold titles, herds, many keys, changes of settings."""

import asyncio
import random
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate

from loadtests.bench_login_flood import Run
from loadtests.bench_login_flood import hits as wrk
from loadtests.house import House, Outcome, Scenario, outcome
from loadtests.upstreams import poster
from openposterdb.accounts.keys import hash_key, prefix_of
from openposterdb.clock import SystemClock
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import ApiKeyRepository, SettingsRepository
from tests.e2e.titles import POSTERS
from tests.fleet.conftest import admin_of
from tests.fleet.replicas import Load, some_answers, soon

HERD = 500
COLD = 200
TITLES, KEYS, REQUESTS = 200, 8, 3000
PLACES = ("tl", "tr", "bl")
WRK_SECONDS = 4.0


async def hot_key(house: House) -> Outcome:
    """wrk asks every replica for one poster, from memory"""
    for each in house.three:
        each.get(POSTERS[0])
    before = house.renders()

    def all_three() -> list[Run]:
        with ThreadPoolExecutor(3) as threads:
            return list(threads.map(lambda each: wrk(each.url + POSTERS[0], WRK_SECONDS, 16), house.three))

    runs = await asyncio.to_thread(all_three)
    made = outcome(house, Load(), house.renders() - before)
    made.requests = round(sum(run.requests_per_second for run in runs) * WRK_SECONDS)
    made.p50_ms, made.p99_ms = (
        max(run.p50_milliseconds for run in runs), max(run.p99_milliseconds for run in runs),
    )  # fmt: skip
    made.expect("nothing is drawn", made.renders == 0)
    made.notes.append(f"{made.requests / WRK_SECONDS:.0f} requests per second")
    return made


async def hits(house: House) -> Outcome:
    """all of the demo's posters again and again, from memory"""
    for _ in range(3):
        await house.front.ask(POSTERS * 3)
    before = house.renders()
    load = await house.front.ask(POSTERS * 40)
    made = outcome(house, load, house.renders() - before)
    made.expect("nothing is drawn", made.renders == 0)
    return made


async def cold(house: House) -> Outcome:
    """every title once, all of them new"""
    load = await house.front.ask([poster(number) for number in range(COLD)])
    made = outcome(house, load, house.renders())
    made.expect("one render for each", made.renders == COLD)
    made.expect("one call per resource", made.most_calls == 1)
    return made


async def cold_over_a_slow_line(house: House) -> Outcome:
    """the same, while each upstream call takes 80 ms longer"""
    house.upstreams.fail({"kind": "slow", "delay": 0.08})
    return await cold(house)


async def herd(house: House) -> Outcome:
    """500 clients at once for one cold poster"""
    load = await house.front.ask([POSTERS[0]] * HERD, at_once=HERD)
    made = outcome(house, load, house.renders())
    made.expect("one render", made.renders == 1)
    made.expect("one call per resource", made.most_calls == 1)
    return made


async def zipf(house: House) -> Outcome:
    """200 titles and 8 keys by Zipf's law, the keys with three looks among them"""
    keys = [f"zipf-{number:04}-0123456789abcdef" for number in range(KEYS)]
    await know(house.database_url, keys)
    dice = random.Random(7)
    titles, owners = (list(accumulate(1 / (rank + 1) for rank in range(many))) for many in (TITLES, KEYS))
    asked = list(
        zip(
            dice.choices(range(TITLES), cum_weights=titles, k=REQUESTS),
            dice.choices(range(KEYS), cum_weights=owners, k=REQUESTS),
            strict=True,
        )
    )
    load = await house.front.ask([poster(title, key=keys[key]) for title, key in asked])
    made = outcome(house, load, house.renders())
    arts, images = len({title for title, _ in asked}), len({(title, key % len(PLACES)) for title, key in asked})
    made.expect(f"no art is decoded twice ({house.decoded()} for {arts} titles)", house.decoded() <= arts)
    made.expect("one call per resource", made.most_calls == 1)
    made.notes.append(f"{arts} titles decoded in {house.decoded()} renders, {images} different images")
    return made


async def know(url: str, keys: list[str]) -> None:
    """Keys with settings of their own, `PLACES` in turn."""
    database = await Database.open(url)
    repository, settings = ApiKeyRepository(database, SystemClock()), SettingsRepository(database)
    for number, key in enumerate(keys):
        made = await repository.create(key, hash_key(key), prefix_of(key))
        await settings.save_key(made.id, {"poster_position": PLACES[number % len(PLACES)]})
    await database.close()


async def settings_change(house: House) -> Outcome:
    """an admin changes the place of badges three times under load, on one replica"""
    await house.front.ask(POSTERS * 3)
    admin, waits = admin_of(house.three[0]), []
    async with house.front.under_load(POSTERS, clients=4) as load:
        for place in PLACES:
            await some_answers(load, 30)
            before = {(await asyncio.to_thread(each.get, POSTERS[0])).headers["etag"] for each in house.three}
            change = {"json": {"poster_position": place}, "headers": admin}
            changed = await asyncio.to_thread(house.three[0].client.put, "/api/admin/settings", **change)
            changed.raise_for_status()
            began = time.monotonic()

            def seen(old: set[str] = before) -> bool:
                return all(each.get(POSTERS[0]).headers["etag"] not in old for each in house.three[1:])

            await soon(seen, "seen by the others", 10)
            waits.append(time.monotonic() - began)
    made = outcome(house, load, house.renders())
    made.expect("the others show it within 1 s", max(waits) <= 1)
    made.notes.append(f"seen after at most {max(waits) * 1000:.0f} ms")
    return made


HEALTHY: dict[str, Scenario] = {
    "hot-key": hot_key,
    "hits": hits,
    "cold": cold,
    "cold-80-ms": cold_over_a_slow_line,
    "herd": herd,
    "zipf": zipf,
    "settings-change": settings_change,
}
