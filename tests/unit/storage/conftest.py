from tests.database_fixtures import clock, database, postgres, sqlite, url  # noqa: F401 - fixtures
