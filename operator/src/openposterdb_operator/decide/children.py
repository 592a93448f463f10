"""Which objects are ours, which have drifted, and which nobody wants any more."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from openposterdb_operator.builders.metadata import KEEP, MANAGER
from openposterdb_operator.objects import Live, annotations, labels, mapping, owners, sequence

Key = tuple[str, str]
"""Kind and name."""


def key(manifest: Live) -> Key:
    """What tells a child from its siblings."""
    return manifest["kind"], manifest["metadata"]["name"]


def is_owned(manifest: Live, uid: str) -> bool:
    """Whether the resource `uid` controls it."""
    return any(owner["uid"] == uid and owner.get("controller") for owner in owners(manifest))


def is_foreign(manifest: Live, uid: str, instance: str) -> bool:
    """Whether it is somebody else's: controlled by another, or by nobody and without our labels."""
    if is_owned(manifest, uid):
        return False
    if any(owner.get("controller") for owner in owners(manifest)):
        return True
    found = labels(manifest)
    return (found.get("app.kubernetes.io/managed-by"), found.get("app.kubernetes.io/instance")) != (MANAGER, instance)


def to_prune(existing: Iterable[Live], wanted: Iterable[Key], uid: str) -> list[Live]:
    """Own objects that nobody wants any more. What others own, what is kept and what is going already stays out."""
    keep = frozenset(wanted)
    return [
        each
        for each in existing
        if key(each) not in keep
        and is_owned(each, uid)
        and annotations(each).get(KEEP) != "true"
        and not each["metadata"].get("deletionTimestamp")
    ]


def has_drifted(desired: Live, live: Live | None) -> bool:
    """Whether `live` lacks anything of `desired`, or has it otherwise. What others add to it is no drift."""
    return live is None or not _covers(live, desired)


def _covers(live: Any, desired: Any) -> bool:
    if isinstance(desired, Mapping):
        members = cast("Live", desired)
        present = cast("Live", live) if isinstance(live, Mapping) else None
        # The API server leaves out what is empty
        return not members if present is None else all(_covers(present.get(name), members[name]) for name in members)
    if isinstance(desired, list | tuple):
        items = cast("Sequence[Any]", desired)
        return not items if live is None else len(live) == len(items) and all(map(_covers, live, items))
    return live == desired or (live is None and not desired)


def strategy_to_clear(desired: Live, live: Live | None) -> Live | None:
    """A merge patch that has to go before the apply, or None.

    With `Recreate` the API server refuses rolling parameters, and an apply cannot remove those that it did not bring.
    """
    wanted = mapping(mapping(desired, "spec"), "strategy")
    found = mapping(mapping(live, "spec"), "strategy")
    if wanted.get("type") == "Recreate" and found.get("rollingUpdate"):
        return {"spec": {"strategy": {"type": "Recreate", "rollingUpdate": None}}}
    return None


def replicas_to_hand_over(deployment: Live | None, *, autoscaled: bool) -> int | None:
    """The number to leave in place when the autoscaler takes over.

    Dropping a field that only this operator applied would make the API server reset it to 1 for the moment.
    """
    if deployment is None or not autoscaled:
        return None
    owns = any(
        entry.get("manager") == MANAGER
        and entry.get("operation") == "Apply"
        and "f:replicas" in mapping(mapping(entry, "fieldsV1"), "f:spec")
        for entry in sequence(deployment["metadata"], "managedFields")
    )
    return deployment["spec"].get("replicas") if owns else None
