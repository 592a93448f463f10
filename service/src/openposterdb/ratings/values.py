"""The text of each badge, out of what a provider says.

Decimals are rounded on the exact binary value with ties to even, as Python's formatting does: 8.15 is `8.2` (it is
stored slightly above), 72.5 is `72`.
"""

import re
from typing import Final

_LONGEST_WHOLE: Final = 10_000.0
_PRINTABLE: Final = re.compile(r"[0-9][0-9.,/]{0,6}%?")


def decimal(value: float | None, places: int = 1) -> str | None:
    """`8.2`; None for what cannot be a rating."""
    return None if value is None or not 0 <= value < _LONGEST_WHOLE else f"{value:.{places}f}"


def whole(value: float | None) -> str | None:
    """`71`."""
    return decimal(value, 0)


def percent(value: float | None) -> str | None:
    """`93%`."""
    text = whole(value)
    return None if text is None else f"{text}%"


def tmdb_percent(vote_average: float | None) -> str | None:
    """TMDB's average from 0 to 10 as a percentage; 0 means that nobody voted."""
    return None if vote_average is None or vote_average <= 0 else percent(vote_average * 10)


def mal_decimal(score: float | None) -> str | None:
    """A score of 0 to 100 on MyAnimeList's own scale: 87 is `8.70`."""
    return None if score is None else decimal(score / 10, 2)


def verbatim(text: str | None) -> str | None:
    """A provider's own text, if it is a rating at all: digits, `.`, `,`, `/` and a closing `%`."""
    return text if text is not None and _PRINTABLE.fullmatch(text) else None
