"""For whom the calls of a task are made: told once, and known to everything that the task starts."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from openposterdb.upstreams.budgets import Priority

_priority: Final[ContextVar[Priority]] = ContextVar("priority", default=Priority.INTERACTIVE)
_afresh: Final[ContextVar[bool]] = ContextVar("afresh", default=False)


@contextmanager
def working_for(priority: Priority, *, afresh: bool = False) -> Generator[None]:
    """Within, calls are made at this priority; `afresh` ones are never answered by what another replica heard just now."""
    priority_before, afresh_before = _priority.set(priority), _afresh.set(afresh)
    try:
        yield
    finally:
        _priority.reset(priority_before)
        _afresh.reset(afresh_before)


def priority() -> Priority:
    """For whom this task works."""
    return _priority.get()


def afresh() -> bool:
    """Whether the upstreams themselves have to be asked."""
    return _afresh.get()
