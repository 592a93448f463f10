"""Calls to one service: shared, retried, within a budget of time and of calls, behind a circuit, and only so many at once."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import httpx

from openposterdb.clock import Clock
from openposterdb.errors import UpstreamBroken, UpstreamTimedOut, UpstreamUnavailable
from openposterdb.telemetry import within_span
from openposterdb.upstreams import purpose
from openposterdb.upstreams.breaker import Breaker, Permit
from openposterdb.upstreams.budgets import Priority
from openposterdb.upstreams.failures import KeyRefused, Outcome, Unreachable, outcome_of_status
from openposterdb.upstreams.policy import RetryPolicy, is_transient, parse_retry_after
from openposterdb.upstreams.spending import NotYet, Spending, unlimited
from openposterdb.upstreams.transport import Answer, Question, attempt

Observe = Callable[[str, Outcome, float], None]
"""Told of every attempt: service, outcome, seconds."""

_WORTHWHILE_SECONDS = 0.25
"""With less left, another attempt would only time out, and say less of what is wrong than the last one did."""

_LEAST_WAIT_SECONDS = 0.05
_LONGEST_WAIT_SECONDS = 60.0
"""Of a warm-up, which then looks whether the operator has given it more meanwhile."""

DEFAULT_RETRY_AFTER = 5
MAX_AT_ONCE = 64


def unobserved(service: str, outcome: Outcome, seconds: float) -> None:
    """Nobody listens."""


class Sharing(Protocol):
    """How replicas that ask for the same at the same time share one call."""

    async def __call__(self, service: str, question: Question, ask: Callable[[], Awaitable[Answer]], /) -> Answer:
        """The answer that `ask` gives, here or elsewhere; its errors are shared too."""
        ...


async def alone(_service: str, _question: Question, ask: Callable[[], Awaitable[Answer]], /) -> Answer:
    """Nobody else asks."""
    return await ask()


@dataclass(frozen=True, slots=True)
class Wire:
    """What the callers of all services share."""

    client: httpx.AsyncClient
    clock: Clock
    observe: Observe = unobserved
    jitter: Callable[[], float] = random.random
    share: Sharing = alone


class Caller:
    """Asks one service. `budget` is in seconds and holds for a call with all its retries and waits.

    Out of `spending` comes leave for every attempt. Who warms titles up waits for it as long as it takes, and who refreshes
    behind an answer not at all; neither keeps anybody waiting who asks for the same.
    """

    def __init__(
        self,
        service: str,
        wire: Wire,
        policy: RetryPolicy,
        *,
        budget: float,
        breaker: Breaker | None = None,
        spending: Spending | None = None,
        max_at_once: int = MAX_AT_ONCE,
    ) -> None:
        self.service = service
        self._wire = wire
        self._policy = policy
        self._budget = budget
        self._breaker = breaker or Breaker(wire.clock)
        self._spending = spending or unlimited(service, wire.clock)
        self._turns = asyncio.Semaphore(max_at_once)

    async def ask(self, question: Question) -> Answer:
        """The answer, of a status below 500 and other than 429 (`expect_found` judges the rest).

        Raises UpstreamUnavailable (circuit open, throttled, budget spent), UpstreamTimedOut or UpstreamBroken.
        """
        while True:
            try:
                if purpose.afresh():
                    return await self._ask(question)
                return await self._wire.share(self.service, question, lambda: self._ask(question))
            except NotYet as spent:
                if purpose.priority() is Priority.INTERACTIVE:
                    continue  # it joined the call of somebody who does not wait; whoever asks for a client has a budget
                if purpose.priority() is not Priority.WARM_UP:
                    raise spent.refusal(self.service) from None
                await self._wire.clock.sleep(max(_LEAST_WAIT_SECONDS, min(spent.seconds, _LONGEST_WAIT_SECONDS)))

    async def _ask(self, question: Question) -> Answer:
        permit = self._breaker.admit()
        if not isinstance(permit, Permit):
            self._wire.observe(self.service, "circuit_open", 0.0)
            raise UpstreamUnavailable(self.service, "is failing and left alone for a moment", retry_after=permit)
        outcome = await self._ask_repeatedly(question)
        failed = not isinstance(outcome, Answer) or outcome.status >= 500
        self._breaker.record(permit, question.resource, ok=not failed)
        if not isinstance(outcome, Answer):
            raise outcome
        if outcome.status == 429:
            wait = parse_retry_after(outcome.headers.get("retry-after"))
            raise UpstreamUnavailable(self.service, "throttles us", retry_after=wait or DEFAULT_RETRY_AFTER)
        if failed:
            raise UpstreamBroken(self.service, f"answered with status {outcome.status}")
        return outcome

    async def _ask_repeatedly(self, question: Question) -> Answer | UpstreamTimedOut | Unreachable:
        clock = self._wire.clock
        deadline = clock.monotonic() + self._budget
        retry = 0
        while True:
            outcome, rests = await self._ask_once(question, deadline)
            retry_after = None
            if isinstance(outcome, Answer):
                if not is_transient(outcome.status) and not (rests and len(question.keys) > 1):
                    return outcome
                if outcome.status == 429:
                    retry_after = parse_retry_after(outcome.headers.get("retry-after"))
            delay = self._policy.delay(retry, retry_after, self._wire.jitter())
            if rests and len(question.keys) > 1:
                delay = None if delay is None else 0.0  # another key may be free
            elif retry_after is not None and retry_after > self._policy.largest_delay:
                return outcome  # to ask earlier than the service wants would not help anybody
            if delay is None or clock.monotonic() + delay + _WORTHWHILE_SECONDS >= deadline:
                return outcome
            if delay:
                await clock.sleep(delay)
            retry += 1

    async def _ask_once(
        self, question: Question, deadline: float
    ) -> tuple[Answer | UpstreamTimedOut | Unreachable, bool]:
        """The outcome, and whether the key it was asked with is to be left alone for a time."""
        clock = self._wire.clock
        patience = min(self._policy.largest_delay, deadline - clock.monotonic() - _WORTHWHILE_SECONDS)
        try:
            grant = await self._spending.leave(purpose.priority(), patience, clock.sleep)
        except (NotYet, UpstreamUnavailable):
            self._wire.observe(self.service, "over_budget", 0.0)
            raise
        await self._take_turn(deadline)
        started = clock.monotonic()
        label: Outcome = "broken"
        seconds = max(0.0, deadline - started)
        try:
            answer = await within_span(
                "upstream",
                attempt(self._wire.client, self.service, question, seconds=seconds, key=grant.key),
                service=self.service,
            )
        except UpstreamTimedOut as error:
            label = "timed_out"
            return error, False
        except Unreachable as error:
            label = "unreachable"
            return error, False
        else:
            label = outcome_of_status(answer.status)
            return answer, await self._spending.heed(grant, answer)
        finally:
            self._turns.release()
            self._wire.observe(self.service, label, clock.monotonic() - started)

    async def _take_turn(self, deadline: float) -> None:
        """Wait for one of the calls under way to end; that there are too many says nothing of the service's health."""
        waiting_since = self._wire.clock.monotonic()
        try:
            async with asyncio.timeout(max(0.0, deadline - waiting_since)):
                await self._turns.acquire()
        except TimeoutError:
            self._wire.observe(self.service, "overloaded", self._wire.clock.monotonic() - waiting_since)
            raise UpstreamUnavailable(self.service, "too many calls are waiting") from None


def expect_found(service: str, answer: Answer) -> bytes | None:
    """The body of a good answer, None for a 404; raises KeyRefused or UpstreamBroken for every other status."""
    if 200 <= answer.status < 300:
        return answer.body
    if answer.status == 404:
        return None
    if answer.status in {401, 403}:
        raise KeyRefused(service)
    raise UpstreamBroken(service, f"answered with status {answer.status}")
