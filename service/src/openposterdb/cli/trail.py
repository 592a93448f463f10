"""What was done on the command line is in the audit trail, too."""

from typing import Final

from openposterdb.accounts.audit import AuditTrail
from openposterdb.clock import SystemClock
from openposterdb.storage.database import Database
from openposterdb.storage.repositories import AuditRepository

ACTOR: Final = "command line"


def trail_of(database: Database) -> AuditTrail:
    """The trail of this database."""
    return AuditTrail(AuditRepository(database), SystemClock())
