"""The Secret of a `PosterKey`."""

import base64
import re
import uuid
from typing import Any, Final

from openposterdb_operator.builders.context import Manifest
from openposterdb_operator.builders.metadata import MANAGER
from openposterdb_operator.model import GROUP, VERSION, PosterKeySpec

_KEY: Final = re.compile(r"t3-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_SHOWN: Final = 8


def make_key() -> str:
    """A new key in the form that the service gives them."""
    return f"t3-{uuid.uuid4()}"


def is_key(text: str) -> bool:
    """Whether the service would take it."""
    return _KEY.fullmatch(text) is not None


def prefix_of(key: str) -> str:
    """As much of a key as the service shows."""
    return key[:_SHOWN]


def secret_name(name: str, spec: PosterKeySpec) -> str:
    """Name of the Secret of the `PosterKey` called `name`."""
    return spec.secret_name or name


def display_name(namespace: str, name: str, spec: PosterKeySpec) -> str:
    """Name of the key in the service, at most 128 bytes."""
    return spec.display_name or f"{namespace}/{name}".encode()[:128].decode(errors="ignore")


def build_key_secret(metadata: Any, spec: PosterKeySpec, key: str, url: str) -> Manifest:
    """The Secret with the key and a poster's URL to try it with; `metadata` is that of the `PosterKey`."""
    data = {"key": key, "url": f"{url}/{key}/imdb/poster-default/tt0111161.jpg"}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": secret_name(metadata["name"], spec),
            "namespace": metadata["namespace"],
            "labels": {
                "app.kubernetes.io/name": "openposterdb",
                "app.kubernetes.io/component": "key",
                "app.kubernetes.io/part-of": "openposterdb",
                "app.kubernetes.io/managed-by": MANAGER,
            },
            "ownerReferences": [
                {
                    "apiVersion": f"{GROUP}/{VERSION}",
                    "kind": "PosterKey",
                    "name": metadata["name"],
                    "uid": metadata["uid"],
                    "controller": True,
                    "blockOwnerDeletion": True,
                }
            ],
        },
        "type": "Opaque",
        "data": {name: base64.b64encode(value.encode()).decode() for name, value in data.items()},
    }
