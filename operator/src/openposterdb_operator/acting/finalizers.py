"""Finalizers: a resource stays until what it led to outside the cluster is undone, or somebody lets go of it."""

from typing import Final

from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.kinds import Kind
from openposterdb_operator.model import GROUP
from openposterdb_operator.objects import Live, annotations

ABANDON: Final = f"{GROUP}/abandon"
"""Annotation of a resource: `true` lets it go without undoing anything outside."""
CDN: Final = f"{GROUP}/cdn"
KEY: Final = f"{GROUP}/key"


def holds(resource: Live, finalizer: str) -> bool:
    """Whether the resource waits for it."""
    return finalizer in (resource["metadata"].get("finalizers") or ())


def is_abandoned(resource: Live) -> bool:
    """Whether somebody said that the outside is gone for good."""
    return annotations(resource).get(ABANDON) == "true"


async def hold(cluster: Cluster, kind: Kind, resource: Live, finalizer: str) -> None:
    """Let the resource wait for it. Conflict when it changes at this very moment, as with `let_go`."""
    if not holds(resource, finalizer):
        await _set(cluster, kind, resource, finalizer, held=True)


async def let_go(cluster: Cluster, kind: Kind, resource: Live, finalizer: str) -> None:
    """Let the resource wait no longer."""
    if holds(resource, finalizer):
        await _set(cluster, kind, resource, finalizer, held=False)


async def _set(cluster: Cluster, kind: Kind, resource: Live, finalizer: str, *, held: bool) -> None:
    """A merge replaces a list whole: the version keeps out what somebody else puts in meanwhile."""
    namespace, name = resource["metadata"]["namespace"], resource["metadata"]["name"]
    now = await cluster.get(kind, namespace, name)
    if now is None:
        return
    others = [each for each in now["metadata"].get("finalizers") or () if each != finalizer]
    patch = {
        "finalizers": [*others, finalizer] if held else others,
        "resourceVersion": now["metadata"]["resourceVersion"],
    }
    await cluster.merge(kind, namespace, name, {"metadata": patch})
