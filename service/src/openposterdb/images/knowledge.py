"""What is known of a title without asking an upstream: which title an id means, and which sources rate it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from openposterdb.caching.loading import LoadingCache
from openposterdb.clock import Clock
from openposterdb.domain import RatingSource, TitleId
from openposterdb.errors import StorageUnavailable
from openposterdb.ratings.select import index_letters
from openposterdb.storage.rows import RatingIndex
from openposterdb.titles.ids import RequestedId
from openposterdb.titles.lifetime import held_secs
from openposterdb.titles.title import Title

log = structlog.get_logger(__name__)

_MEMORY_SECONDS = 3600
_ENTRIES = 50_000


class Aliases(Protocol):
    """Which title an id means, kept for good."""

    async def get(self, alias: str) -> TitleId | None:
        """The title of an alias such as `imdb/tt0111161`."""
        ...

    async def put_many(self, aliases: Collection[str], title: TitleId, at: int) -> None:
        """Remember that all of `aliases` mean `title`; `at` is Unix time."""
        ...


class RatingIndexes(Protocol):
    """Which sources rate a title, kept for good."""

    async def get(self, title: TitleId) -> RatingIndex | None:
        """What was found when the title's ratings were last read completely."""
        ...

    async def put(self, index: RatingIndex) -> None:
        """Remember what was found."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """A title seen before: enough to name its cached images, and with `values` enough for their badges."""

    title: TitleId
    sources: str
    release_date: str | None
    updated_at: int
    values: Mapping[RatingSource, str] | None = None


class TitleKnowledge:
    """Aliases and rating index, in memory first; the database may be away, then only memory answers."""

    def __init__(self, aliases: Aliases, indexes: RatingIndexes, *, ratings_stale_secs: int, clock: Clock) -> None:
        self._aliases = aliases
        self._indexes = indexes
        self._clock = clock
        ttl = held_secs(_MEMORY_SECONDS, ratings_stale_secs)
        self._titles: LoadingCache[str, TitleId | None] = LoadingCache(max_entries=_ENTRIES, ttl=ttl, clock=clock)
        self._known: LoadingCache[TitleId, Known | None] = LoadingCache(max_entries=_ENTRIES, ttl=ttl, clock=clock)

    async def find(self, requested: RequestedId) -> Known | None:
        """What is known of the title that this id means, however old; None when it was never seen."""
        try:
            title = requested.canonical or await self._titles.get(
                requested.alias, lambda: self._aliases.get(requested.alias)
            )
            known = None if title is None else await self._known.get(title, lambda: self._read(title))
        except StorageUnavailable as error:
            log.warning("title_knowledge_unavailable", error=str(error))
            return None
        # What is not known is not remembered: another replica may learn it in a moment.
        if title is None and self._titles.peek(requested.alias) is None:
            self._titles.discard(requested.alias)
        elif title is not None and self._known.peek(title) is None:
            self._known.discard(title)
        return known

    async def look_again(self, requested: RequestedId) -> Known | None:
        """What is known now: another replica may have learnt more than is in memory here."""
        known = await self.find(requested)
        if known is not None:
            self._known.discard(known.title)
        return await self.find(requested)

    @property
    def held(self) -> int:
        """Ids whose titles are in memory."""
        return len(self._titles)

    async def remember(
        self, requested: RequestedId, title: Title, values: Mapping[RatingSource, str], release_date: str | None
    ) -> None:
        """Keep a complete answer: the texts of all the badges that the title may have."""
        now, sources = int(self._clock.now()), index_letters(values)
        aliases = tuple(dict.fromkeys((requested.alias, *title.aliases())))
        for alias in aliases:
            self._titles.put(alias, title.id)
        self._known.put(title.id, Known(title.id, sources, release_date, now, values))
        try:
            await self._aliases.put_many(aliases, title.id, now)
            texts = {source.letter: text for source, text in values.items()}
            await self._indexes.put(RatingIndex(title.id, sources, release_date, now, texts))
        except StorageUnavailable as error:
            log.warning("title_knowledge_not_kept", error=str(error))

    async def _read(self, title: TitleId) -> Known | None:
        index = await self._indexes.get(title)
        return None if index is None else _known_by(index)


def _known_by(index: RatingIndex) -> Known:
    values = (
        None
        if index.values is None
        else {RatingSource.from_letter(letter): text for letter, text in index.values.items()}
    )
    return Known(index.title, index.sources, index.release_date, index.updated_at, values)
