"""RBAC rules, made of the kinds that the code uses and the verbs it uses on them."""

from collections.abc import Iterable
from typing import Any

from openposterdb_operator.cluster.kinds import (
    CHILDREN,
    DEFINITION,
    EVENT,
    LEASE,
    NAMESPACE,
    OPEN_POSTER_DB,
    POSTER_KEY,
    Kind,
)

Rule = dict[str, Any]


def working_rules() -> list[Rule]:
    """What the operator does in the namespaces that it serves."""
    own = (OPEN_POSTER_DB, POSTER_KEY)
    group = OPEN_POSTER_DB.group
    return [
        *_rules([*own, *CHILDREN, EVENT]),
        {"apiGroups": [group], "resources": [f"{kind.plural}/status" for kind in own], "verbs": ["patch"]},
        # blockOwnerDeletion of the children's owner references
        {"apiGroups": [group], "resources": [f"{kind.plural}/finalizers" for kind in own], "verbs": ["update"]},
    ]


def cluster_rules() -> list[Rule]:
    """What it watches of the whole cluster: which kinds and which namespaces there are."""
    return _rules([DEFINITION, NAMESPACE])


def leading_rules() -> list[Rule]:
    """What it does in its own namespace, to be the only active replica."""
    return _rules([LEASE])


def _rules(kinds: Iterable[Kind]) -> list[Rule]:
    """One rule per group and set of verbs."""
    grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for kind in kinds:
        grouped.setdefault((kind.group, kind.verbs), []).append(kind.plural)
    return [
        {"apiGroups": [group], "resources": sorted(plurals), "verbs": list(verbs)}
        for (group, verbs), plurals in grouped.items()
    ]
