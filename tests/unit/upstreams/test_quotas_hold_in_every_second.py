"""What a quota allows is never passed, wherever a second begins, and however greedy who asks is."""

from bisect import bisect_left
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openposterdb.config.addresses import Quota
from openposterdb.upstreams.budgets import Grant, Priority, ProcessBudget
from openposterdb.upstreams.opening import allowance_of
from tests.manual_clock import ManualClock


@pytest.mark.parametrize("per_second", [0.5, 1, 2, 4, 5, 40, 50.5])
async def test_in_no_second_more_calls_are_made_and_over_time_most_of_them(per_second):
    clock = ManualClock()
    budget = ProcessBudget(allowance_of(Quota(per_second=per_second)), clock)
    calls: list[float] = []
    while clock.now() - (calls[0] if calls else clock.now()) < 20:
        taken = await budget.take(Priority.INTERACTIVE)
        if isinstance(taken, Grant):
            calls.append(clock.now())
        else:
            clock.tick(taken + 1e-6)
    most = max(bisect_left(calls, start + 0.9999) - number for number, start in enumerate(calls))
    assert most <= ceil(per_second)
    assert len(calls) / 20 >= 0.7 * per_second


@given(st.floats(0.01, 1000))
def test_any_rate_gives_an_allowance_within_it(per_second):
    allowance = allowance_of(Quota(per_second=per_second))
    assert allowance.per_second is not None
    assert allowance.per_second > 0
    assert allowance.burst + allowance.per_second <= per_second + 1
