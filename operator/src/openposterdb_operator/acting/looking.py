"""Gathering what exists of one `OpenPosterDB`."""

import asyncio
import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from openposterdb_operator.builders.context import Context
from openposterdb_operator.builders.metadata import MANAGER
from openposterdb_operator.builders.references import referenced_secrets
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.kinds import CHILDREN, SECRET
from openposterdb_operator.decide.children import Key, key
from openposterdb_operator.model import OpenPosterDBSpec
from openposterdb_operator.objects import Live, mapping


@dataclass(frozen=True)
class Children:
    """Objects with the labels of a child, and the optional kinds that the cluster knows."""

    found: Mapping[Key, Live]
    offered: frozenset[str]


async def look_for_children(cluster: Cluster, namespace: str, name: str) -> Children:
    """Every object that is labelled as a child of this one, whoever owns it."""
    labels = {"app.kubernetes.io/managed-by": MANAGER, "app.kubernetes.io/instance": name}
    lists = await asyncio.gather(*(cluster.list(kind, namespace, labels) for kind in CHILDREN))
    return Children(
        found={key(each): each for found in lists for each in found or ()},
        offered=frozenset(
            kind.kind for kind, found in zip(CHILDREN, lists, strict=True) if kind.optional and found is not None
        ),
    )


async def look_for_secrets(cluster: Cluster, spec: OpenPosterDBSpec, context: Context) -> Mapping[str, Live]:
    """The Secrets that the spec reads, by name; a missing one has no entry."""
    names = sorted(referenced_secrets(spec, context))
    found = await asyncio.gather(*(cluster.get(SECRET, context.namespace, name) for name in names))
    return {name: each for name, each in zip(names, found, strict=True) if each is not None}


def decoded(secret: Live) -> Mapping[str, str]:
    """A Secret's members as text; what is no text counts as empty."""
    return {name: _text(value) for name, value in mapping(secret, "data").items()}


def _text(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
