"""Spans: which part of a request takes how long. Without a trace they cost a look at a context variable, and nothing is loaded."""

from collections.abc import Awaitable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Final, Protocol, TypeVar

T = TypeVar("T")

_NO_SPAN: Final = nullcontext()


class Spans(Protocol):
    """Whoever records spans."""

    def span(self, name: str, attributes: Mapping[str, str]) -> AbstractContextManager[object]:
        """A span below the present one, as long as the context lasts."""
        ...


present: Final[ContextVar[Spans | None]] = ContextVar("spans", default=None)
"""Who records the request that this task works for."""


def span(name: str, **attributes: str) -> AbstractContextManager[object]:
    """A part of the request at work, if it is traced. No attribute carries a key or a URL."""
    spans = present.get()
    return _NO_SPAN if spans is None else spans.span(name, attributes)


async def within_span(name: str, work: Awaitable[T], **attributes: str) -> T:
    """What `work` gives, as a part of the request."""
    with span(name, **attributes):
        return await work
