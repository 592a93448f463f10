"""Specs and contexts for the operator's pure half."""

import pytest

from openposterdb_operator.builders.context import Context

UPSTREAMS = {"secretRef": {"name": "upstreams"}}
OPTIONAL_KINDS = frozenset({"ServiceMonitor", "PrometheusRule", "HTTPRoute"})


@pytest.fixture
def context() -> Context:
    return Context(
        name="posters",
        namespace="media",
        uid="0f6f5f3c-6a52-4cf0-9d3a-1f1b5a3b8a11",
        digests={"upstreams": "a", "posters-redis": "b", "posters-admin": "c", "posters-auth": "d"},
        offered=OPTIONAL_KINDS,
    )
