"""Every kind that the operator touches, and what it does with it. The RBAC rules are made of this table."""

from dataclasses import dataclass
from typing import Final

from openposterdb_operator.model import GROUP, VERSION

WATCHED: Final = ("get", "list", "watch")
CHILD: Final = (*WATCHED, "create", "patch", "delete")


@dataclass(frozen=True)
class Kind:
    """A kind of the API; an `optional` one may be unknown to a cluster."""

    group: str
    version: str
    kind: str
    plural: str
    verbs: tuple[str, ...] = CHILD
    optional: bool = False

    @property
    def api_version(self) -> str:
        """As a manifest names it."""
        return f"{self.group}/{self.version}" if self.group else self.version


OPEN_POSTER_DB: Final = Kind(GROUP, VERSION, "OpenPosterDB", "openposterdbs", verbs=(*WATCHED, "patch"))
POSTER_KEY: Final = Kind(GROUP, VERSION, "PosterKey", "posterkeys", verbs=(*WATCHED, "patch"))
SECRET: Final = Kind("", "v1", "Secret", "secrets")
JOB: Final = Kind("batch", "v1", "Job", "jobs")
DEPLOYMENT: Final = Kind("apps", "v1", "Deployment", "deployments")
STATEFUL_SET: Final = Kind("apps", "v1", "StatefulSet", "statefulsets")
EVENT: Final = Kind("", "v1", "Event", "events", verbs=("create", "patch"))
LEASE: Final = Kind("coordination.k8s.io", "v1", "Lease", "leases", verbs=("get", "create", "update"))
DEFINITION: Final = Kind(
    "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", verbs=("list", "watch")
)
NAMESPACE: Final = Kind("", "v1", "Namespace", "namespaces", verbs=("list", "watch"))

CHILDREN: Final = (
    SECRET,
    Kind("", "v1", "ConfigMap", "configmaps"),
    Kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
    Kind("", "v1", "Service", "services"),
    STATEFUL_SET,
    DEPLOYMENT,
    JOB,
    Kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
    Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
    Kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
    Kind("networking.k8s.io", "v1", "Ingress", "ingresses"),
    Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", optional=True),
    Kind("monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors", optional=True),
    Kind("monitoring.coreos.com", "v1", "PrometheusRule", "prometheusrules", optional=True),
)
"""Kinds of children."""

BY_NAME: Final = {
    kind.kind: kind for kind in (OPEN_POSTER_DB, POSTER_KEY, *CHILDREN, EVENT, LEASE, DEFINITION, NAMESPACE)
}
