import asyncio
import gc
import traceback

import pytest

from openposterdb.caching.single_flight import SingleFlight
from openposterdb.errors import UpstreamBroken


class Work:
    """Work that ends when the test says so, and counts how often it was begun."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.gate = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self) -> int:
        self.begun += 1
        number = self.begun
        await self.gate.wait()
        self.ended += 1
        if self.error:
            raise self.error
        return number


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_concurrent_callers_share_one_execution():
    flights, work = SingleFlight[str, int](), Work()
    callers = [asyncio.create_task(flights.run("a", work)) for _ in range(1000)]
    await settle()
    assert len(flights) == 1
    work.gate.set()
    assert await asyncio.gather(*callers) == [1] * 1000
    assert work.begun == 1
    assert len(flights) == 0


async def test_keys_do_not_share():
    flights, work = SingleFlight[str, int](), Work()
    work.gate.set()
    assert sorted(await asyncio.gather(flights.run("a", work), flights.run("b", work))) == [1, 2]


async def test_a_later_call_works_anew():
    flights, work = SingleFlight[str, int](), Work()
    work.gate.set()
    assert await flights.run("a", work) == 1
    assert await flights.run("a", work) == 2


async def test_every_waiter_gets_the_same_error():
    flights, work = SingleFlight[str, int](), Work()
    work.error = UpstreamBroken("tmdb", "refused")
    callers = [asyncio.create_task(flights.run("a", work)) for _ in range(100)]
    await settle()
    work.gate.set()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert all(outcome is work.error for outcome in outcomes)
    assert work.begun == 1


async def test_a_shared_error_does_not_grow_with_its_waiters():
    flights, work = SingleFlight[str, int](), Work()
    work.error = UpstreamBroken("tmdb", "refused")
    callers = [asyncio.create_task(flights.run("a", work)) for _ in range(500)]
    await settle()
    work.gate.set()
    await asyncio.gather(*callers, return_exceptions=True)
    assert len(traceback.extract_tb(work.error.__traceback__)) < 20


async def test_an_error_is_not_kept():
    flights, work = SingleFlight[str, int](), Work()
    work.gate.set()
    work.error = ValueError()
    with pytest.raises(ValueError):
        await flights.run("a", work)
    work.error = None
    assert await flights.run("a", work) == 2


async def test_a_caller_who_leaves_takes_nobody_along():
    flights, work = SingleFlight[str, int](), Work()
    first, second = (asyncio.create_task(flights.run("a", work)) for _ in range(2))
    await settle()
    first.cancel()
    await settle()
    assert first.cancelled()
    work.gate.set()
    assert await second == 1


async def test_work_finishes_after_its_last_caller_has_left():
    flights, work = SingleFlight[str, int](), Work()
    caller = asyncio.create_task(flights.run("a", work))
    await settle()
    caller.cancel()
    await settle()
    del caller
    gc.collect()  # the loop holds tasks weakly
    work.gate.set()
    await flights.drain()
    assert work.ended == 1


async def test_a_late_caller_joins_work_that_everybody_left():
    flights, work = SingleFlight[str, int](), Work()
    caller = asyncio.create_task(flights.run("a", work))
    await settle()
    caller.cancel()
    await settle()
    late = asyncio.create_task(flights.run("a", work))
    await settle()
    work.gate.set()
    assert await late == 1


async def test_an_error_that_nobody_waited_for_is_not_reported_as_unhandled():
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    flights, work = SingleFlight[str, int](), Work()
    work.error = ValueError()
    caller = asyncio.create_task(flights.run("a", work))
    await settle()
    caller.cancel()
    await settle()
    work.gate.set()
    await flights.drain()
    await settle()
    gc.collect()
    assert reported == []


async def test_a_detached_flight_serves_its_waiters_and_nobody_else():
    flights, work = SingleFlight[str, int](), Work()
    old = asyncio.create_task(flights.run("a", work))
    await settle()
    flights.detach("a")
    new = asyncio.create_task(flights.run("a", work))
    await settle()
    gc.collect()
    work.gate.set()
    assert (await old, await new) == (1, 2)


async def test_the_landing_of_a_detached_flight_leaves_its_successor_alone():
    flights, old_work, new_work = SingleFlight[str, int](), Work(), Work()
    old = asyncio.create_task(flights.run("a", old_work))
    await settle()
    flights.detach("a")
    new = asyncio.create_task(flights.run("a", new_work))
    await settle()
    old_work.gate.set()
    await old
    await settle()
    joined = asyncio.create_task(flights.run("a", new_work))
    await settle()
    assert new_work.begun == 1
    new_work.gate.set()
    assert (await new, await joined) == (1, 1)


async def test_work_may_begin_other_flights_and_drain_waits_for_them():
    flights = SingleFlight[str, int]()
    inner = Work()

    async def outer() -> int:
        flights.start("inner", inner)
        return 0

    flights.start("outer", outer)
    draining = asyncio.create_task(flights.drain())
    await settle()
    assert not draining.done()
    inner.gate.set()
    await draining
    assert inner.ended == 1


async def test_start_says_who_began():
    flights, work = SingleFlight[str, int](), Work()
    first, began = flights.start("a", work)
    second, joined = flights.start("a", work)
    assert first is second
    assert (began, joined) == (True, False)
    work.gate.set()
    await first
