"""What is asked for, what is answered, and the pure decisions between them."""

from collections.abc import Mapping
from dataclasses import dataclass

from openposterdb.art.choice import Wanted
from openposterdb.caching.memory import ImageEntry
from openposterdb.caching.verified import digest_of, etag_of
from openposterdb.domain import Badge, Encoding, ImageKind, ImageSize, RatingSource
from openposterdb.ratings.select import select_badges, select_letters
from openposterdb.settings import RenderSettings
from openposterdb.settings.languages import wanted_language
from openposterdb.titles.ids import RequestedId

FRESH_SECONDS = 3600
DEGRADED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One image: of which title, of what kind and size, with which settings; equal requests draw the same picture.

    `lang` is the language the request itself asked for; it switches posters to Fanart's art for this request. However a
    client spells a language, there is one image of it.
    """

    kind: ImageKind
    requested: RequestedId
    size: ImageSize
    settings: RenderSettings
    lang: str | None = None
    encoding: Encoding = Encoding.USUAL

    def wanted(self) -> Wanted:
        """Which art this request prefers."""
        return Wanted(
            kind=self.kind,
            source="f" if self.lang is not None else self.settings.poster_source,
            lang=self.language,
            lang_given=self.lang is not None,
            textless=self.settings.fanart_textless and self.kind is ImageKind.POSTER,
            tmdb_size="w780" if self.size is ImageSize.MEDIUM else "original",
        )

    @property
    def language(self) -> str:
        """The language meant for the art: the request's, else the settings'."""
        return wanted_language(self.lang if self.lang is not None else self.settings.fanart_lang)

    def badges(self, values: Mapping[RatingSource, str]) -> tuple[Badge, ...]:
        """The badges to draw, in order."""
        order = self.settings.order()
        shown = {source: value for source, value in values.items() if source in order}
        return select_badges(shown, order, self.settings.limit(self.kind))

    def letters(self, sources: str) -> str:
        """The letters of the badges that would be drawn for a title that has these sources."""
        order = self.settings.order()
        allowed = {source.letter for source in order}
        return select_letters(
            "".join(letter for letter in sources if letter in allowed), order, self.settings.limit(self.kind)
        )


@dataclass(frozen=True, slots=True)
class ServedImage:
    """An answer: bytes with all that its headers need.

    `release_date` as `YYYY-MM-DD` when known; `max_age` in seconds is how long a client may believe it, `hold` how long the
    hot path may repeat it unasked; `stored_at` is Unix time. `cache_key` is None for what no layer holds: degraded images and placeholders.
    """

    body: bytes
    content_type: str
    etag: str
    release_date: str | None
    max_age: int
    cache_key: str | None = None
    degraded: bool = False
    hold: float = 0.0
    stored_at: float = 0.0

    @classmethod
    def held(cls, entry: ImageEntry, cache_key: str, *, hold: float = 0.0) -> "ServedImage":
        """The answer from what a layer holds."""
        return cls(
            body=entry.body,
            content_type=entry.content_type,
            etag=entry.etag,
            release_date=entry.release_date,
            max_age=FRESH_SECONDS,
            cache_key=cache_key,
            hold=hold,
            stored_at=entry.stored_at,
        )

    @classmethod
    async def unkept(
        cls, body: bytes, kind: ImageKind, *, release_date: str | None = None, degraded: bool = False
    ) -> "ServedImage":
        """The answer from bytes that no layer holds: a placeholder, or an image a part of which could not be had."""
        return cls(
            body=body,
            content_type=kind.content_type_of(body),
            etag=etag_of(await digest_of(body)),
            release_date=release_date,
            max_age=DEGRADED_SECONDS,
            degraded=degraded,
        )
