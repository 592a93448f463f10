"""The composition root: every collaborator of a running service, built once and handed on."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from openposterdb.accounts.admins import Admins
from openposterdb.accounts.audit import AuditTrail
from openposterdb.accounts.housekeeping import Housekeeping
from openposterdb.accounts.last_used import LastUsed
from openposterdb.accounts.opening import Accounts, open_accounts
from openposterdb.accounts.owners import KeySessions
from openposterdb.accounts.passwords import Passwords
from openposterdb.accounts.registry import KeyRegistry
from openposterdb.accounts.settings import SettingsCache
from openposterdb.art.base import BaseArtReader
from openposterdb.art.chooser import ArtChooser
from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.bucket import BucketStore
from openposterdb.caching.eviction import FolderBound
from openposterdb.caching.folder import FolderStore
from openposterdb.caching.layers import ImageLayers, Layer
from openposterdb.caching.memory import ImageMemory
from openposterdb.caching.store import ImageStore, NullStore, StoreUnavailable, base_art_section, rendered_section
from openposterdb.caching.verified import VerifiedStore
from openposterdb.clock import Clock
from openposterdb.config import Environment
from openposterdb.fleet.changes import FleetChangeFeed
from openposterdb.fleet.opening import Fleet, open_fleet
from openposterdb.images import (
    RENDERER_EPOCH,
    CdnAddresses,
    Generation,
    ImagePurges,
    ImageService,
    Placeholders,
    Previews,
    Renderer,
    TitleKnowledge,
)
from openposterdb.images.prepared import PreparedPictures
from openposterdb.images.renderer import PREVIEWS
from openposterdb.ratings.reader import RatingsReader
from openposterdb.storage.changes import DatabaseChangeFeed
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import (
    AliasRepository,
    ApiKeyRepository,
    BaseArtRepository,
    CdnSettingsRepository,
    ImageMetaRepository,
    ImagePurgeRepository,
    KeyUsageRepository,
    RatingIndexRepository,
    SettingsRepository,
)
from openposterdb.telemetry import Metrics
from openposterdb.titles.resolver import TitleResolver
from openposterdb.upstreams.breaker import Breaker
from openposterdb.upstreams.opening import Upstreams, open_upstreams

log = structlog.get_logger(__name__)

_MEBIBYTE = 1024 * 1024
_PREPARED_SHARE = 4
"""Of the memory for images: a prepared picture is as large as an image and stands in for a render of it in any look."""
_DEGRADED_SHARE = 16
_PREVIEW_SHARE = 16
_LEAST_PREVIEW_BYTES = 8 * _MEBIBYTE
_PREVIEWS_AT_ONCE = 2
_PREVIEWS_WAITING = 32
_SETTLE_SECONDS = 2.0
_UNASKED = {"circuit_open", "overloaded"}
"""Outcomes of calls that were never made, so that they took no time."""


@dataclass(frozen=True, slots=True)
class Collaborators:
    """What the HTTP room and the commands work with."""

    environment: Environment
    clock: Clock
    metrics: Metrics
    database: Database
    keys: KeyRegistry
    key_repository: ApiKeyRepository
    key_sessions: KeySessions
    admins: Admins
    passwords: Passwords
    audit: AuditTrail
    usage: KeyUsageRepository
    last_used: LastUsed
    housekeeping: Housekeeping
    settings: SettingsCache
    settings_repository: SettingsRepository
    titles: TitleResolver
    ratings: RatingsReader
    knowledge: TitleKnowledge
    circuits: Mapping[str, Breaker]
    changes: DatabaseChangeFeed | FleetChangeFeed
    fleet: Fleet | None
    memory: ImageMemory
    prepared: PreparedPictures
    layers: ImageLayers
    images: ImageService
    purges: ImagePurges
    cdn_addresses: CdnAddresses
    placeholders: Placeholders
    previews: Previews
    background: BackgroundTasks


@asynccontextmanager
async def open_collaborators(
    environment: Environment, *, clock: Clock, metrics: Metrics
) -> AsyncGenerator[Collaborators]:
    """Everything, connected to its database and upstreams; closed in reverse at the end, work under way finished first."""
    database = await Database.open(environment.database)
    try:
        observe = UpstreamObserver(metrics)
        background = BackgroundTasks()
        async with (
            open_accounts(environment, database, background, clock) as accounts,
            open_upstreams(environment, clock=clock, observe=observe) as upstreams,
            _open_fleet(environment, clock=clock, metrics=metrics) as fleet,
        ):
            if environment.external_cache_only and not environment.enable_cdn_redirects:
                log.warning("nothing_keeps_images", reason="EXTERNAL_CACHE_ONLY without ENABLE_CDN_REDIRECTS")
            store = _open_store(environment)
            prepared = PreparedPictures(environment.image_mem_cache_mb * _MEBIBYTE // _PREPARED_SHARE, clock)
            renderer = Renderer(
                concurrency=environment.render_concurrency,
                quality=environment.quality,
                prepared=prepared,
                metrics=metrics,
            )
            beside = Renderer(
                concurrency=_PREVIEWS_AT_ONCE,
                quality=environment.quality,
                prepared=prepared,
                metrics=metrics,
                lane=PREVIEWS,
                most_waiting=_PREVIEWS_WAITING,
            )
            renderers = (renderer, beside)
            built = _build(
                environment,
                clock,
                metrics,
                database,
                accounts,
                background,
                upstreams,
                store,
                renderers,
                prepared,
                fleet,
            )
            if store is not None:
                built.background.start(_tidy(store, built.layers), name="tidy_image_store")
            try:
                yield built
            finally:
                await built.last_used.flush()
                await _settle(built)
                renderer.close()
                beside.close()
                if store is not None:
                    store.close()
    finally:
        await database.close()


async def _settle(collaborators: Collaborators) -> None:
    """Let what is under way end, but not for long: whoever stops a server has waited for it before, within a budget."""
    try:
        async with asyncio.timeout(_SETTLE_SECONDS):
            await collaborators.images.drain()
            await collaborators.purges.drain()
            await collaborators.previews.drain()
            await collaborators.background.drain()
    except TimeoutError:
        log.warning("work_left_unfinished", background=len(collaborators.background))


def _build(
    environment: Environment,
    clock: Clock,
    metrics: Metrics,
    database: Database,
    accounts: Accounts,
    background: BackgroundTasks,
    upstreams: Upstreams,
    kept: FolderStore | BucketStore | None,
    renderers: tuple[Renderer, Renderer],
    prepared: PreparedPictures,
    fleet: Fleet | None,
) -> Collaborators:
    renderer, beside = renderers
    stale_secs = environment.ratings_stale_secs
    store: ImageStore = NullStore() if kept is None else kept
    memory_bytes = environment.image_mem_cache_mb * _MEBIBYTE
    memory = ImageMemory(memory_bytes - prepared.max_bytes, clock)
    layers = ImageLayers(
        memory=memory,
        store=None if kept is None else VerifiedStore(rendered_section(kept, RENDERER_EPOCH)),
        index=ImageMetaRepository(database),
        background=background,
        clock=clock,
        observe=LookupCounter(metrics),
        shared=None if fleet is None else fleet.images(RENDERER_EPOCH),
    )
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
            VerifiedStore(base_art_section(store)),
            BaseArtRepository(database),
            upstreams.pictures,
            image_stale_secs=environment.image_stale_secs,
            clock=clock,
        ),
        renderer=renderer,
        knowledge=knowledge,
        layers=layers,
        background=background,
        metrics=metrics,
    )
    key_repository, settings_repository = ApiKeyRepository(database, clock), SettingsRepository(database)
    _export_memory(metrics, memory, prepared)
    if isinstance(kept, FolderStore) and kept.bound is not None:
        _export_folder(metrics, kept.bound)
    return Collaborators(
        environment=environment,
        clock=clock,
        metrics=metrics,
        database=database,
        keys=KeyRegistry(key_repository, settings_repository, clock, free_key_enabled=environment.free_key_enabled),
        key_repository=key_repository,
        key_sessions=accounts.key_sessions,
        admins=accounts.admins,
        passwords=accounts.passwords,
        audit=accounts.audit,
        usage=accounts.usage,
        last_used=LastUsed(accounts.usage, clock),
        housekeeping=accounts.housekeeping,
        settings=SettingsCache(settings_repository, clock),
        settings_repository=settings_repository,
        titles=titles,
        ratings=ratings,
        knowledge=knowledge,
        circuits=upstreams.circuits,
        changes=_change_feed(database, clock, fleet),
        fleet=fleet,
        memory=memory,
        prepared=prepared,
        layers=layers,
        images=ImageService(
            knowledge=knowledge,
            layers=layers,
            generation=generation,
            background=background,
            ratings_stale_secs=stale_secs,
            ratings_max_age_secs=environment.ratings_max_age_secs,
            degraded_bytes=max(_MEBIBYTE, memory_bytes // _DEGRADED_SHARE),
            clock=clock,
            metrics=metrics,
        ),
        purges=ImagePurges(ImagePurgeRepository(database, clock), layers, background, clock),
        cdn_addresses=CdnAddresses(CdnSettingsRepository(database), background, clock, renderer_epoch=RENDERER_EPOCH),
        placeholders=Placeholders(renderer, clock),
        previews=Previews(
            beside, generation, max_bytes=max(_LEAST_PREVIEW_BYTES, memory_bytes // _PREVIEW_SHARE), clock=clock
        ),
        background=background,
    )


@asynccontextmanager
async def _open_fleet(environment: Environment, *, clock: Clock, metrics: Metrics) -> AsyncGenerator[Fleet | None]:
    if environment.redis_url is None:
        yield None
        return
    async with open_fleet(environment.redis_url.get_secret_value(), clock=clock, metrics=metrics) as fleet:
        yield fleet


def _change_feed(database: Database, clock: Clock, fleet: Fleet | None) -> DatabaseChangeFeed | FleetChangeFeed:
    feed = DatabaseChangeFeed(database, clock)
    return feed if fleet is None else FleetChangeFeed(feed, database, notices=fleet.notices, clock=clock)


def _open_store(environment: Environment) -> FolderStore | BucketStore | None:
    if environment.external_cache_only:
        return None
    if environment.image_store_url is not None:
        return BucketStore(environment.image_store_url)
    megabytes = environment.cache_max_mb
    return FolderStore(environment.cache_dir, max_bytes=None if megabytes is None else megabytes * _MEBIBYTE)


async def _tidy(store: FolderStore | BucketStore, layers: ImageLayers) -> None:
    """Remove what killed writers left; a store that is read-only or full now is used all the same, since it may recover."""
    try:
        await store.tidy()
    except StoreUnavailable as error:
        layers.health.problem = str(error)
        log.warning("image_store_unavailable", error=str(error))


def _export_memory(metrics: Metrics, memory: ImageMemory, prepared: PreparedPictures) -> None:
    metrics.cache_bytes.labels("memory").set_function(lambda: memory.bytes)
    memory.subscribe_evictions(metrics.cache_evictions.labels("memory").inc)
    metrics.cache_bytes.labels("prepared").set_function(lambda: prepared.bytes)
    prepared.subscribe_evictions(metrics.cache_evictions.labels("prepared").inc)


def _export_folder(metrics: Metrics, bound: FolderBound) -> None:
    metrics.cache_bytes.labels("store").set_function(lambda: bound.held)
    evictions = metrics.cache_evictions.labels("store")
    bound.subscribe(lambda sweep: evictions.inc(sweep.deleted))


class LookupCounter:
    """Counts look-ups by layer and result."""

    def __init__(self, metrics: Metrics) -> None:
        self._counters = {
            (layer, hit): metrics.cache_requests.labels(layer, "hit" if hit else "miss")
            for layer in ("memory", "redis", "store")
            for hit in (True, False)
        }

    def __call__(self, layer: Layer, *, hit: bool) -> None:
        """Count one."""
        self._counters[layer, hit].inc()


class UpstreamObserver:
    """Counts and times the calls of upstream services."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, service: str, outcome: str, seconds: float) -> None:
        """Note one call."""
        self._metrics.upstream_requests.labels(service, outcome).inc()
        if outcome not in _UNASKED:
            self._metrics.upstream_seconds.labels(service).observe(seconds)
