"""Under which keys an image may be held, as far as that can be told without asking an upstream."""

from typing import Final

from cachetools import TTLCache

from openposterdb.caching.keys import ImageKey, Look, Tier
from openposterdb.clock import Clock
from openposterdb.domain import ImageKind, TitleId
from openposterdb.images.knowledge import Known
from openposterdb.images.request import ImageRequest

_TIER_SECONDS: Final = 3600
_ENTRIES: Final = 50_000
_FALLBACK_TIERS: Final[tuple[Tier, ...]] = ("language", "tmdb")


class LikelyKeys:
    """Predicts the keys of images, and remembers for an hour which tier of art a poster was made from."""

    def __init__(self, clock: Clock) -> None:
        self._tiers: TTLCache[tuple[TitleId, str, str, bool], Tier] = TTLCache(_ENTRIES, _TIER_SECONDS, clock.monotonic)

    def predicted(self, request: ImageRequest, known: Known) -> list[ImageKey]:
        """The keys under which this title's image may be held, the likeliest first."""
        return [_key(request, known, tier) for tier in self._tiers_of(request, known.title)]

    def remember(self, request: ImageRequest, title: TitleId, tier: Tier) -> None:
        """The image was made from art of this tier."""
        self._tiers[_art_wanted(request, title)] = tier

    def forget(self) -> None:
        """Drop what is remembered."""
        self._tiers.clear()

    def _tiers_of(self, request: ImageRequest, title: TitleId) -> tuple[Tier, ...]:
        """Which art the image was made from, as far as is known without asking an upstream."""
        if request.kind is not ImageKind.POSTER:
            return ("language",)
        known = self._tiers.get(_art_wanted(request, title))
        if known is not None:
            return (known,)
        wanted = request.wanted()
        if wanted.source == "t":
            return ("tmdb", "fanart")
        return ("textless",) if wanted.textless else ("language",)


def falls_back(request: ImageRequest) -> bool:
    """Whether other art may stand in: Fanart's posters fall back to other languages and to TMDB's."""
    return request.wanted().source == "f" and request.kind is ImageKind.POSTER


def fallback_keys(request: ImageRequest, known: Known) -> list[ImageKey]:
    """The keys of the images made of the art that stands in, the best first."""
    return [_key(request, known, tier) for tier in _FALLBACK_TIERS]


def _key(request: ImageRequest, known: Known, tier: Tier) -> ImageKey:
    return ImageKey(
        title=known.title,
        look=Look(request.kind, request.size, request.settings, request.encoding),
        letters=request.letters(known.sources),
        tier=tier,
        language=request.language,
    )


def _art_wanted(request: ImageRequest, title: TitleId) -> tuple[TitleId, str, str, bool]:
    wanted = request.wanted()
    return (title, wanted.source, wanted.lang, wanted.textless)
