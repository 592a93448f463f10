from tests.database_fixtures import clock, database, url  # noqa: F401 - fixtures
