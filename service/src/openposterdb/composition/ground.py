"""What every part of the service is built on."""

from dataclasses import dataclass
from typing import Final

from openposterdb.caching.background import BackgroundTasks
from openposterdb.clock import Clock
from openposterdb.config import Environment
from openposterdb.storage.database import Database
from openposterdb.telemetry import Metrics

MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is before anything else; `background` is where work goes that no request waits for."""

    environment: Environment
    clock: Clock
    metrics: Metrics
    database: Database
    background: BackgroundTasks

    @property
    def image_memory(self) -> int:
        """The bytes of memory that images may take in this process, prepared ones included: its share of the container's."""
        return self.environment.image_mem_cache_mb * MEBIBYTE // self.environment.workers

    @property
    def render_slots(self) -> int:
        """Renders at once in this process: its share of the container's, and at least one."""
        return max(1, self.environment.render_concurrency // self.environment.workers)
