"""From a cache key back to a request that draws what the key tells."""

from openposterdb.caching.keys import ImageKey
from openposterdb.domain import NATURAL_ORDER, RatingSource
from openposterdb.images.request import ImageRequest
from openposterdb.titles.ids import canonical_id


def request_of(key: ImageKey) -> ImageRequest:
    """The request: the badges that the key shows, in its order, on art of its tier, and no others.

    Its image has the same key again unless the title has lost one of these ratings, or the art.
    """
    shown = [RatingSource.from_letter(letter) for letter in key.letters]
    changes = {
        "ratings_order": ",".join(shown),
        "ratings_exclude": ",".join(source for source in NATURAL_ORDER if source not in shown),
        "ratings_limit": 0,
        "logo_ratings_limit": 0,
        "backdrop_ratings_limit": 0,
        "poster_source": "t" if key.tier in {"tmdb", "fanart"} else "f",
        "fanart_textless": key.tier == "textless",
    }
    if key.language is not None:
        changes["fanart_lang"] = key.language
    settings = key.look.settings.model_copy(update=changes)
    return ImageRequest(key.kind, canonical_id(key.title), key.look.size, settings, encoding=key.look.encoding)
