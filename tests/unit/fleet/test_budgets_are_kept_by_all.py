import asyncio

import pytest

from openposterdb.clock import SystemClock
from openposterdb.fleet.budgets import FleetBudget
from openposterdb.upstreams.budgets import DAY_SECONDS, Allowance, Grant, Priority, ProcessBudget, name_of_key
from tests.manual_clock import ManualClock

INTERACTIVE, REFRESH, WARM_UP = Priority
DAILY = Allowance(per_day=10)


def fleet_budget(replica, allowance: Allowance, keys=("one",)) -> FleetBudget:
    return FleetBudget("tmdb", allowance, keys, link=replica.link, clock=SystemClock())


@pytest.fixture(params=["process", "fleet"])
def budget_of(request):
    """One budget, as the whole of a process or as two replicas' that take turns."""
    if request.param == "process":
        return lambda allowance, keys=1: ProcessBudget(allowance, SystemClock(), keys=keys)
    replicas = [request.getfixturevalue("replica"), request.getfixturevalue("other")]

    class Turns:
        def __init__(self, allowance, keys):
            self.budgets = [fleet_budget(replica, allowance, [f"k{n}" for n in range(keys)]) for replica in replicas]

        def next(self):
            self.budgets.reverse()
            return self.budgets[0]

        async def take(self, priority):
            return await self.next().take(priority)

        async def shut(self, key, seconds):
            await self.next().shut(key, seconds)

    return lambda allowance, keys=1: Turns(allowance, keys)


async def granted(budget, priority: Priority, times: int = 20) -> int:
    return sum([isinstance(await budget.take(priority), Grant) for _ in range(times)])


async def test_a_day_has_so_many_calls_and_a_reserve_for_those_who_wait(budget_of):
    budget = budget_of(DAILY)
    assert await granted(budget, WARM_UP) == 6
    assert await granted(budget, REFRESH) == 2
    assert await granted(budget, INTERACTIVE) == 2
    wait = await budget.take(INTERACTIVE)
    assert isinstance(wait, float)
    assert 0 < wait <= DAY_SECONDS


async def test_what_is_left_is_told(budget_of):
    budget = budget_of(DAILY)
    assert await budget.take(INTERACTIVE) == Grant(0, 9)
    assert await budget.take(INTERACTIVE) == Grant(0, 8)
    assert await budget_of(Allowance(per_second=1000)).take(WARM_UP) == Grant(0, None)


async def test_a_second_has_so_many_calls(budget_of):
    budget = budget_of(Allowance(per_second=0.1, burst=10))
    assert await granted(budget, WARM_UP) == 6
    assert await granted(budget, REFRESH) == 2
    assert await granted(budget, INTERACTIVE) == 2
    wait = await budget.take(INTERACTIVE)
    assert isinstance(wait, float)
    assert 5 < wait <= 10


async def test_calls_become_possible_again_with_time(budget_of):
    budget = budget_of(Allowance(per_second=20, burst=1))
    assert await granted(budget, INTERACTIVE, 1) == 1
    wait = await budget.take(INTERACTIVE)
    assert isinstance(wait, float)
    await asyncio.sleep(wait + 0.01)
    assert isinstance(await budget.take(WARM_UP), Grant)


async def test_the_key_with_the_most_left_is_next(budget_of):
    budget = budget_of(DAILY, keys=3)
    used = [(await budget.take(INTERACTIVE)).key for _ in range(30)]
    assert sorted(used) == sorted([0, 1, 2] * 10)
    assert {*used[:3]} == {0, 1, 2}
    assert isinstance(await budget.take(INTERACTIVE), float)


async def test_a_key_that_was_throttled_rests_and_the_others_go_on(budget_of):
    budget = budget_of(DAILY, keys=2)
    await budget.shut(0, 60)
    await budget.shut(0, 5)  # a shorter one takes nothing back
    assert {(await budget.take(INTERACTIVE)).key for _ in range(5)} == {1}
    await budget.shut(1, 30)
    wait = await budget.take(INTERACTIVE)
    assert isinstance(wait, float)
    assert 25 < wait <= 30


async def test_a_rest_ends(budget_of):
    budget = budget_of(DAILY)
    await budget.shut(0, 0.05)
    assert isinstance(await budget.take(INTERACTIVE), float)
    await asyncio.sleep(0.1)
    assert isinstance(await budget.take(INTERACTIVE), Grant)


async def test_a_new_day_begins_anew():
    clock = ManualClock(DAY_SECONDS * 10_000.5)
    budget = ProcessBudget(DAILY, clock)
    assert await granted(budget, INTERACTIVE) == 10
    assert await budget.take(INTERACTIVE) == DAY_SECONDS / 2
    clock.tick(DAY_SECONDS / 2)
    assert await granted(budget, INTERACTIVE) == 10


async def test_without_redis_each_replica_keeps_its_own_and_what_is_shut_stays_shut(replica_of, redis):
    budget = fleet_budget(replica_of(redis.url), DAILY, ("one", "two"))
    await budget.shut(0, 60)
    redis.stop()
    assert {(await budget.take(INTERACTIVE)).key for _ in range(10)} == {1}
    assert isinstance(await budget.take(INTERACTIVE), float)
    await budget.shut(1, 60)


@pytest.mark.parametrize("wrong", [{"per_second": 0}, {"burst": 0}, {"reserve": 0.5}, {"reserve": -0.1}])
def test_allowances_make_sense(wrong):
    with pytest.raises(ValueError):
        Allowance(**wrong)


def test_a_key_is_not_recognised_by_its_name():
    assert "secret" not in name_of_key("secret")
    assert len({name_of_key("a"), name_of_key("b")}) == 2
