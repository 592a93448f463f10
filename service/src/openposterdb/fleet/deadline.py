"""Waiting for others: deadlines that a moment's standstill does not use up, cancellations that no library swallows."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator
from typing import Final

_STEPS: Final = 10


@contextlib.asynccontextmanager
async def awake_timeout(seconds: float) -> AsyncGenerator[None]:
    """As `asyncio.timeout`, in steps that begin one after the other.

    When a loop that stood still goes on, timers that are over fire in the same turn in which it reads what has come
    meanwhile, and an answer that has long been there is too late. Here such a stall costs one step: the loop reads before the
    next one ends. One that is merely slow has turned ten times before time is up, and an answer takes four turns.
    """
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:

        def step(left: int) -> None:
            nonlocal timer
            if left:
                timer = loop.call_later(seconds / _STEPS, step, left - 1)
            else:
                limit.reschedule(loop.time())

        timer = loop.call_later(seconds / _STEPS, step, _STEPS - 1)
        try:
            yield
        finally:
            timer.cancel()


@contextlib.contextmanager
def cancellation_kept() -> Generator[None]:
    """Raise the CancelledError that the work within was sent and answered with something else.

    The client of Redis may answer it with an error of its own where a connection breaks, and `asyncio.wait_for` before
    Python 3.12 with a result that came in the same moment: a loop over calls would go on for ever, and whoever waits for its
    end too. Cancellations from before the work do not count: what cleans up after one may still ask.
    """
    task = asyncio.current_task()
    before = 0 if task is None else task.cancelling()
    try:
        yield
    finally:
        if task is not None and task.cancelling() > before:
            raise asyncio.CancelledError
