"""What holds for every test: examples may take their time, since the machine may be busy; servers are started once."""

from hypothesis import HealthCheck, settings

from tests.database_fixtures import (  # noqa: F401 - fixtures
    empty_postgres_url,
    migrated_file,
    postgres_url,
    sqlite_url,
)
from tests.servers.fixtures import bucket_server, postgres_server, shared_redis  # noqa: F401 - fixtures
from tests.servers.process import sentences

settings.register_profile("shared-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared-machine")


def pytest_configure(config):
    config.addinivalue_line("markers", "sqlite: looks into SQLite's own file, so there is nothing to see on PostgreSQL")


def pytest_collection_modifyitems(config, items):
    elsewhere = [item for item in items if item.get_closest_marker("sqlite") and _on_postgres(item)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in set(elsewhere)]


def _on_postgres(item):
    return hasattr(item, "callspec") and item.callspec.params.get("url") == "postgres_url"


def pytest_terminal_summary(terminalreporter):
    """Say what this machine lacks, and how to get it: a skipped test is easily overlooked."""
    for sentence in sorted(sentences):
        terminalreporter.write_line(f"Tests were skipped: {sentence}.", yellow=True)
