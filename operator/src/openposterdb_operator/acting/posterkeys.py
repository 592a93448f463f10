"""From a `PosterKey` to a key in the service and its Secret, and to its revocation."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import structlog
from pydantic import ValidationError

from openposterdb_operator.acting import finalizers
from openposterdb_operator.acting.declaring import Declaring
from openposterdb_operator.acting.instances import InstanceGone, Instances, Stuck
from openposterdb_operator.acting.queue import Key
from openposterdb_operator.acting.reconcile import RECHECK, Outcome, readable
from openposterdb_operator.acting.telling import Teller
from openposterdb_operator.builders.posterkey import secret_name
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.kinds import POSTER_KEY
from openposterdb_operator.decide.conditions import Finding, Happening
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.model import PosterKeySpec
from openposterdb_operator.model.status import PosterKeyStatus
from openposterdb_operator.objects import Live, mapping
from openposterdb_operator.outside.asking import Missing, NotAdmitted, OutsideError, Refused, Unreachable
from openposterdb_operator.outside.service import Services

_log = structlog.get_logger(__name__)

AGAIN: Final = 10.0
"""Seconds after which a service that did not answer is asked again."""


class KeyReconciler:
    """Reconciles one `PosterKey` at a time. `address` is where a service is: `http://{name}.{namespace}.svc`."""

    def __init__(
        self,
        cluster: Cluster,
        services: Services,
        *,
        address: str,
        every: float,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._cluster = cluster
        self._instances = Instances(cluster, address)
        self._declaring = Declaring(cluster, services)
        self._every = every
        self._teller = Teller(cluster, now, POSTER_KEY)

    async def reconcile(self, where: Key) -> Outcome:
        """Bring the key to where the spec wants it. ClusterError when the API server did not let it be finished."""
        resource = await self._cluster.get(POSTER_KEY, where.namespace, where.name)
        if resource is None:
            return Outcome(again_in=None, word="gone")
        going = bool(resource["metadata"].get("deletionTimestamp"))
        if going and _needs_nothing(resource):
            return await self._let_go(resource)
        try:
            spec = PosterKeySpec.model_validate(resource["spec"])
        except ValidationError as error:
            if going:
                return await self._wait(resource, f"the spec is invalid: {readable(error)}", set())
            finding = Finding("Ready", "Unknown", Reason.INVALID_SPEC, readable(error))
            await self._teller.tell(resource, [finding], {})
            return Outcome(word="invalid")
        return await (self._end(resource, spec) if going else self._declare(resource, spec))

    async def _declare(self, resource: Live, spec: PosterKeySpec) -> Outcome:
        namespace, name = resource["metadata"]["namespace"], resource["metadata"]["name"]
        reads = {f"{namespace}/{secret_name(name, spec)}"}
        try:
            await finalizers.hold(self._cluster, POSTER_KEY, resource, finalizers.KEY)
            instance = await self._instances.admitting(resource, spec, reads)
            message = await self._declaring.declare(resource, spec, instance)
        except (Stuck, OutsideError) as error:
            reason = error.reason if isinstance(error, Stuck) else _reason(error)
            _log.warning("key_not_ready", namespace=namespace, name=name, reason=str(reason))
            await self._teller.tell(resource, [Finding("Ready", "False", reason, str(error))], {})
            return Outcome(AGAIN if isinstance(error, Unreachable) else RECHECK, frozenset(reads), "problem")
        reason = Reason.KEY_RESTORED if message else Reason.KEY_READY
        await self._teller.tell(resource, [Finding("Ready", "True", reason, message)], {})
        return Outcome(self._every, frozenset(reads))

    async def _end(self, resource: Live, spec: PosterKeySpec) -> Outcome:
        """Revoke the key of a deleted resource and let it go. It never waits for a service that is gone or going."""
        reads: set[str] = set()
        try:
            instance = await self._instances.revoking(resource, spec, reads)
            await self._declaring.revoke(resource, spec, instance)
        except InstanceGone:
            metadata = resource["metadata"]
            _log.info("key_gone_with_its_service", namespace=metadata["namespace"], name=metadata["name"])
        except (Stuck, OutsideError) as error:
            return await self._wait(resource, str(error), reads)
        return await self._let_go(resource)

    async def _wait(self, resource: Live, why: str, reads: set[str]) -> Outcome:
        message = f"{why}; mend it, or let go with the annotation {finalizers.ABANDON}=true"
        await self._teller.tell(resource, [Finding("Ready", "False", Reason.REVOCATION_PENDING, message)], {})
        return Outcome(AGAIN, frozenset(reads), "problem")

    async def _let_go(self, resource: Live) -> Outcome:
        if finalizers.holds(resource, finalizers.KEY) and finalizers.is_abandoned(resource):
            happening = Happening("Warning", str(Reason.KEY_ABANDONED), Reason.KEY_ABANDONED.meaning)
            await self._teller.emit(resource, happening)
        await finalizers.let_go(self._cluster, POSTER_KEY, resource, finalizers.KEY)
        return Outcome(again_in=None, word="gone")


def _needs_nothing(resource: Live) -> bool:
    """Whether a deleted resource led to no key, or somebody said that it is to be left alone."""
    status = PosterKeyStatus.model_validate(mapping(resource, "status"))
    led_to_a_key = status.key_id is not None or bool(status.prefix)
    return not led_to_a_key or finalizers.is_abandoned(resource) or not finalizers.holds(resource, finalizers.KEY)


def _reason(error: OutsideError) -> Reason:
    if isinstance(error, NotAdmitted):
        return Reason.ADMIN_REFUSED
    return Reason.SERVICE_REFUSED if isinstance(error, Refused | Missing) else Reason.SERVICE_UNREACHABLE
