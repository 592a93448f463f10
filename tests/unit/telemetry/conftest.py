import pytest

from openposterdb.telemetry import Metrics


@pytest.fixture
def metrics() -> Metrics:
    """Every instrument there can be, also those that a service without Redis does not show."""
    made = Metrics(version="1.2.3", renderer="4")
    made.export_redis(lambda: True)
    return made
