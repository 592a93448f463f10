"""Who may talk to the service's pods."""

from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.builders.metadata import child, selector
from openposterdb_operator.model import OpenPosterDBSpec


def build_network_policy(spec: OpenPosterDBSpec, context: Context) -> Manifest | None:
    """Everybody reaches the service's port; its metrics only who may scrape them."""
    if not spec.network_policy.enabled:
        return None
    scrapers = [dict(peer) for peer in spec.network_policy.metrics_from] or [{"namespaceSelector": {}}]
    return child(
        context,
        "networking.k8s.io/v1",
        "NetworkPolicy",
        context.name,
        "server",
        spec={
            "podSelector": {"matchLabels": selector(context, "server")},
            "policyTypes": ["Ingress"],
            "ingress": [
                {"ports": [{"port": "http", "protocol": "TCP"}]},
                {"from": scrapers, "ports": [{"port": "metrics", "protocol": "TCP"}]},
            ],
        },
    )
