"""Images that are laid together out of what is known: prepared art and the values of ratings. No upstream is asked."""

import structlog

from openposterdb.caching.interfaces import Compose, Composed
from openposterdb.caching.keys import ImageKey
from openposterdb.caching.staleness import is_stale, stale_after
from openposterdb.clock import Clock
from openposterdb.errors import BadArt, Overloaded
from openposterdb.images.keyed import request_of
from openposterdb.images.knowledge import Known, TitleKnowledge
from openposterdb.images.renderer import Renderer, RenderFailed
from openposterdb.images.request import ImageRequest
from openposterdb.images.shelf import Shelf
from openposterdb.ratings.select import letters_of
from openposterdb.titles.ids import canonical_id

log = structlog.get_logger(__name__)


class Composer:
    """Composes images.

    One that there has been before may be as old as its row said: it is stale by its ingredients' age as it was by its own. A new
    look of a title takes ratings that are at most `ratings_stale_secs` old (0: of any age), and art as
    old as images may be, or as its service is to be asked for it again (`image_stale_secs`, 0: never).
    """

    def __init__(
        self,
        knowledge: TitleKnowledge,
        shelf: Shelf,
        renderer: Renderer,
        *,
        ratings_stale_secs: int,
        ratings_max_age_secs: int,
        image_stale_secs: int,
        clock: Clock,
    ) -> None:
        self._knowledge = knowledge
        self._shelf = shelf
        self._renderer = renderer
        self._min_stale = ratings_stale_secs
        self._max_age = ratings_max_age_secs
        self._image_stale = image_stale_secs
        self._clock = clock

    def of(self, request: ImageRequest, known: Known, key: ImageKey) -> Compose:
        """Composes the image that `request` would have under `key`."""

        async def compose(exists: bool) -> Composed | None:
            return await self._compose(request, known, key, exists=exists)

        return compose

    def under(self, key: ImageKey) -> Compose:
        """Composes the image that the key tells of."""
        request = request_of(key)

        async def compose(exists: bool) -> Composed | None:
            known = await self._knowledge.find(canonical_id(key.title))
            return None if known is None else await self._compose(request, known, key, exists=exists)

        return compose

    async def _compose(self, request: ImageRequest, known: Known, key: ImageKey, *, exists: bool) -> Composed | None:
        if known.values is None or not (exists or self._is_fresh(known)):
            return None
        badges = request.badges(known.values)
        if letters_of(badges) != key.letters:
            return None
        shelved = await self._shelf.find(key, self._renderer.options(request.kind, request.settings, request.size))
        if shelved is None or not (exists or not self._is_outdated(known, shelved.chosen_at)):
            return None
        try:
            body = await self._renderer.splice(
                shelved.name, shelved.picture, badges, request.settings, request.size, request.encoding
            )
        except BadArt as error:
            log.warning("prepared_art_bad", error=str(error))
            await self._shelf.reject(key, shelved)
            return None
        except (RenderFailed, Overloaded):  # who makes the image hears of it again
            return None
        return Composed(body, known.release_date, min(known.updated_at, shelved.chosen_at))

    def _is_fresh(self, known: Known) -> bool:
        return not is_stale(known.updated_at, self._min_stale, self._clock.now())

    def _is_outdated(self, known: Known, chosen_at: int) -> bool:
        now = self._clock.now()
        limit = stale_after(known.release_date, self._min_stale, self._max_age, now)
        return is_stale(chosen_at, limit, now) or is_stale(chosen_at, self._image_stale, now)
