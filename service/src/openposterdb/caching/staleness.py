"""How long a picture of a title stays good: a year-old film changes its ratings slowly, yesterday's by the hour."""

import math
import re
import zlib
from datetime import UTC, datetime

NEVER_STALE_MAX_AGE = 31_536_000
"""The `max-age`, in seconds, of what never goes stale."""

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_JITTER = 0.1


def stale_after(release_date: str | None, min_secs: int, max_secs: int, now: float) -> int:
    """Seconds until something made for a title goes stale; 0 means never.

    `min_secs` for a missing, malformed or future date, growing linearly with the title's age; a title of `max_secs` or
    older never changes. `now` is Unix time.
    """
    released = _midnight(release_date)
    if released is None:
        return min_secs
    age = int(now) - released
    if age < 0:
        return min_secs
    if age >= max_secs:
        return 0
    return min_secs + age * (max_secs - min_secs) // max_secs


def is_stale(made_at: float, limit: int, now: float) -> bool:
    """Whether something of `made_at` (Unix time) is older than `limit` whole seconds; a limit of 0 means never."""
    return limit > 0 and int(now - made_at) > limit


def cdn_max_age(release_date: str | None, min_secs: int, max_secs: int, now: float) -> int:
    """`max-age` in seconds for caches in front: as long as the picture stays good, a year for what never goes stale."""
    return stale_after(release_date, min_secs, max_secs, now) or NEVER_STALE_MAX_AGE


def jittered(limit: int, key: str) -> int:
    """`limit` moved by up to ±10 %, always alike for one key, so that what was made together is not refreshed together.

    0 (never) stays 0, and nothing else becomes 0.
    """
    if limit == 0:
        return 0
    unit = zlib.crc32(key.encode()) / 0xFFFF_FFFF
    return max(1, round(limit * (1 + _JITTER * (2 * unit - 1))))


def is_due_early(stale_in: float, cost: float, luck: float, eagerness: float = 1.0) -> bool:
    """Whether to renew something `stale_in` seconds before it goes stale that takes `cost` seconds to make.

    `luck` is uniform in 0…1. The probability grows toward the end and with the cost, so that of many who ask for it one is
    likely to have renewed it in time, and seldom two (XFetch: Vattani, Chierichetti, Lowenstein, VLDB 2015).
    """
    return stale_in < math.inf and cost * eagerness * -math.log(max(luck, 1e-12)) >= stale_in


def _midnight(date: str | None) -> int | None:
    found = _DATE.fullmatch(date) if date else None
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return int(datetime(year, month, day, tzinfo=UTC).timestamp())
    except ValueError:  # no such day
        return None
