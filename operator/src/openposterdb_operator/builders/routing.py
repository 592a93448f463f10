"""The RPDB-compatible URL: Ingress or HTTPRoute."""

from typing import Any

from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.builders.metadata import child
from openposterdb_operator.model import OpenPosterDBSpec


def build_ingress(spec: OpenPosterDBSpec, context: Context) -> Manifest | None:
    """The Ingress, if one is asked for."""
    ingress = spec.ingress
    if ingress is None:
        return None
    backend = {"service": {"name": context.name, "port": {"name": "http"}}}
    members: dict[str, Any] = {
        "rules": [{"host": ingress.host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}]
    }
    if ingress.class_name is not None:
        members["ingressClassName"] = ingress.class_name
    if ingress.tls is not None:
        members["tls"] = [{"hosts": [ingress.host], "secretName": ingress.tls.secret_name or f"{context.name}-tls"}]
    return child(
        context,
        "networking.k8s.io/v1",
        "Ingress",
        context.name,
        "server",
        annotations=ingress.annotations,
        spec=members,
    )


def build_http_route(spec: OpenPosterDBSpec, context: Context) -> Manifest | None:
    """The HTTPRoute, if one is asked for and the cluster knows the Gateway API."""
    gateway = spec.gateway
    if gateway is None or "HTTPRoute" not in context.offered:
        return None
    return child(
        context,
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        context.name,
        "server",
        spec={
            "parentRefs": [dict(each) for each in gateway.parent_refs],
            "hostnames": [gateway.host],
            "rules": [
                {
                    "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
                    "backendRefs": [{"name": context.name, "port": 80}],
                }
            ],
        },
    )


def url(spec: OpenPosterDBSpec, context: Context) -> str:
    """Where clients reach the service: its public name, else its Service's."""
    if spec.host is not None:
        return f"{'https' if spec.https else 'http'}://{spec.host}"
    return f"http://{context.name}.{context.namespace}.svc"
