from tests.upstream_fixtures import client, clock, double, observed, resolver, tmdb, wire  # noqa: F401 - fixtures
