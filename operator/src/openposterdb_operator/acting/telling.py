"""Telling people: the status, and Events of what changed in it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import structlog

from openposterdb_operator.builders.metadata import MANAGER, checksum
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.errors import ClusterError
from openposterdb_operator.cluster.kinds import EVENT, OPEN_POSTER_DB, Kind
from openposterdb_operator.decide.conditions import Finding, Happening, happenings, merge_conditions
from openposterdb_operator.model import Condition
from openposterdb_operator.objects import Live, mapping, sequence

_log = structlog.get_logger(__name__)


class Teller:
    """Writes the status when it changed, and an Event for what is news."""

    def __init__(self, cluster: Cluster, now: Callable[[], datetime], kind: Kind = OPEN_POSTER_DB) -> None:
        self._cluster = cluster
        self._kind = kind
        self._now = now

    async def tell(self, resource: Live, found: Iterable[Finding], facts: Mapping[str, Any]) -> None:
        """Bring the status of `resource` up to date."""
        metadata = resource["metadata"]
        before = mapping(resource, "status")
        previous = [Condition.model_validate(each) for each in sequence(before, "conditions")]
        now = self._now().strftime("%Y-%m-%dT%H:%M:%SZ")
        conditions = merge_conditions(previous, found, generation=metadata["generation"], now=now)
        status = {
            **facts,
            "observedGeneration": metadata["generation"],
            "conditions": [each.model_dump(by_alias=True, exclude_none=True) for each in conditions],
        }
        if any(before.get(name) != value for name, value in status.items()):
            await self._cluster.merge_status(self._kind, metadata["namespace"], metadata["name"], status)
        for happening in happenings(previous, conditions):
            await self.emit(resource, happening)

    async def emit(self, resource: Live, happening: Happening) -> None:
        """An Event; a lost one is logged, for nothing depends on it."""
        now = self._now().strftime("%Y-%m-%dT%H:%M:%SZ")
        metadata = resource["metadata"]
        name = f"{metadata['name']}.{checksum([metadata['uid'], happening.reason, happening.message, now])}"
        manifest = {
            "apiVersion": EVENT.api_version,
            "kind": EVENT.kind,
            "metadata": {"name": name, "namespace": metadata["namespace"]},
            "involvedObject": {
                "apiVersion": self._kind.api_version,
                "kind": self._kind.kind,
                "name": metadata["name"],
                "namespace": metadata["namespace"],
                "uid": metadata["uid"],
                "resourceVersion": metadata["resourceVersion"],
            },
            "type": happening.type,
            "reason": happening.reason,
            "message": happening.message[:1024],
            "source": {"component": MANAGER},
            "reportingComponent": MANAGER,
            "reportingInstance": MANAGER,
            "firstTimestamp": now,
            "lastTimestamp": now,
            "count": 1,
        }
        try:
            await self._cluster.create(manifest)
        except ClusterError as error:
            _log.warning("event_lost", reason=happening.reason, error=str(error))
