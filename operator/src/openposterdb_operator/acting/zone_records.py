"""What is on record of a zone in the status of its resources: what has to be undone, and how the zone was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.kinds import OPEN_POSTER_DB
from openposterdb_operator.model.status import CdnStatus, ZoneBefore
from openposterdb_operator.objects import Live, mapping


def recorded(resource: Live) -> CdnStatus | None:
    """What the resource has made in a zone; None where that is nothing."""
    found = mapping(mapping(resource, "status"), "cdn")
    return CdnStatus.model_validate(found) if found else None


@dataclass(frozen=True)
class ZoneRecords:
    """The records of all resources in `namespaces`, `*` being all of them."""

    cluster: Cluster
    namespaces: tuple[str, ...]

    async def note(self, resource: Live, members: Mapping[str, Any]) -> None:
        """Put `members` on record."""
        await self._set(resource, dict(members))

    async def forget(self, resource: Live) -> None:
        """Nothing is left to undo."""
        await self._set(resource, None)

    async def hand_over(self, resource: Live, zone_id: str, before: ZoneBefore) -> bool:
        """Leave the memory of the zone to the others that use it; whether there are any.

        The oldest memory of a zone is the true one: what came later saw the operator's own settings.
        """
        others = await self._others(resource, zone_id)
        for other in others:
            known = recorded(other)
            later = known.before if known is not None else None
            if later is None or later.taken_at > before.taken_at:
                await self.note(other, {"before": before.model_dump(by_alias=True, exclude_none=True)})
        return bool(others)

    async def _others(self, resource: Live, zone_id: str) -> list[Live]:
        lists = [await self.cluster.list(OPEN_POSTER_DB, namespace, {}) for namespace in self.namespaces]
        return [
            each
            for found in lists
            for each in found or ()
            if each["metadata"]["uid"] != resource["metadata"]["uid"]
            and not each["metadata"].get("deletionTimestamp")
            and mapping(mapping(each, "status"), "cdn").get("zoneID") == zone_id
        ]

    async def _set(self, resource: Live, members: dict[str, Any] | None) -> None:
        metadata = resource["metadata"]
        await self.cluster.merge_status(OPEN_POSTER_DB, metadata["namespace"], metadata["name"], {"cdn": members})
