"""The way of one image request: known and cached, or made once for everyone who asks."""

import asyncio
import math
import random
from collections.abc import Callable
from dataclasses import replace

import structlog
from cachetools import TTLCache

from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.layers import ImageLayers
from openposterdb.caching.memory import ENTRY_OVERHEAD, ImageEntry
from openposterdb.caching.single_flight import SingleFlight
from openposterdb.caching.staleness import is_due_early, is_stale, jittered, stale_after
from openposterdb.clock import Clock
from openposterdb.errors import OpenPosterDBError, UpstreamError, bare
from openposterdb.fleet.locks import Locks
from openposterdb.images.composer import Composer
from openposterdb.images.generation import Generated, Generation
from openposterdb.images.knowledge import Known, TitleKnowledge
from openposterdb.images.likely import LikelyKeys, fallback_keys, falls_back
from openposterdb.images.renewal import Renewal
from openposterdb.images.request import DEGRADED_SECONDS, ImageRequest, ServedImage
from openposterdb.telemetry import Metrics
from openposterdb.titles.ids import canonical_id
from openposterdb.upstreams.budgets import Priority
from openposterdb.upstreams.purpose import working_for

log = structlog.get_logger(__name__)

_ERROR_SECONDS = 2
_LOOK_AGAIN_SECONDS = 60
_ENTRIES = 10_000


class ImageService:
    """Answers image requests from what is known and cached, makes the rest, and refreshes behind stale answers.

    Every request for the same picture shares one execution, its error included; an error is remembered for two seconds, a
    degraded image for sixty, neither in any layer below.
    """

    def __init__(
        self,
        *,
        knowledge: TitleKnowledge,
        layers: ImageLayers,
        composer: Composer,
        generation: Generation,
        background: BackgroundTasks,
        ratings_stale_secs: int,
        ratings_max_age_secs: int,
        degraded_bytes: int,
        clock: Clock,
        metrics: Metrics,
        locks: Locks | None = None,
        luck: Callable[[], float] = random.random,
    ) -> None:
        self._knowledge = knowledge
        self._luck = luck
        self._cost = 0.0
        self._layers = layers
        self._composer = composer
        self._generation = generation
        self._min_stale = ratings_stale_secs
        self._max_age = ratings_max_age_secs
        self._clock = clock
        self._metrics = metrics
        self._requests: SingleFlight[ImageRequest, ServedImage] = SingleFlight()
        self._redraws: SingleFlight[ImageRequest, ServedImage] = SingleFlight()
        self._degraded: TTLCache[ImageRequest, tuple[ServedImage, float]] = TTLCache(
            degraded_bytes, DEGRADED_SECONDS, clock.monotonic, getsizeof=lambda held: len(held[0].body) + ENTRY_OVERHEAD
        )
        self._errors: TTLCache[ImageRequest, OpenPosterDBError] = TTLCache(_ENTRIES, _ERROR_SECONDS, clock.monotonic)
        self._likely = LikelyKeys(clock)
        self._renewal = Renewal(
            knowledge=knowledge,
            likely=self._likely,
            generation=generation,
            layers=layers,
            background=background,
            keep=self._keep,
            locks=locks,
            clock=clock,
            metrics=metrics,
        )

    async def get(self, request: ImageRequest) -> ServedImage:
        """The image. Raises NotFound, NotConfigured, UpstreamError, BadArt; callers of one picture share the outcome."""
        return await self.find(request) or await asyncio.shield(self.start(request))

    async def find(self, request: ImageRequest) -> ServedImage | None:
        """The image if a layer has it, stale or not; a stale one starts its refresh. No upstream is asked."""
        known = await self._knowledge.find(request.requested)
        if known is not None:
            for key in self._likely.predicted(request, known):
                entry = await self._layers.get(request.kind, str(key), self._composer.of(request, known, key))
                if entry is not None:
                    return self._serve(request, known, str(key), entry)
        return self._still_degraded(request)

    def holds(self, image: ServedImage) -> bool:
        """Whether memory has these very bytes, so that to repeat them costs no room of its own."""
        entry = self._layers.memory.peek(image.cache_key) if image.cache_key is not None else None
        return entry is not None and entry.etag == image.etag

    def start(self, request: ImageRequest) -> asyncio.Task[ServedImage]:
        """Begin to make the image, or join those who do; the work goes on when nobody waits for it."""
        task, begun = self._requests.start(request, lambda: self._make(request))
        if not begun:
            self._metrics.coalesced.labels("process").inc()
        return task

    async def refresh(self, request: ImageRequest) -> ServedImage:
        """The image, drawn again from what the upstreams say now, in place of the one there is.

        Raises Incomplete and leaves things as they are when a service fails; NotFound, NotConfigured, UpstreamError, BadArt.
        """
        return await self._redraws.run(request, lambda: self._redraw(request))

    def forget(self) -> None:
        """Images were purged: drop what is remembered beside them."""
        self._likely.forget()
        self._degraded.clear()

    def stale_in(self, release_date: str | None, stored_at: float, key: str) -> float:
        """Seconds until an image goes stale, negative when it has, infinite when it never does."""
        now = self._clock.now()
        limit = jittered(stale_after(release_date, self._min_stale, self._max_age, now), key)
        return float("inf") if limit == 0 else stored_at + limit - now

    async def drain(self) -> None:
        """Wait for the images under way."""
        await self._requests.drain()
        await self._redraws.drain()

    async def _make(self, request: ImageRequest) -> ServedImage:
        if (error := self._errors.get(request)) is not None:
            raise bare(error)
        began = self._clock.monotonic()
        try:
            made = await self._generation.generate(request)
        except UpstreamError as error:
            if (held := await self._held_by_another_tier(request)) is not None:
                return held
            self._errors[request] = bare(error)
            raise
        except OpenPosterDBError as error:
            self._errors[request] = bare(error)
            raise
        if made.image.degraded and (held := await self._held_by_another_tier(request)) is not None:
            return held
        self._note_cost(self._clock.monotonic() - began)
        return self._keep(request, made)

    async def _redraw(self, request: ImageRequest) -> ServedImage:
        known = await self._knowledge.find(request.requested)
        if known is not None:
            await self._generation.forget(known.title)
            request = replace(request, requested=canonical_id(known.title))
        with working_for(Priority.INTERACTIVE, afresh=True):
            made = await self._generation.generate(request, refresh=True)
        return self._keep(request, made)

    async def _held_by_another_tier(self, request: ImageRequest) -> ServedImage | None:
        """While an upstream fails: the whole image made before of other art, since nobody can say now which is right.

        Fanart's posters fall back to other art, and after a restart it is not known which of them did.
        """
        if not falls_back(request):
            return None
        known = await self._knowledge.find(request.requested)
        if known is None:
            return None
        for key in fallback_keys(request, known):
            entry = await self._layers.get(request.kind, str(key), self._composer.of(request, known, key))
            if entry is not None:
                served = ServedImage.held(entry, str(key))
                return replace(served, cache_key=None, degraded=True, max_age=DEGRADED_SECONDS)
        return None

    def _keep(self, request: ImageRequest, made: Generated) -> ServedImage:
        if made.tier is not None:
            self._likely.remember(request, made.title, made.tier)
        if made.image.degraded and made.image.cache_key is None:
            if len(made.image.body) + ENTRY_OVERHEAD <= self._degraded.maxsize:
                self._degraded[request] = (made.image, self._clock.monotonic() + DEGRADED_SECONDS)
        else:
            self._degraded.pop(request, None)
        return made.image if made.image.cache_key is None else self._holdable(made.image, made.image.cache_key)

    def _still_degraded(self, request: ImageRequest) -> ServedImage | None:
        """The image made while a provider failed, to be believed for the rest of its time."""
        held = self._degraded.get(request)
        if held is None:
            return None
        image, until = held
        return replace(image, max_age=max(1, math.ceil(until - self._clock.monotonic())))

    def _serve(self, request: ImageRequest, known: Known, key: str, entry: ImageEntry) -> ServedImage:
        stale_in = self.stale_in(entry.release_date, entry.stored_at, key)
        index_limit = stale_after(known.release_date, self._min_stale, self._max_age, self._clock.now())
        stale = stale_in < 0 or is_stale(known.updated_at, jittered(index_limit, str(known.title)), self._clock.now())
        if stale or is_due_early(stale_in, self._cost, self._luck()):
            self._renewal.behind(request, key, entry)
        elif request.requested.is_second_choice(known.title):
            self._renewal.resolve_behind(request, known.title)
        if not stale:
            return ServedImage.held(entry, key, hold=max(0.0, min(stale_in, _LOOK_AGAIN_SECONDS)))
        failing = self._renewal.is_failing(key)
        if failing:
            self._metrics.degraded.labels("stale").inc()
        # nobody may call it fresh: whether its renewal fails is known to one replica, and only afterwards
        return replace(ServedImage.held(entry, key), max_age=DEGRADED_SECONDS, degraded=failing)

    def _note_cost(self, seconds: float) -> None:
        """What an image takes to make, as a slowly moving mean."""
        self._cost = seconds if self._cost == 0 else 0.9 * self._cost + 0.1 * seconds

    def _holdable(self, image: ServedImage, key: str) -> ServedImage:
        """The image with the time for which it may be repeated without another look at its staleness."""
        now = self._clock.now()
        return replace(image, hold=max(0.0, min(self.stale_in(image.release_date, now, key), _LOOK_AGAIN_SECONDS)))
