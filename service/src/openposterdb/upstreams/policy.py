"""When a call is repeated and how long to wait before: pure decisions, one table."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Repeats after the first attempt, and the bounds of the wait before each, in seconds."""

    retries: int
    first_delay: float
    largest_delay: float

    def delay(self, retry: int, retry_after: int | None, jitter: float) -> float | None:
        """Seconds to wait before retry number `retry` (from 0), or None when there are no more.

        `retry_after` is what the upstream asked for; it counts up to the largest delay. `jitter` in 0…1 adds up to a
        quarter, so that callers who failed together do not come back together.
        """
        if retry >= self.retries:
            return None
        # The exponent is bounded so that no count of retries can overflow a float.
        wanted = self.first_delay * 2 ** min(retry, 32) if retry_after is None else float(retry_after)
        return min(wanted, self.largest_delay) * (1 + 0.25 * jitter)


TMDB_API: Final = RetryPolicy(retries=2, first_delay=0.5, largest_delay=4)
TMDB_IMAGES: Final = RetryPolicy(retries=2, first_delay=1, largest_delay=8)
FANART: Final = RetryPolicy(retries=3, first_delay=1, largest_delay=8)
OMDB: Final = RetryPolicy(retries=1, first_delay=2, largest_delay=2)
MDBLIST: Final = RetryPolicy(retries=1, first_delay=2, largest_delay=2)


def is_transient(status: int) -> bool:
    """Whether the same call may well succeed a moment later."""
    return status == 429 or status >= 500


def parse_retry_after(value: str | None) -> int | None:
    """Whole seconds of a `Retry-After`; its other form, a date, and nonsense are None."""
    if value is None:
        return None
    text = value.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


@dataclass(frozen=True, slots=True)
class Budgets:
    """Seconds that one call may take with all its retries, so that a job ends before the request's deadline.

    A hanging ratings provider or Fanart leaves time to draw the poster without it.
    """

    tmdb: float
    ratings: float
    fanart: float
    tmdb_images: float
    fanart_images: float

    @classmethod
    def within(cls, deadline: float) -> "Budgets":
        """Shares of `deadline` seconds."""
        part = deadline / 25
        return cls(tmdb=12 * part, ratings=8 * part, fanart=8 * part, tmdb_images=15 * part, fanart_images=8 * part)
