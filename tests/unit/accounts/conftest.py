import pytest

from openposterdb.storage.database import Database
from openposterdb.storage.repositories import ApiKeyRepository, SettingsRepository
from tests.database_fixtures import clock, database, url  # noqa: F401 - fixtures
from tests.manual_clock import ManualClock


@pytest.fixture
def keys(database: Database, clock: ManualClock) -> ApiKeyRepository:
    return ApiKeyRepository(database, clock)


@pytest.fixture
def settings(database: Database) -> SettingsRepository:
    return SettingsRepository(database)
