"""Deleting what has expired: refresh tokens, old records of the audit trail, the use of keys of long ago."""

from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from openposterdb.accounts.audit import AuditTrail
from openposterdb.clock import Clock
from openposterdb.errors import StorageUnavailable
from openposterdb.storage.repositories import KeyUsageRepository, RefreshTokenRepository
from openposterdb.storage.rows import day_of

log = structlog.get_logger(__name__)

_USAGE_SECONDS: Final = 400 * 86_400


class Housekeeping:
    """Sweeps at start and every `interval` seconds."""

    def __init__(
        self,
        refresh_tokens: RefreshTokenRepository,
        audit: AuditTrail,
        usage: KeyUsageRepository,
        clock: Clock,
        *,
        interval: float = 3600,
    ) -> None:
        self._refresh_tokens = refresh_tokens
        self._audit = audit
        self._usage = usage
        self._clock = clock
        self._interval = interval

    async def sweep(self) -> None:
        """Delete what has expired; what cannot be deleted now is left for the next time."""
        try:
            tokens = await self._refresh_tokens.prune()
            records = await self._audit.prune()
            days = await self._usage.prune(day_of(self._clock.now() - _USAGE_SECONDS))
        except (StorageUnavailable, SQLAlchemyError) as error:  # whatever it is, the next time may go well
            log.warning("housekeeping_failed", error=type(error).__name__)
            return
        if tokens or records or days:
            log.info("housekeeping_done", refresh_tokens=tokens, audit_records=records, days_of_use=days)

    async def run(self) -> None:
        """Sweep every `interval` seconds until cancelled, the first time after one of them."""
        while True:
            await self._clock.sleep(self._interval)
            await self.sweep()
