"""Whether the rollout may go on, or the migration has to be tried again."""

from datetime import UTC, datetime
from enum import Enum
from typing import Final

from openposterdb_operator.objects import Live, condition

RETRY_SECONDS: Final = 60.0


class Migration(Enum):
    """How far the migration is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


def migration_state(job: Live | None) -> Migration:
    """As the Job's conditions say; one that is not there yet counts as running."""
    for kind, state in (("Complete", Migration.DONE), ("Failed", Migration.FAILED)):
        if _condition(job, kind) is not None:
            return state
    return Migration.RUNNING


def migration_message(job: Live | None) -> str:
    """What the Job says of its failure."""
    failed = _condition(job, "Failed")
    return str(failed.get("message", "")) if failed is not None else ""


def retry_in(job: Live | None, now: datetime) -> float:
    """Seconds until a failed Job may be replaced; 0 when it is time."""
    failed = _condition(job, "Failed")
    if failed is None:
        return RETRY_SECONDS
    since = datetime.fromisoformat(failed["lastTransitionTime"])
    return max(0.0, RETRY_SECONDS - (now.astimezone(UTC) - since).total_seconds())


def _condition(job: Live | None, kind: str) -> Live | None:
    found = condition(job, kind)
    return found if found.get("status") == "True" else None
