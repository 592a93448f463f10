"""What a running service consists of."""

from collections.abc import Mapping
from dataclasses import dataclass

from openposterdb.accounts.admins import Admins
from openposterdb.accounts.audit import AuditTrail
from openposterdb.accounts.housekeeping import Housekeeping
from openposterdb.accounts.last_used import LastUsed
from openposterdb.accounts.owners import KeySessions
from openposterdb.accounts.passwords import Passwords
from openposterdb.accounts.registry import KeyRegistry
from openposterdb.accounts.settings import SettingsCache
from openposterdb.caching.background import BackgroundTasks
from openposterdb.caching.layers import ImageLayers
from openposterdb.caching.memory import ImageMemory
from openposterdb.clock import Clock
from openposterdb.config import Environment
from openposterdb.fleet.changes import FleetChangeFeed
from openposterdb.fleet.opening import Fleet
from openposterdb.images import CdnAddresses, ImagePurges, ImageService, Placeholders, Previews, TitleKnowledge
from openposterdb.images.composer import Composer
from openposterdb.images.prepared import PreparedPictures
from openposterdb.ratings.reader import RatingsReader
from openposterdb.storage.changes import DatabaseChangeFeed
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import ApiKeyRepository, KeyUsageRepository, SettingsRepository
from openposterdb.telemetry import Metrics
from openposterdb.titles.resolver import TitleResolver
from openposterdb.upstreams.breaker import Breaker


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
    composer: Composer
    images: ImageService
    purges: ImagePurges
    cdn_addresses: CdnAddresses
    placeholders: Placeholders
    previews: Previews
    background: BackgroundTasks
