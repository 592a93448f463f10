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
    """Let the resource wait for it. Conflict when the resource changed meanwhile, as with `let_go`."""
    if not holds(resource, finalizer):
        await _set(cluster, kind, resource, [*(resource["metadata"].get("finalizers") or ()), finalizer])


async def let_go(cluster: Cluster, kind: Kind, resource: Live, finalizer: str) -> None:
    """Let the resource wait no longer."""
    if holds(resource, finalizer):
        kept = [each for each in resource["metadata"]["finalizers"] if each != finalizer]
        await _set(cluster, kind, resource, kept)


async def _set(cluster: Cluster, kind: Kind, resource: Live, finalizers: list[str]) -> None:
    """A list is replaced whole by a merge: the version keeps out what somebody else put in meanwhile."""
    metadata = resource["metadata"]
    version = (await cluster.get(kind, metadata["namespace"], metadata["name"]) or resource)["metadata"]
    if (version.get("finalizers") or []) == (metadata.get("finalizers") or []):
        patch = {"metadata": {"finalizers": finalizers, "resourceVersion": version["resourceVersion"]}}
        await cluster.merge(kind, metadata["namespace"], metadata["name"], patch)
