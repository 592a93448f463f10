"""What the operator's own pod is told."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from openposterdb_operator import __version__
from openposterdb_operator.builders.context import Release


@dataclass(frozen=True)
class Environment:
    """Read once at start. `namespaces` empty means all of them."""

    release: Release
    namespaces: tuple[str, ...]
    own_namespace: str
    lease: str
    identity: str
    host: str
    port: int
    log_level: str

    @classmethod
    def read(cls, variables: Mapping[str, str] = os.environ) -> "Environment":
        """From the variables that the chart sets; ValueError for a port that is none."""
        defaults = Release(service_tag=__version__)
        return cls(
            release=Release(
                service_repository=variables.get("SERVICE_IMAGE_REPOSITORY") or defaults.service_repository,
                service_tag=variables.get("SERVICE_IMAGE_TAG") or defaults.service_tag,
                redis_image=variables.get("REDIS_IMAGE") or defaults.redis_image,
            ),
            namespaces=tuple(name.strip() for name in variables.get("NAMESPACES", "").split(",") if name.strip()),
            own_namespace=variables.get("POD_NAMESPACE") or "default",
            lease=variables.get("LEASE_NAME") or "openposterdb-operator",
            identity=variables.get("POD_NAME") or f"{socket.gethostname()}-{os.getpid()}",
            host=variables.get("LISTEN_HOST") or "0.0.0.0",  # noqa: S104 - a container's default
            port=int(variables.get("LISTEN_PORT") or "8080"),
            log_level=(variables.get("LOG_LEVEL") or "info").upper(),
        )
