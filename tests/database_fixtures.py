"""A migrated database of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from openposterdb.storage.database import Database
from openposterdb.storage.migrations import upgrade
from tests.manual_clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def url(tmp_path: Path) -> str:
    url = f"sqlite+aiosqlite:///{tmp_path / 'db' / 'openposterdb.db'}"
    await upgrade(url)
    return url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url, busy_secs=0.3)
    yield database
    await database.close()
