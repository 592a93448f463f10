"""Reading objects as the API server returns them: what is empty may be absent."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

Live = Mapping[str, Any]
"""An object as the API server returns it."""


def mapping(parent: Live | None, name: str) -> Live:
    """A member that is an object; empty where it is absent."""
    return cast("Live", (parent or {}).get(name) or {})


def sequence(parent: Live | None, name: str) -> Sequence[Live]:
    """A member that is a list of objects; empty where it is absent."""
    return cast("Sequence[Live]", (parent or {}).get(name) or ())


def condition(manifest: Live | None, kind: str) -> Live:
    """The condition of that type; empty where there is none."""
    found = (each for each in sequence(mapping(manifest, "status"), "conditions") if each["type"] == kind)
    return next(found, mapping(None, ""))


def annotations(manifest: Live) -> Live:
    """Annotations by name."""
    return mapping(mapping(manifest, "metadata"), "annotations")


def labels(manifest: Live) -> Live:
    """Labels by name."""
    return mapping(mapping(manifest, "metadata"), "labels")


def owners(manifest: Live) -> Sequence[Live]:
    """Owner references."""
    return sequence(mapping(manifest, "metadata"), "ownerReferences")
