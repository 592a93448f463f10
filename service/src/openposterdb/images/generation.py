"""Making one image: title, ratings and art side by side, then the render, then the layers."""

import asyncio
from dataclasses import dataclass, replace

import structlog

import openposterdb_render as native
from openposterdb.art.base import BaseArt, BaseArtReader
from openposterdb.art.choice import Picture
from openposterdb.art.chooser import ArtChooser
from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.keys import ImageKey, Look, Tier
from openposterdb.caching.layers import ImageLayers
from openposterdb.caching.single_flight import SingleFlight
from openposterdb.domain import Badge, TitleId
from openposterdb.errors import BadArt, NotFound, UpstreamError, UpstreamUnavailable
from openposterdb.images.knowledge import TitleKnowledge
from openposterdb.images.renderer import Renderer
from openposterdb.images.request import DEGRADED_SECONDS, ImageRequest, ServedImage
from openposterdb.images.sharing import SharedRenders
from openposterdb.images.shelf import Shelf
from openposterdb.ratings.reader import Ratings, RatingsReader
from openposterdb.ratings.select import letters_of
from openposterdb.telemetry import Metrics, within_span
from openposterdb.titles.ids import RequestedId
from openposterdb.titles.resolver import TitleResolver
from openposterdb.titles.title import Title

log = structlog.get_logger(__name__)


class Incomplete(UpstreamUnavailable):
    """A service that the image needs has failed, so what would be drawn is not worth to replace the one there is (503)."""


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What an image is made of: its title, the badges, and the picture to draw them on."""

    title: Title
    ratings: Ratings
    badges: tuple[Badge, ...]
    picture: Picture
    base: BaseArt

    @property
    def failed(self) -> str | None:
        """A service that failed, so that something is left out or stands in for something else."""
        return min(self.ratings.failed, default=None) or ("fanart" if self.picture.substitute else None)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A render, the picture under it, and the very bytes of that picture: not always those that were gathered."""

    body: bytes
    picture: Picture
    base: BaseArt


@dataclass(frozen=True, slots=True)
class Generated:
    """A made image, whose title it is, and the tier its art came from (None when that may change in a moment)."""

    image: ServedImage
    title: TitleId
    tier: Tier | None


class Generation:
    """Makes images; requests that lead to one cache key share one render, whatever ids and settings they came with."""

    def __init__(
        self,
        *,
        titles: TitleResolver,
        ratings: RatingsReader,
        chooser: ArtChooser,
        bases: BaseArtReader,
        renderer: Renderer,
        knowledge: TitleKnowledge,
        layers: ImageLayers,
        shelf: Shelf,
        background: BackgroundTasks,
        metrics: Metrics,
        share: SharedRenders | None = None,
    ) -> None:
        self._titles = titles
        self._ratings = ratings
        self._chooser = chooser
        self._bases = bases
        self._renderer = renderer
        self._knowledge = knowledge
        self._layers = layers
        self._shelf = shelf
        self._background = background
        self._metrics = metrics
        self._share = share
        self._renders: SingleFlight[tuple[str, bool], ServedImage] = SingleFlight()

    async def gather(self, request: ImageRequest) -> Ingredients:
        """What the image is made of. Raises NotFound, NotConfigured, UpstreamError, BadArt."""
        title = await within_span("resolve", self._titles.resolve(request.requested))
        ratings, (picture, base) = await self._side_by_side(request, title)
        return Ingredients(title, ratings, request.badges(ratings.values), picture, base)

    async def generate(self, request: ImageRequest, *, refresh: bool = False) -> Generated:
        """The image; with `refresh` it is drawn even though a layer holds it.

        Raises NotFound, NotConfigured, UpstreamError, BadArt. What a failing service should have contributed is left out;
        such an image is degraded: it is served, and kept by nobody but the caller. A refresh raises Incomplete instead.
        """
        made_of = await self.gather(request)
        title, ratings = made_of.title, made_of.ratings
        if refresh and made_of.failed is not None:
            raise Incomplete(made_of.failed, "does not answer; the image stays as it is")
        if ratings.failed:
            for provider in ratings.failed:
                self._metrics.degraded.labels(provider).inc()
            drawn = await self.draw(request, made_of)
            return Generated(await self._unkept(request, title, drawn.body), title.id, None)
        self._background.start(  # a database that is slow or locked delays no poster
            self._knowledge.remember(
                request.requested, title.completed(ratings.ids), ratings.values, title.release_date
            ),
            name="keep_title",
        )
        key = str(_key(request, made_of))
        image = await self._renders.run(
            (key, refresh), lambda: self._one_render(request, made_of, key, refresh=refresh)
        )
        if made_of.picture.substitute or image.degraded:
            if refresh:
                raise Incomplete("fanart", "has no picture that can be drawn on; the image stays as it is")
            self._metrics.degraded.labels("fanart").inc()
            return Generated(replace(image, degraded=True, max_age=DEGRADED_SECONDS, cache_key=None), title.id, None)
        return Generated(image, title.id, made_of.picture.tier)

    async def draw(self, request: ImageRequest, made_of: Ingredients, renderer: Renderer | None = None) -> Drawn:
        """The image, drawn by `renderer`, or else by that of images.

        A picture that turns out to be none is dropped and fetched once more: the copy may have been cut short on its way.
        A poster of Fanart's that is broken for good is replaced by TMDB's.
        """
        picture, base = made_of.picture, made_of.base

        async def render(picture: Picture, base: BaseArt) -> Drawn:
            drawing = renderer or self._renderer
            await self._shelf.bring(_key(request, made_of), self._options(request), base.digest)
            body = await drawing.render(
                request.kind, base, made_of.badges, request.settings, request.size, request.encoding
            )
            if not base.stored:
                self._background.start(self._bases.keep(picture, base), name="keep_base_art")
            return Drawn(body, picture, base)

        try:
            return await render(picture, base)
        except BadArt as error:
            log.warning("base_art_bad", service=picture.service, stored=base.stored, error=str(error))
            await self._bases.reject(picture, base)
        try:
            return await render(picture, await self._bases.fetch(picture))
        except (BadArt, NotFound, UpstreamError):
            substitute = await self._substitute(picture, made_of.title, request)
            if substitute is None:
                raise
        return await render(substitute, await self._bases.fetch(substitute))

    async def means(self, requested: RequestedId) -> TitleId:
        """The title that this id means now. Raises NotFound or an UpstreamError."""
        return (await self._titles.resolve(requested)).id

    async def forget(self, title: TitleId) -> None:
        """Ask the upstreams again from now on, whatever they said of this title lately. Raises NotFound, UpstreamError."""
        await self._chooser.forget(title)
        self._ratings.forget(title)
        self._titles.forget(title)

    async def drain(self) -> None:
        """Wait for the renders under way."""
        await self._renders.drain()

    async def _side_by_side(self, request: ImageRequest, title: Title) -> tuple[Ratings, tuple[Picture, BaseArt]]:
        """Ratings and art at once; nobody waits for ratings where there is nothing to draw them on."""
        reading = asyncio.ensure_future(within_span("ratings", self._ratings.read(title)))
        fetching = asyncio.ensure_future(within_span("art", self._art(request, title)))
        try:
            art = await fetching
            return await reading, art
        finally:
            reading.cancel()
            fetching.cancel()

    async def _art(self, request: ImageRequest, title: Title) -> tuple[Picture, BaseArt]:
        """The picture to draw on and its bytes; TMDB's where Fanart's cannot be had."""
        wanted = request.wanted()
        picture = await self._chooser.choose(title, wanted)
        try:
            return picture, await self._bases.fetch(picture)
        except (UpstreamError, NotFound, BadArt) as error:
            substitute = await self._substitute(picture, title, request)
            if substitute is None:
                raise
            log.warning("fanart_picture_failed", error=str(error))
            return substitute, await self._bases.fetch(substitute)

    async def _substitute(self, picture: Picture, title: Title, request: ImageRequest) -> Picture | None:
        if picture.service != "fanart":
            return None
        return await self._chooser.choose_substitute(title, request.wanted())

    async def _one_render(self, request: ImageRequest, made_of: Ingredients, key: str, *, refresh: bool) -> ServedImage:
        """Of all replicas that need the image one draws it. Who draws it again does so alone: the others do not wait."""
        if refresh or self._share is None:
            return await self._held_or_drawn(request, made_of, key, refresh=refresh)
        return await self._share(key, lambda: self._held_or_drawn(request, made_of, key, refresh=False))

    async def _held_or_drawn(
        self, request: ImageRequest, made_of: Ingredients, key: str, *, refresh: bool
    ) -> ServedImage:
        title = made_of.title
        entry = None if refresh else await self._layers.get(request.kind, key)
        if entry is None:
            purges_seen = self._layers.purges_seen
            drawn = await self.draw(request, made_of)
            if drawn.picture is not made_of.picture:
                return await self._unkept(request, title, drawn.body)
            shelved = self._shelf.keep(_key(request, made_of), self._options(request), drawn.base.digest, purges_seen)
            entry = await self._layers.put(request.kind, key, drawn.body, title.release_date, stored=not shelved)
        return ServedImage.held(entry, key)

    def _options(self, request: ImageRequest) -> native.RenderSettings:
        return self._renderer.options(request.kind, request.settings, request.size)

    @staticmethod
    async def _unkept(request: ImageRequest, title: Title, body: bytes) -> ServedImage:
        return await ServedImage.unkept(body, request.kind, release_date=title.release_date, degraded=True)


def _key(request: ImageRequest, made_of: Ingredients) -> ImageKey:
    return ImageKey(
        title=made_of.title.id,
        look=Look(request.kind, request.size, request.settings, request.encoding),
        letters=letters_of(made_of.badges),
        tier=made_of.picture.tier,
        language=request.language,
    )
