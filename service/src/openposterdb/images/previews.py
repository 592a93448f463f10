"""Previews: pictures for a designer who tries settings out, drawn beside the images and kept nowhere but in memory."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cachetools import TTLCache

from openposterdb.art.base import BaseArt
from openposterdb.art.choice import Wanted
from openposterdb.caching.keys import Look
from openposterdb.caching.memory import ENTRY_OVERHEAD
from openposterdb.caching.single_flight import SingleFlight
from openposterdb.caching.verified import digest
from openposterdb.clock import Clock
from openposterdb.domain import Badge, ImageKind, ImageSize, RatingSource
from openposterdb.images.composer import Composer
from openposterdb.images.generation import Generation, Ingredients
from openposterdb.images.knowledge import TitleKnowledge
from openposterdb.images.likely import LikelyKeys
from openposterdb.images.renderer import Renderer
from openposterdb.images.request import ImageRequest, ServedImage
from openposterdb.ratings.select import letters_of, select_badges
from openposterdb.settings import RenderSettings
from openposterdb.titles.ids import RequestedId

SAMPLE_RATINGS: Final = {
    RatingSource.IMDB: "8.5",
    RatingSource.TMDB: "85%",
    RatingSource.RT: "92%",
    RatingSource.RTA: "87%",
    RatingSource.MC: "78",
    RatingSource.TRAKT: "80%",
    RatingSource.LB: "4.2",
    RatingSource.MAL: "8.50",
}

_SAMPLES: Final = Path(__file__).with_name("samples")
"""Of an invented film, from the demo's catalogue; whose licence is in `demo/art/README.md`."""
_PICTURE_SECONDS: Final = 600
_SUBJECT_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class _Name:
    """Everything that a preview depends on: what is under the badges, how it looks, and the badges with their values."""

    subject: str
    suffix: str
    badges: tuple[Badge, ...]


_Subject = tuple[RequestedId, Wanted]


class Previews:
    """Draws previews, on sample art or on a title's own; those of the same picture share one drawing.

    Pictures are held for ten minutes, and what a title's are made of for two, since a slider asks for many of them; both
    within `max_bytes`, half of it each. The renderer has their art prepared: a control that is moved costs badges. What was drawn
    while a service failed is not held.
    """

    def __init__(
        self,
        renderer: Renderer,
        generation: Generation,
        knowledge: TitleKnowledge,
        composer: Composer,
        *,
        max_bytes: int,
        clock: Clock,
    ) -> None:
        self._renderer = renderer
        self._generation = generation
        self._knowledge = knowledge
        self._composer = composer
        self._likely = LikelyKeys(clock)
        self._samples: dict[ImageKind, BaseArt] = {}
        self._pictures: TTLCache[_Name, ServedImage] = TTLCache(
            max_bytes // 2, _PICTURE_SECONDS, clock.monotonic, getsizeof=lambda image: len(image.body) + ENTRY_OVERHEAD
        )
        self._subjects: TTLCache[_Subject, Ingredients] = TTLCache(
            max_bytes // 2, _SUBJECT_SECONDS, clock.monotonic, getsizeof=lambda made_of: len(made_of.base.data)
        )
        self._drawing: SingleFlight[_Name, ServedImage] = SingleFlight()
        self._gathering: SingleFlight[_Subject, Ingredients] = SingleFlight()

    @property
    def held_bytes(self) -> int:
        """What is held."""
        return int(self._pictures.currsize + self._subjects.currsize)

    async def of_sample(self, kind: ImageKind, size: ImageSize, settings: RenderSettings) -> ServedImage:
        """The preview on sample art with sample ratings: always the same for the same settings. Raises Overloaded."""
        badges = select_badges(_shown(settings), settings.order(), settings.limit(kind))

        async def draw() -> ServedImage:
            body = await self._renderer.render(kind, self._sample(kind), badges, settings, size)
            return await ServedImage.unkept(body, kind)

        return await self._held_or_drawn(_name("sample", kind, size, settings, badges), draw)

    async def of_title(self, request: ImageRequest) -> ServedImage:
        """The preview on a title's own art with its own ratings; degraded when a service failed that should have told more.

        Of a title that has images, art and ratings are kept, and no upstream is asked. Raises NotFound, NotConfigured,
        UpstreamError, BadArt, Overloaded.
        """
        if not self.is_gathered(request) and (kept := await self._of_what_is_kept(request)) is not None:
            return kept
        made_of = await self._made_of(request)
        badges = request.badges(made_of.ratings.values)
        made_of = replace(made_of, badges=badges)

        async def draw() -> ServedImage:
            drawn = await self._generation.draw(request, made_of, self._renderer)
            degraded = made_of.failed is not None or drawn.picture is not made_of.picture
            return await ServedImage.unkept(drawn.body, request.kind, degraded=degraded)

        name = _name(made_of.picture.store_name, request.kind, request.size, request.settings, badges)
        return await self._held_or_drawn(name, draw)

    def is_gathered(self, request: ImageRequest) -> bool:
        """Whether the title's ratings and art are at hand, so that its preview asks no upstream."""
        return (request.requested, request.wanted()) in self._subjects

    async def drain(self) -> None:
        """Wait for the previews under way."""
        await self._gathering.drain()
        await self._drawing.drain()

    async def _held_or_drawn(self, name: _Name, draw: Callable[[], Awaitable[ServedImage]]) -> ServedImage:
        held = self._pictures.get(name)
        if held is not None:
            return held

        async def draw_and_hold() -> ServedImage:
            return self._hold(name, await draw())

        return await self._drawing.run(name, draw_and_hold)

    def _hold(self, name: _Name, image: ServedImage) -> ServedImage:
        if not image.degraded and len(image.body) + ENTRY_OVERHEAD <= self._pictures.maxsize:
            self._pictures[name] = image
        return image

    async def _of_what_is_kept(self, request: ImageRequest) -> ServedImage | None:
        known = await self._knowledge.find(request.requested)
        if known is None or known.values is None:
            return None
        for key in self._likely.predicted(request, known):
            name = _name(
                f"kept/{key.tier}/{known.title}",
                request.kind,
                request.size,
                request.settings,
                request.badges(known.values),
            )
            held = self._pictures.get(name)
            if held is not None:
                return held
            composed = await self._composer.of(request, known, key)(False)
            if composed is not None:
                return self._hold(name, await ServedImage.unkept(composed.body, request.kind))
        return None

    async def _made_of(self, request: ImageRequest) -> Ingredients:
        """Title, ratings and art: the same whatever the badges look like."""
        subject = (request.requested, request.wanted())
        held = self._subjects.get(subject)
        if held is not None:
            return held

        async def gather() -> Ingredients:
            made_of = await self._generation.gather(request)
            if made_of.failed is None and len(made_of.base.data) <= self._subjects.maxsize:
                self._subjects[subject] = made_of
            return made_of

        return await self._gathering.run(subject, gather)

    def _sample(self, kind: ImageKind) -> BaseArt:
        if kind not in self._samples:
            data = next(_SAMPLES.glob(f"{kind.value}.*")).read_bytes()
            self._samples[kind] = BaseArt(data, digest(data), stored=True)
        return self._samples[kind]


def _shown(settings: RenderSettings) -> dict[RatingSource, str]:
    order = settings.order()
    return {source: value for source, value in SAMPLE_RATINGS.items() if source in order}


def _name(subject: str, kind: ImageKind, size: ImageSize, settings: RenderSettings, badges: tuple[Badge, ...]) -> _Name:
    look = Look(kind, size, settings).resolved()
    return _Name(f"{kind.folder}/{subject}", look.suffix(letters_of(badges)), badges)
