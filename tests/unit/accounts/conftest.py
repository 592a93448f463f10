from collections.abc import Callable, Iterator

import pytest

from openposterdb.accounts.admins import Admins
from openposterdb.accounts.attempts import Attempts
from openposterdb.accounts.audit import AuditTrail
from openposterdb.accounts.passwords import Passwords
from openposterdb.accounts.tokens import Tokens
from openposterdb.caching.background import BackgroundTasks
from openposterdb.storage.changes import DatabaseChangeFeed
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import (
    AdminRepository,
    ApiKeyRepository,
    AuditRepository,
    RefreshTokenRepository,
    SettingsRepository,
)
from tests.database_fixtures import clock, database, url  # noqa: F401 - fixtures
from tests.manual_clock import ManualClock

SECRET = bytes(range(32))


@pytest.fixture
def keys(database: Database, clock: ManualClock) -> ApiKeyRepository:
    return ApiKeyRepository(database, clock)


@pytest.fixture
def settings(database: Database) -> SettingsRepository:
    return SettingsRepository(database)


@pytest.fixture
def tokens(clock: ManualClock) -> Tokens:
    return Tokens(SECRET, clock)


@pytest.fixture
def audit(database: Database, clock: ManualClock) -> AuditTrail:
    return AuditTrail(AuditRepository(database), clock)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    opened = Passwords()
    yield opened
    opened.close()


@pytest.fixture
def background() -> BackgroundTasks:
    return BackgroundTasks()


@pytest.fixture
def process(passwords, tokens, background, clock) -> Callable[..., Admins]:
    """Another process's admins, on the same or another connection to the database."""

    def build(database: Database, **options) -> Admins:
        return Admins(
            AdminRepository(database, clock),
            RefreshTokenRepository(database, clock),
            passwords,
            tokens,
            AuditTrail(AuditRepository(database), clock),
            background,
            Attempts(clock),
            clock,
            **options,
        )

    return build


@pytest.fixture
def admins(process, database) -> Admins:
    return process(database)


@pytest.fixture
def feed(database, clock, admins) -> DatabaseChangeFeed:
    feed = DatabaseChangeFeed(database, clock)
    feed.subscribe("admins", admins.forget)
    return feed
