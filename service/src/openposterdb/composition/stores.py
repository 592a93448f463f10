"""Where images are kept: a folder or a bucket or nowhere, and the memory in front of it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from openposterdb.caching.bucket import BucketStore
from openposterdb.caching.folder import FolderStore
from openposterdb.caching.layers import ImageLayers
from openposterdb.caching.memory import ImageMemory
from openposterdb.caching.prepared import PreparedLayers
from openposterdb.caching.store import ImageStore, NullStore, StoreUnavailable, base_art_section, rendered_section
from openposterdb.caching.verified import VerifiedStore
from openposterdb.composition.ground import MEBIBYTE, Ground
from openposterdb.composition.observers import LookupCounter, export_folder, export_memory
from openposterdb.config import Environment
from openposterdb.fleet.opening import Fleet
from openposterdb.images import RENDERER_EPOCH
from openposterdb.images.prepared import PreparedPictures
from openposterdb.images.shelf import Shelf
from openposterdb.storage.repositories import ImageMetaRepository, PreparedArtRepository

log = structlog.get_logger(__name__)

_PREPARED_SHARE: Final = 4
"""Of the memory for images: a prepared picture is as large as an image and stands in for a render of it in any look."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Rendered images in `layers`, the first of which is `memory`; prepared pictures, those of titles on the `shelf`; and base art where it is stored."""

    memory: ImageMemory
    prepared: PreparedPictures
    shelf: Shelf
    layers: ImageLayers
    base_art: VerifiedStore


@contextmanager
def open_stores(ground: Ground, fleet: Fleet | None) -> Generator[Stores]:
    """The stores that the environment asks for, which begin to tidy themselves in the background; closed at the end."""
    kept = _open_store(ground.environment)
    try:
        stores = _build_stores(ground, kept, fleet)
        if kept is not None:
            ground.background.start(_tidy(kept, stores.layers), name="tidy_image_store")
        yield stores
    finally:
        if kept is not None:
            kept.close()


def _open_store(environment: Environment) -> FolderStore | BucketStore | None:
    if environment.external_cache_only:
        if not environment.enable_cdn_redirects:
            log.warning("nothing_keeps_images", reason="EXTERNAL_CACHE_ONLY without ENABLE_CDN_REDIRECTS")
        return None
    if environment.image_store_url is not None:
        return BucketStore(environment.image_store_url)
    megabytes = environment.cache_max_mb
    return FolderStore(environment.cache_dir, max_bytes=None if megabytes is None else megabytes * MEBIBYTE)


def _build_stores(ground: Ground, kept: FolderStore | BucketStore | None, fleet: Fleet | None) -> Stores:
    store: ImageStore = NullStore() if kept is None else kept
    prepared = PreparedPictures(ground.image_memory // _PREPARED_SHARE, ground.clock)
    memory = ImageMemory(ground.image_memory - prepared.max_bytes, ground.clock)
    export_memory(ground.metrics, memory, prepared)
    if isinstance(kept, FolderStore) and kept.bound is not None:
        export_folder(ground.metrics, kept.bound, workers=ground.environment.workers)
    rendered = None if kept is None else VerifiedStore(rendered_section(kept, RENDERER_EPOCH))
    layers = ImageLayers(
        memory=memory,
        store=rendered,
        index=ImageMetaRepository(ground.database),
        background=ground.background,
        clock=ground.clock,
        observe=LookupCounter(ground.metrics, ground.environment, ground.clock),
        shared=None if fleet is None else fleet.images(RENDERER_EPOCH),
    )
    art = PreparedLayers(
        store=rendered,
        shared=None if fleet is None else fleet.prepared(RENDERER_EPOCH),
        index=PreparedArtRepository(ground.database),
        epoch=RENDERER_EPOCH,
        quality=ground.environment.quality,
        health=layers.health,
        clock=ground.clock,
    )
    return Stores(
        memory=memory,
        prepared=prepared,
        shelf=Shelf(art, prepared, ground.background, ground.clock),
        layers=layers,
        base_art=VerifiedStore(base_art_section(store)),
    )


async def _tidy(store: FolderStore | BucketStore, layers: ImageLayers) -> None:
    """Remove what killed writers left; a store that is read-only or full now is used all the same, since it may recover."""
    try:
        await store.tidy()
    except StoreUnavailable as error:
        layers.health.problem = str(error)
        log.warning("image_store_unavailable", error=str(error))
