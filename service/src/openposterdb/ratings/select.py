"""Which ratings are shown, and in which order; their letters in cache keys."""

from collections.abc import Iterable, Mapping

from openposterdb.domain import CANONICAL_ORDER, NATURAL_ORDER, Badge, RatingSource


def select_sources(
    available: Iterable[RatingSource], order: tuple[RatingSource, ...], limit: int
) -> tuple[RatingSource, ...]:
    """The available sources, those in `order` first, then the rest in natural order; `limit` 0 means all."""
    known = frozenset(available)
    ranked = dict.fromkeys(source for source in (*order, *NATURAL_ORDER) if source in known)
    chosen = tuple(ranked)
    return chosen[:limit] if limit > 0 else chosen


def select_badges(values: Mapping[RatingSource, str], order: tuple[RatingSource, ...], limit: int) -> tuple[Badge, ...]:
    """The badges to draw, in the order in which they are drawn."""
    return tuple(Badge(source, values[source]) for source in select_sources(values, order, limit))


def select_letters(sources: str, order: tuple[RatingSource, ...], limit: int) -> str:
    """The letters that `select_badges` would show of a title whose index holds `sources`. Unknown letters are skipped."""
    known = {source.letter: source for source in NATURAL_ORDER}
    available = [known[letter] for letter in sources if letter in known]
    return "".join(source.letter for source in select_sources(available, order, limit))


def letters_of(badges: Iterable[Badge]) -> str:
    """The letters of the badges shown, in shown order."""
    return "".join(badge.source.letter for badge in badges)


def index_letters(values: Iterable[RatingSource]) -> str:
    """The letters of every source that has a value, in canonical order, as the rating index stores them."""
    known = frozenset(values)
    return "".join(source.letter for source in CANONICAL_ORDER if source in known)
