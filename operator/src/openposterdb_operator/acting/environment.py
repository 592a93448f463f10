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
    service_address: str
    """Where the operator reaches a service; `{name}` and `{namespace}` are those of its OpenPosterDB."""
    cloudflare_url: str
    outside_seconds: float
    """Seconds until drift outside the cluster is noticed: of keys in a service, of rules in a zone."""

    @classmethod
    def read(cls, variables: Mapping[str, str] = os.environ) -> "Environment":
        """From the variables that the chart sets; ValueError for a number that is none."""
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
            service_address=variables.get("SERVICE_ADDRESS") or "http://{name}.{namespace}.svc",
            cloudflare_url=variables.get("CLOUDFLARE_API_URL") or "https://api.cloudflare.com/client/v4",
            outside_seconds=float(variables.get("OUTSIDE_CHECK_SECONDS") or "120"),
        )
