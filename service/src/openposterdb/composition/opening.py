"""Opening and closing a service: its parts in the order in which they need each other."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from openposterdb.accounts.last_used import LastUsed
from openposterdb.accounts.opening import Accounts, open_accounts
from openposterdb.accounts.registry import KeyRegistry
from openposterdb.accounts.settings import SettingsCache
from openposterdb.caching.background import BackgroundTasks
from openposterdb.clock import Clock
from openposterdb.composition.collaborators import Collaborators
from openposterdb.composition.ground import Ground
from openposterdb.composition.observers import UpstreamObserver, export_quotas
from openposterdb.composition.pictures import Pictures, open_pictures
from openposterdb.composition.stores import Stores, open_stores
from openposterdb.config import Environment
from openposterdb.fleet.changes import FleetChangeFeed
from openposterdb.fleet.opening import Fleet, open_fleet
from openposterdb.images import RENDERER_EPOCH, CdnAddresses, ImagePurges
from openposterdb.settings.declared import parse_declared
from openposterdb.storage.changes import DatabaseChangeFeed
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import (
    ApiKeyRepository,
    CdnSettingsRepository,
    ImagePurgeRepository,
    SettingsRepository,
)
from openposterdb.telemetry import Metrics
from openposterdb.upstreams.opening import Together, Upstreams, open_upstreams

log = structlog.get_logger(__name__)

_SETTLE_SECONDS: Final = 2.0


@asynccontextmanager
async def open_collaborators(
    environment: Environment, *, clock: Clock, metrics: Metrics
) -> AsyncGenerator[Collaborators]:
    """Everything, connected to its database and upstreams; closed in reverse at the end, work under way finished first."""
    database = await Database.open(environment.database)
    try:
        background = BackgroundTasks()
        ground = Ground(environment, clock, metrics, database, background)
        async with (
            _open_fleet(environment, clock=clock, metrics=metrics) as fleet,
            open_accounts(environment, database, background, clock, fleet) as accounts,
            open_upstreams(
                environment, clock=clock, observe=UpstreamObserver(metrics), together=_together(metrics, fleet)
            ) as upstreams,
        ):
            with open_stores(ground, fleet) as stores, open_pictures(ground, upstreams, stores, fleet) as pictures:
                built = _assemble(ground, accounts, upstreams, fleet, stores, pictures)
                try:
                    yield built
                finally:
                    await built.last_used.flush()
                    await _settle(built)
    finally:
        await database.close()


def _assemble(
    ground: Ground, accounts: Accounts, upstreams: Upstreams, fleet: Fleet | None, stores: Stores, pictures: Pictures
) -> Collaborators:
    environment, database, clock = ground.environment, ground.database, ground.clock
    key_repository = ApiKeyRepository(database, clock)
    settings_repository = SettingsRepository(database, parse_declared(environment.render_settings))
    return Collaborators(
        environment=environment,
        clock=clock,
        metrics=ground.metrics,
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
        titles=pictures.titles,
        ratings=pictures.ratings,
        knowledge=pictures.knowledge,
        circuits=upstreams.circuits,
        changes=_change_feed(database, clock, fleet),
        fleet=fleet,
        memory=stores.memory,
        prepared=stores.prepared,
        layers=stores.layers,
        composer=pictures.composer,
        images=pictures.images,
        purges=ImagePurges(
            ImagePurgeRepository(database, clock), stores.layers, stores.shelf, ground.background, clock
        ),
        cdn_addresses=CdnAddresses(
            CdnSettingsRepository(database), ground.background, clock, renderer_epoch=RENDERER_EPOCH
        ),
        placeholders=pictures.placeholders,
        previews=pictures.previews,
        background=ground.background,
    )


@asynccontextmanager
async def _open_fleet(environment: Environment, *, clock: Clock, metrics: Metrics) -> AsyncGenerator[Fleet | None]:
    if environment.redis_url is None:
        yield None
        return
    async with open_fleet(environment.redis_url.get_secret_value(), clock=clock, metrics=metrics) as fleet:
        yield fleet


def _together(metrics: Metrics, fleet: Fleet | None) -> Together:
    left = export_quotas(metrics)
    return Together(left=left) if fleet is None else Together(fleet.answers(), fleet.budget, left)


def _change_feed(database: Database, clock: Clock, fleet: Fleet | None) -> DatabaseChangeFeed | FleetChangeFeed:
    feed = DatabaseChangeFeed(database, clock)
    return feed if fleet is None else FleetChangeFeed(feed, database, notices=fleet.notices, clock=clock)


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
