"""Leave for each attempt, out of the budget of a service, and the key that it is made with."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from openposterdb.clock import Clock
from openposterdb.errors import UpstreamUnavailable
from openposterdb.upstreams.budgets import Allowance, Budget, Grant, Priority, ProcessBudget
from openposterdb.upstreams.members import members_of, text_of
from openposterdb.upstreams.policy import parse_retry_after
from openposterdb.upstreams.refusals import is_about_limit
from openposterdb.upstreams.transport import Answer

LIMIT_SECONDS = 60
"""How long a key rests whose calls are used up, where the service does not say."""

_COMPLAINT_BYTES = 1024


class NotYet(Exception):
    """The budget has nothing left for this priority; whoever else waits for the same answer may have more of it.

    Not an answer for anybody else, so no error that is shared.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def refusal(self, service: str) -> UpstreamUnavailable:
        """What it means to somebody who does not wait."""
        return UpstreamUnavailable(service, "the calls that it allows are spent", retry_after=self.seconds)


def split_keys(text: str) -> tuple[str, ...]:
    """The API keys in a variable: one, or several with commas between them."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def rests_for(answer: Answer) -> float | None:
    """Seconds for which the key that got this answer is to be left alone; None when it may be used again at once."""
    if answer.status == 429:
        return parse_retry_after(answer.headers.get("retry-after"))
    return LIMIT_SECONDS if is_used_up(answer) else None


def is_used_up(answer: Answer) -> bool:
    """Whether a ratings provider says that the key's calls are used up: with 401 or 403, or with 200 and an error."""
    if len(answer.body) > _COMPLAINT_BYTES or answer.status not in {200, 401, 403}:
        return False
    if answer.status != 200:
        return is_about_limit(answer.body.decode("utf-8", "replace"))
    try:
        members = members_of(json.loads(answer.body))
    except (ValueError, RecursionError):
        return False
    complaint = text_of(members.get("Error")) or text_of(members.get("error"))
    return complaint is not None and is_about_limit(complaint)


def unobserved(service: str, left: int) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What the calls of one service spend. `left` is told how many calls remain of the day, where they are limited."""

    service: str
    budget: Budget
    left: Callable[[str, int], None] = unobserved

    async def leave(self, priority: Priority, patience: float, sleep: Callable[[float], Awaitable[None]]) -> Grant:
        """Leave for one attempt. Who waits for an answer waits here for at most `patience` seconds.

        Raises NotYet for everybody else at once, and UpstreamUnavailable for whom it takes too long.
        """
        waited = 0.0
        while True:
            grant = await self.budget.take(priority)
            if isinstance(grant, Grant):
                if grant.left is not None:
                    self.left(self.service, grant.left)
                return grant
            if priority is not Priority.INTERACTIVE:
                raise NotYet(grant)
            waited += grant
            if waited > patience:
                raise NotYet(grant).refusal(self.service)
            await sleep(grant)

    async def heed(self, grant: Grant, answer: Answer) -> bool:
        """Leave a key alone that the service refuses for a time; whether it does."""
        seconds = rests_for(answer)
        if seconds is None:
            return False
        await self.budget.shut(grant.key, seconds)
        return True


BudgetOf = Callable[[str, Allowance, tuple[str, ...]], Budget]
"""Makes the budget of a service with its allowance and its keys."""


def unlimited(service: str, clock: Clock) -> Spending:
    """For a service without keys and limits; it may still say when it wants to be left alone."""
    return Spending(service, ProcessBudget(Allowance(), clock))
