"""Names, labels and owners: what makes an object a child."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, Literal

from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.model import GROUP, VERSION

MANAGER: Final = "openposterdb-operator"
APPLIED: Final = f"{GROUP}/applied"
"""Annotation with the checksum of the manifest as it was applied: shows a changed wish without comparing every field."""
KEEP: Final = f"{GROUP}/keep"
"""Annotation on a child that no changed spec removes, because what it holds cannot be made again."""
CONFIG: Final = f"{GROUP}/config"
"""Annotation of a pod template with the checksum of all that configures the pod."""

Component = Literal["server", "redis", "migration", "monitoring"]


def selector(context: Context, component: Component) -> dict[str, str]:
    """Labels that pods of one component are found by; they never change."""
    return {
        "app.kubernetes.io/name": "openposterdb",
        "app.kubernetes.io/instance": context.name,
        "app.kubernetes.io/component": component,
    }


def labels(context: Context, component: Component) -> dict[str, str]:
    """The recommended labels."""
    return {
        **selector(context, component),
        "app.kubernetes.io/part-of": "openposterdb",
        "app.kubernetes.io/managed-by": MANAGER,
    }


def owner(context: Context) -> dict[str, Any]:
    """The reference that makes the garbage collector remove a child after its `OpenPosterDB`."""
    return {
        "apiVersion": f"{GROUP}/{VERSION}",
        "kind": "OpenPosterDB",
        "name": context.name,
        "uid": context.uid,
        "controller": True,
        "blockOwnerDeletion": True,
    }


def child(
    context: Context,
    api_version: str,
    kind: str,
    name: str,
    component: Component,
    *,
    annotations: Mapping[str, str] | None = None,
    extra_labels: Mapping[str, str] | None = None,
    owned: bool = True,
    **members: Any,
) -> Manifest:
    """A child with everything that every child has; `members` are its `spec`, `data` and so on."""
    metadata: dict[str, Any] = {
        "name": name,
        "namespace": context.namespace,
        "labels": {**(extra_labels or {}), **labels(context, component)},
        "annotations": dict(annotations or {}),
    }
    if owned:
        metadata["ownerReferences"] = [owner(context)]
    manifest: Manifest = {"apiVersion": api_version, "kind": kind, "metadata": metadata, **members}
    metadata["annotations"][APPLIED] = checksum(manifest)
    return manifest


def checksum(value: Any) -> str:
    """Sixteen hexadecimal digits that change with any part of `value`."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
