"""`python -m openposterdb_operator`: run the operator."""

import asyncio
import sys

import structlog

from openposterdb_operator.acting.environment import Environment
from openposterdb_operator.acting.logs import configure_logging
from openposterdb_operator.acting.running import run
from openposterdb_operator.cluster.lease import LeadershipLost


def main() -> None:
    """Run until told to stop; status 1 when another replica took over."""
    environment = Environment.read()
    configure_logging(environment.log_level)
    try:
        asyncio.run(run(environment))
    except LeadershipLost as error:
        structlog.get_logger(__name__).error("leadership_lost", error=str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
