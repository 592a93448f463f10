from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.manual_clock import ManualClock

from openposterdb.storage.database import Database
from openposterdb.storage.migrations import upgrade
from openposterdb.storage.repositories import ApiKeyRepository, SettingsRepository


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'openposterdb.db'}"
    await upgrade(url)
    return url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url, busy_secs=0.3)
    yield database
    await database.close()


@pytest.fixture
def keys(database: Database, clock: ManualClock) -> ApiKeyRepository:
    return ApiKeyRepository(database, clock)


@pytest.fixture
def settings(database: Database) -> SettingsRepository:
    return SettingsRepository(database)
