"""How many pods there are, and how many a drain of nodes may take."""

from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.builders.metadata import child, selector
from openposterdb_operator.model import OpenPosterDBSpec


def build_autoscaler(spec: OpenPosterDBSpec, context: Context) -> Manifest | None:
    """The HorizontalPodAutoscaler, if one is asked for."""
    scaling = spec.autoscaling
    if scaling is None:
        return None
    target = {"type": "Utilization", "averageUtilization": scaling.target_cpu_utilization}
    return child(
        context,
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        context.name,
        "server",
        spec={
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": context.name},
            "minReplicas": scaling.min_replicas,
            "maxReplicas": scaling.max_replicas,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
        },
    )


def build_disruption_budget(spec: OpenPosterDBSpec, context: Context) -> Manifest | None:
    """The PodDisruptionBudget: one pod at a time; of a single pod it would only block the drain."""
    fewest = spec.autoscaling.min_replicas if spec.autoscaling is not None else spec.replicas
    wanted = spec.pod_disruption_budget.enabled
    if not (fewest > 1 if wanted is None else wanted):
        return None
    return child(
        context,
        "policy/v1",
        "PodDisruptionBudget",
        context.name,
        "server",
        spec={
            "maxUnavailable": 1,
            "selector": {"matchLabels": selector(context, "server")},
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    )
