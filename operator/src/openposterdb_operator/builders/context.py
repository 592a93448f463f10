"""What a builder knows beside the spec: whose children it makes, the release, and what the cluster has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Manifest = dict[str, Any]
"""A Kubernetes object as it is written."""


@dataclass(frozen=True)
class Release:
    """Images that a resource gets when it names none."""

    service_repository: str = "openposterdb/openposterdb"
    service_tag: str = "0.1.0"
    redis_image: str = "docker.io/library/redis:8.2"


@dataclass(frozen=True)
class Context:
    """One `OpenPosterDB` in its namespace.

    `digests` are checksums of the Secrets that configure the pods, by name; `offered` are the optional kinds that this
    cluster knows, for instance `ServiceMonitor`.
    """

    name: str
    namespace: str
    uid: str
    release: Release = field(default_factory=Release)
    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    offered: frozenset[str] = frozenset()

    @property
    def redis(self) -> str:
        """Name of everything of the managed Redis."""
        return f"{self.name}-redis"

    @property
    def admin(self) -> str:
        """Name of the generated Secret of the first administrator."""
        return f"{self.name}-admin"

    @property
    def auth(self) -> str:
        """Name of the generated Secret with the signing key."""
        return f"{self.name}-auth"

    @property
    def database(self) -> str:
        """Name of the volume claim of SQLite."""
        return f"{self.name}-database"

    @property
    def images(self) -> str:
        """Name of the volume claim of the image store."""
        return f"{self.name}-images"
