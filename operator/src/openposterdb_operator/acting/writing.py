"""Writing children: only what is missing or has drifted, never what is somebody else's."""

from collections.abc import Mapping

import structlog

from openposterdb_operator.acting.metrics import Metrics
from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.errors import Forbidden, Refused
from openposterdb_operator.cluster.kinds import BY_NAME
from openposterdb_operator.decide.children import Key, has_drifted, is_foreign, key
from openposterdb_operator.decide.observation import Problem
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.objects import Live

_log = structlog.get_logger(__name__)


class Writer:
    """Writes the children of one resource; what a person has to mend is gathered in `problems`."""

    def __init__(self, cluster: Cluster, context: Context, found: Mapping[Key, Live], metrics: Metrics) -> None:
        self._cluster = cluster
        self._context = context
        self._found = found
        self._metrics = metrics
        self.problems: list[Problem] = []

    async def apply(self, manifest: Manifest) -> Live | None:
        """The child as it is now; None when it could not be written."""
        live = await self._present(manifest)
        if live is not None and is_foreign(live, self._context.uid, self._context.name):
            self._report(Reason.NAME_TAKEN, f"{_called(manifest)} exists and belongs to somebody else")
            return None
        if not has_drifted(manifest, live):
            return live
        try:
            written = await self._cluster.apply(manifest)
        except Refused as error:
            self._report(Reason.REJECTED, f"{_called(manifest)}: {error}")
            return None
        except Forbidden as error:
            self._report(Reason.FORBIDDEN, f"{_called(manifest)}: {error}")
            return None
        self._tell("apply", manifest)
        return written

    async def create(self, manifest: Manifest) -> Live | None:
        """The child, made when there was none of its name and left alone otherwise; None when that was refused."""
        live = await self._present(manifest)
        if live is not None:
            if not is_foreign(live, self._context.uid, self._context.name):
                return live
            self._report(Reason.NAME_TAKEN, f"{_called(manifest)} exists and belongs to somebody else")
            return None
        try:
            if await self._cluster.create(manifest):
                self._tell("create", manifest)
        except Refused as error:
            self._report(Reason.REJECTED, f"{_called(manifest)}: {error}")
            return None
        except Forbidden as error:
            self._report(Reason.FORBIDDEN, f"{_called(manifest)}: {error}")
            return None
        return await self._cluster.get(BY_NAME[manifest["kind"]], self._context.namespace, manifest["metadata"]["name"])

    async def delete(self, live: Live) -> None:
        """Remove a child."""
        await self._cluster.delete(BY_NAME[live["kind"]], self._context.namespace, live["metadata"]["name"])
        self._tell("delete", live)

    async def _present(self, manifest: Manifest) -> Live | None:
        """What is there of that name; something unlabelled is found as well."""
        known = self._found.get(key(manifest))
        if known is not None:
            return known
        return await self._cluster.get(BY_NAME[manifest["kind"]], self._context.namespace, manifest["metadata"]["name"])

    def _report(self, reason: Reason, message: str) -> None:
        self.problems.append(Problem(reason, message))
        _log.warning("child_not_written", reason=str(reason), error=message, namespace=self._context.namespace)

    def _tell(self, action: str, manifest: Live) -> None:
        self._metrics.writes.labels(manifest["kind"], action).inc()
        _log.info(
            "child_written",
            action=action,
            kind=manifest["kind"],
            name=manifest["metadata"]["name"],
            namespace=self._context.namespace,
        )


def _called(manifest: Live) -> str:
    return f"{manifest['kind']} {manifest['metadata']['name']}"
