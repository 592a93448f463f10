"""One active replica: whoever holds the Lease."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import structlog

from openposterdb_operator.builders.metadata import MANAGER
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.errors import ClusterError, Conflict
from openposterdb_operator.cluster.kinds import LEASE
from openposterdb_operator.objects import Live, mapping

_log = structlog.get_logger(__name__)

DURATION: Final = 15.0
"""Seconds that a holder may be silent."""
RENEWAL: Final = 5.0
"""Seconds between two signs of life, and between two looks of who waits."""
ATTEMPT: Final = 4.0
"""Seconds that one look or renewal may take."""
RETRY: Final = 1.0
"""Seconds from a failed renewal to the next."""
GIVING_UP: Final = 14.0
"""Seconds without a successful renewal within which the holder itself has stopped: before anybody else begins."""


class LeadershipLost(Exception):
    """The Lease could not be renewed in time: another replica may act now, so this one must not."""


@dataclass
class Sighting:
    """What was last seen of the holder, and when by this machine's own clock: clocks of others are not believed."""

    record: Live
    at: float


class Leadership:
    """This replica's part in the Lease. `monotonic` and `sleep` are the loop's, but for tests."""

    def __init__(
        self,
        cluster: Cluster,
        namespace: str,
        name: str,
        identity: str,
        *,
        monotonic: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._cluster = cluster
        self._namespace = namespace
        self._name = name
        self._identity = identity
        self._monotonic = monotonic or asyncio.get_running_loop().time
        self._sleep = sleep
        self._seen: Sighting | None = None

    async def acquire(self) -> None:
        """Wait until this replica holds the Lease."""
        while True:
            try:
                if await self._try():
                    _log.info("leading", identity=self._identity)
                    return
            except (ClusterError, TimeoutError) as error:
                _log.warning("lease_unreachable", error=str(error) or "timed out")
            await self._sleep(RENEWAL)

    async def hold(self) -> None:
        """Renew for ever; LeadershipLost when that fails for too long, or somebody else has the Lease."""
        renewed = self._monotonic()
        pause = RENEWAL
        while True:
            await self._sleep(pause)
            began = self._monotonic()
            try:
                if not await self._try():
                    raise LeadershipLost("another replica holds the Lease")
                renewed, pause = began, RENEWAL
            except (ClusterError, TimeoutError) as error:
                _log.warning("lease_not_renewed", error=str(error) or "timed out")
                pause = RETRY
                if self._monotonic() - renewed + RETRY + ATTEMPT > GIVING_UP:
                    raise LeadershipLost("the Lease could not be renewed") from error

    async def release(self) -> None:
        """Let the next one in at once; when that fails, it waits for the Lease to expire."""
        with contextlib.suppress(ClusterError):
            lease = await self._cluster.get(LEASE, self._namespace, self._name)
            if lease is not None and mapping(lease, "spec").get("holderIdentity") == self._identity:
                await self._cluster.replace(_with_spec(lease, {**lease["spec"], "holderIdentity": ""}))

    async def _try(self) -> bool:
        async with asyncio.timeout(ATTEMPT):
            return await self._look_and_take()

    async def _look_and_take(self) -> bool:
        lease = await self._cluster.get(LEASE, self._namespace, self._name)
        if lease is None:
            return await self._cluster.create(self._first())
        record = mapping(lease, "spec")
        if self._seen is None or self._seen.record != record:
            self._seen = Sighting(record, self._monotonic())
        if not may_take(self._seen, self._identity, self._monotonic()):
            return False
        try:
            await self._cluster.replace(_with_spec(lease, renewed(record, self._identity, _now())))
        except Conflict:
            return False
        return True

    def _first(self) -> Mapping[str, Any]:
        return {
            "apiVersion": LEASE.api_version,
            "kind": LEASE.kind,
            "metadata": {
                "name": self._name,
                "namespace": self._namespace,
                "labels": {"app.kubernetes.io/managed-by": MANAGER},
            },
            "spec": renewed({}, self._identity, _now()),
        }


def may_take(seen: Sighting, identity: str, now: float) -> bool:
    """Whether the Lease is ours, nobody's, or its holder has been silent for its whole duration."""
    holder = seen.record.get("holderIdentity")
    return holder in (None, "", identity) or now - seen.at > seen.record.get("leaseDurationSeconds", DURATION)


def renewed(record: Live, identity: str, now: str) -> dict[str, Any]:
    """The record after `identity` took or renewed the Lease."""
    same = record.get("holderIdentity") == identity
    return {
        **record,
        "holderIdentity": identity,
        "leaseDurationSeconds": int(DURATION),
        "renewTime": now,
        "acquireTime": record.get("acquireTime", now) if same else now,
        "leaseTransitions": record.get("leaseTransitions", 0) + (0 if same or not record else 1),
    }


def _with_spec(lease: Live, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**lease, "apiVersion": LEASE.api_version, "kind": LEASE.kind, "spec": spec}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
