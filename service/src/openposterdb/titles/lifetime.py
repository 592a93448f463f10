"""How long answers about ids and ratings may be held in memory."""


def held_secs(most: float, ratings_stale_secs: int) -> float:
    """At most `most` seconds, and never longer than ratings count as fresh; 0 stale seconds mean that they always do."""
    return min(most, ratings_stale_secs) if ratings_stale_secs > 0 else most
