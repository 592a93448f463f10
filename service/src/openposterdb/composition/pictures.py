"""What makes pictures: the renderers, and the way from a title to an image or a preview."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Final

from openposterdb.art.base import BaseArtReader
from openposterdb.art.chooser import ArtChooser
from openposterdb.composition.ground import MEBIBYTE, Ground
from openposterdb.composition.stores import Stores
from openposterdb.fleet.opening import Fleet
from openposterdb.images import (
    RENDERER_EPOCH,
    Generation,
    ImageService,
    Placeholders,
    Previews,
    Renderer,
    TitleKnowledge,
)
from openposterdb.images.composer import Composer
from openposterdb.images.limiter import RenderMemory
from openposterdb.images.renderer import PREVIEWS
from openposterdb.images.sharing import RENDERS_SECONDS, ImageCodec, SharedRenders
from openposterdb.ratings.reader import RatingsReader
from openposterdb.storage.repositories import AliasRepository, BaseArtRepository, RatingIndexRepository
from openposterdb.titles.resolver import TitleResolver
from openposterdb.upstreams.opening import Upstreams

_DEGRADED_SHARE: Final = 16
_PREVIEW_SHARE: Final = 16
_LEAST_PREVIEW_BYTES: Final = 8 * MEBIBYTE
_PREVIEWS_AT_ONCE: Final = 2
_PREVIEWS_WAITING: Final = 32


@dataclass(frozen=True, slots=True)
class Pictures:
    """From what is known of a title to what is drawn of it."""

    titles: TitleResolver
    ratings: RatingsReader
    knowledge: TitleKnowledge
    composer: Composer
    images: ImageService
    placeholders: Placeholders
    previews: Previews


@contextmanager
def open_pictures(ground: Ground, upstreams: Upstreams, stores: Stores, fleet: Fleet | None) -> Generator[Pictures]:
    """Everything on two renderers, which are closed at the end: previews never stand in the way of images."""
    environment = ground.environment
    memory = RenderMemory(environment.render_memory_mb * MEBIBYTE)
    with (
        closing(
            Renderer(
                concurrency=ground.render_slots,
                quality=environment.quality,
                prepared=stores.prepared,
                metrics=ground.metrics,
                memory=memory,
            )
        ) as renderer,
        closing(
            Renderer(
                concurrency=_PREVIEWS_AT_ONCE,
                quality=environment.quality,
                prepared=stores.prepared,
                metrics=ground.metrics,
                lane=PREVIEWS,
                most_waiting=_PREVIEWS_WAITING,
                memory=memory,
            )
        ) as beside,
    ):
        yield _build_pictures(ground, upstreams, stores, fleet, renderer, beside)


def _build_pictures(
    ground: Ground,
    upstreams: Upstreams,
    stores: Stores,
    fleet: Fleet | None,
    renderer: Renderer,
    beside: Renderer,
) -> Pictures:
    environment, database, clock = ground.environment, ground.database, ground.clock
    stale_secs = environment.ratings_stale_secs
    titles = TitleResolver(upstreams.tmdb, clock=clock, ratings_stale_secs=stale_secs)
    ratings = RatingsReader(titles, upstreams.mdblist, upstreams.omdb, clock=clock, ratings_stale_secs=stale_secs)
    knowledge = TitleKnowledge(
        AliasRepository(database), RatingIndexRepository(database), ratings_stale_secs=stale_secs, clock=clock
    )
    generation = Generation(
        titles=titles,
        ratings=ratings,
        chooser=ArtChooser(titles, upstreams.fanart, tmdb_image_base_url=environment.tmdb_image_base_url, clock=clock),
        bases=BaseArtReader(
            stores.base_art,
            BaseArtRepository(database),
            upstreams.pictures,
            image_stale_secs=environment.image_stale_secs,
            clock=clock,
        ),
        renderer=renderer,
        knowledge=knowledge,
        layers=stores.layers,
        shelf=stores.shelf,
        background=ground.background,
        metrics=ground.metrics,
        share=None if fleet is None else _shared_renders(fleet, stores),
    )
    composer, beside_composer = (
        Composer(
            knowledge,
            stores.shelf,
            renders,
            ratings_stale_secs=stale_secs,
            ratings_max_age_secs=environment.ratings_max_age_secs,
            image_stale_secs=environment.image_stale_secs,
            clock=clock,
        )
        for renders in (renderer, beside)
    )
    return Pictures(
        titles=titles,
        ratings=ratings,
        knowledge=knowledge,
        composer=composer,
        images=ImageService(
            knowledge=knowledge,
            layers=stores.layers,
            composer=composer,
            generation=generation,
            background=ground.background,
            ratings_stale_secs=stale_secs,
            ratings_max_age_secs=environment.ratings_max_age_secs,
            degraded_bytes=max(MEBIBYTE, ground.image_memory // _DEGRADED_SHARE),
            clock=clock,
            metrics=ground.metrics,
            locks=None if fleet is None else fleet.locks,
        ),
        placeholders=Placeholders(renderer, clock),
        previews=Previews(
            beside,
            generation,
            knowledge,
            beside_composer,
            max_bytes=max(_LEAST_PREVIEW_BYTES, ground.image_memory // _PREVIEW_SHARE),
            clock=clock,
        ),
    )


def _shared_renders(fleet: Fleet, stores: Stores) -> SharedRenders:
    flight = fleet.flight("render", ImageCodec(), success_secs=RENDERS_SECONDS)
    return SharedRenders(flight, stores.layers, epoch=RENDERER_EPOCH)
