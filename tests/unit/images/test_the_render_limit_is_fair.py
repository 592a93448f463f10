"""The weighted limit: never more than its capacity, first come first served, and nothing lost when a waiter leaves."""

import asyncio

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from openposterdb.images.limiter import WeightedLimiter


class Worker:
    """Holds a slot until told to leave."""

    def __init__(self, limiter, weight):
        self.weight = weight
        self.entered = False
        self._leave = asyncio.Event()
        self.task = asyncio.get_running_loop().create_task(self._work(limiter))

    async def _work(self, limiter):
        async with limiter.slot(self.weight):
            self.entered = True
            await self._leave.wait()

    async def leave(self):
        self._leave.set()
        await self.task


async def let_run():
    for _ in range(5):
        await asyncio.sleep(0)


async def workers(limiter, *weights):
    started = []
    for weight in weights:
        started.append(Worker(limiter, weight))
        await let_run()
    return started


async def end(*every):
    for worker in every:
        worker.task.cancel()
    await asyncio.gather(*(worker.task for worker in every), return_exceptions=True)


async def test_work_up_to_the_capacity_runs_at_once():
    limiter = WeightedLimiter(4)
    every = await workers(limiter, 1, 1, 2, 1)
    assert [worker.entered for worker in every] == [True, True, True, False]
    assert (limiter.in_use, limiter.waiting) == (4, 1)
    await end(*every)
    assert (limiter.in_use, limiter.waiting) == (0, 0)


async def test_a_heavy_item_is_not_starved_by_light_ones():
    limiter = WeightedLimiter(4)
    first, heavy, light = await workers(limiter, 1, 4, 1)
    assert [heavy.entered, light.entered] == [False, False], "the light one came later, although there is room for it"
    await first.leave()
    await let_run()
    assert [heavy.entered, light.entered] == [True, False]
    await heavy.leave()
    await let_run()
    assert light.entered
    await end(light)


@pytest.mark.parametrize(("weight", "units"), [(-3, 1), (0, 1), (1, 1), (3, 3), (4, 3), (100, 3)])
async def test_an_item_weighs_a_unit_at_least_and_all_of_them_at_most(weight, units):
    limiter = WeightedLimiter(3)
    async with limiter.slot(weight):
        assert limiter.in_use == units
    assert limiter.in_use == 0


async def test_room_that_is_made_is_given_to_as_many_as_fit():
    limiter = WeightedLimiter(4)
    heavy, *light = await workers(limiter, 4, 1, 2, 1, 1)
    await heavy.leave()
    await let_run()
    assert [worker.entered for worker in light] == [True, True, True, False]
    await end(*light)


async def test_a_waiter_that_leaves_lets_the_next_one_in():
    limiter = WeightedLimiter(2)
    running, heavy, light = await workers(limiter, 1, 2, 1)
    await end(heavy)
    assert light.entered, "there was room for it all along"
    await end(running, light)


async def test_a_waiter_that_leaves_in_the_moment_of_its_turn_gives_the_room_back():
    limiter = WeightedLimiter(1)
    running, next_one, last = await workers(limiter, 1, 1, 1)
    running._leave.set()
    await asyncio.sleep(0)  # it leaves, which is next_one's turn
    assert not next_one.entered
    assert limiter.in_use == 1
    next_one.task.cancel()
    await let_run()
    assert not next_one.entered
    assert last.entered
    await end(last)
    assert (limiter.in_use, limiter.waiting) == (0, 0)


async def test_an_error_inside_gives_the_room_back():
    limiter = WeightedLimiter(1)
    with pytest.raises(ZeroDivisionError):
        async with limiter.slot(1):
            raise ZeroDivisionError
    async with asyncio.timeout(1), limiter.slot(1):
        assert limiter.in_use == 1


class LimiterMachine(RuleBasedStateMachine):
    """Arrivals, departures and cancellations in any order, against the model of a queue."""

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.limiter = None
        self.every = []

    def teardown(self):
        if self.every:
            self.runner.run(end(*self.every))
            assert self.limiter.in_use == self.limiter.waiting == 0
        self.runner.close()

    @rule(capacity=st.integers(1, 6))
    @precondition(lambda self: self.limiter is None)
    def open(self, capacity):
        self.limiter = WeightedLimiter(capacity)

    @rule(weights=st.lists(st.integers(1, 5), min_size=1, max_size=4))
    @precondition(lambda self: self.limiter is not None)
    def arrive(self, weights):
        async def go():
            self.every += [Worker(self.limiter, weight) for weight in weights]
            await let_run()

        self.runner.run(go())

    @rule(data=st.data())
    @precondition(lambda self: any(worker.entered for worker in self.every))
    def leave(self, data):
        worker = data.draw(st.sampled_from([worker for worker in self.every if worker.entered]))
        self.every.remove(worker)

        async def go():
            await worker.leave()
            await let_run()

        self.runner.run(go())

    @rule(data=st.data(), hasty=st.booleans())
    @precondition(lambda self: self.every)
    def cancel(self, data, hasty):
        """Also in the very moment in which another one leaves."""
        worker = data.draw(st.sampled_from(self.every))
        running = [other for other in self.every if other.entered and other is not worker]
        leaving = data.draw(st.sampled_from(running)) if hasty and running else None

        async def go():
            if leaving:
                leaving._leave.set()
                await asyncio.sleep(0)
            await end(worker)
            if leaving:
                await leaving.task
            await let_run()

        self.runner.run(go())
        self.every = [other for other in self.every if other is not worker and other is not leaving]

    @invariant()
    def the_capacity_holds_and_nobody_overtakes(self):
        if self.limiter is None:
            return
        capacity = self.limiter.capacity
        inside = [worker for worker in self.every if worker.entered]
        outside = [worker for worker in self.every if not worker.entered]
        assert sum(min(worker.weight, capacity) for worker in inside) == self.limiter.in_use <= capacity
        assert len(outside) == self.limiter.waiting
        assert [worker.entered for worker in self.every] == [True] * len(inside) + [False] * len(outside)
        if outside:
            assert self.limiter.in_use + min(outside[0].weight, capacity) > capacity, "the first one has to wait"


LimiterMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestLimiterInAnyOrder = LimiterMachine.TestCase
