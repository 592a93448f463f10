from tests.upstream_fixtures import client, clock, double, observed, wire  # noqa: F401 - fixtures
