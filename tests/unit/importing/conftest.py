import pytest

from openposterdb.importing import Importer
from tests.database_fixtures import clock, database, postgres, sqlite, url  # noqa: F401 - fixtures
from tests.unit.importing.installation import small_installation


@pytest.fixture
def importer(database, clock):
    return Importer(database, clock)


@pytest.fixture(scope="session")
def old(tmp_path_factory):
    """The small installation's database; nobody writes to it."""
    return small_installation(tmp_path_factory.mktemp("old") / "openposterdb.db")
