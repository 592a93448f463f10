"""What a worker process calls to get its application."""

from openposterdb.clock import SystemClock
from openposterdb.config import load
from openposterdb.http.adapter import RobynRSGI
from openposterdb.http.app import assemble
from openposterdb.telemetry import configure_logging


def build() -> RobynRSGI:
    """The application configured by the environment. Raises ConfigurationError."""
    environment = load()
    configure_logging(level=environment.log_level, form=environment.log_format)
    return assemble(environment, clock=SystemClock())
