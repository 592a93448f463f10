"""The service itself: Deployment and Service."""

from typing import Any, Final

from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.builders.environment import (
    DATABASE_FOLDER,
    HTTP_PORT,
    IMAGES_FOLDER,
    METRICS_PORT,
    build_environment,
)
from openposterdb_operator.builders.metadata import CONFIG, checksum, child, labels, selector
from openposterdb_operator.builders.pods import (
    CONTAINER_SECURITY,
    TEMPORARY,
    TEMPORARY_MOUNT,
    http_probe,
    pod_security,
)
from openposterdb_operator.builders.references import referenced_secrets
from openposterdb_operator.model import GROUP, OpenPosterDBSpec
from openposterdb_operator.model.workload import Resources

USER: Final = 10001
LEAVING_SECONDS: Final = 5
"""A pod that is told to go goes on serving this long, until no proxy sends it anything any more."""
DRAIN_SECONDS: Final = 30
"""What the service may take to finish what it has begun."""
VOLUME_USER: Final = f"{GROUP}/uses-database-of"
"""Label of the pods that mount SQLite's volume: they have to be on one node."""


def image_of(spec: OpenPosterDBSpec, context: Context) -> str:
    """The service's image in full."""
    repository = spec.image.repository or context.release.service_repository
    if spec.image.digest is not None:
        return f"{repository}@{spec.image.digest}"
    return f"{repository}:{spec.image.tag or context.release.service_tag}"


def config_hash(spec: OpenPosterDBSpec, context: Context) -> str:
    """Checksum of everything that configures the pods: it rolls them when it changes."""
    digests = {name: context.digests.get(name) for name in sorted(referenced_secrets(spec, context))}
    return checksum({"environment": build_environment(spec, context), "secrets": digests})


def build_deployment(spec: OpenPosterDBSpec, context: Context) -> Manifest:
    """The Deployment. With autoscaling it names no number of replicas."""
    scale = {} if spec.autoscaling is not None else {"replicas": spec.replicas}
    return child(
        context,
        "apps/v1",
        "Deployment",
        context.name,
        "server",
        spec={
            **scale,
            "revisionHistoryLimit": 5,
            "progressDeadlineSeconds": 600,
            "strategy": _strategy(spec),
            "selector": {"matchLabels": selector(context, "server")},
            "template": {
                "metadata": {
                    "labels": {**labels(context, "server"), **volume_user(spec, context)},
                    "annotations": {**spec.pod_annotations, CONFIG: config_hash(spec, context)},
                },
                "spec": _pod(spec, context),
            },
        },
    )


def build_service(spec: OpenPosterDBSpec, context: Context) -> Manifest:  # noqa: ARG001 - every builder is asked alike
    """The Service in front of the pods."""
    return child(
        context,
        "v1",
        "Service",
        context.name,
        "server",
        spec={
            "type": "ClusterIP",
            "selector": selector(context, "server"),
            "ports": [
                {"name": "http", "port": 80, "targetPort": "http", "protocol": "TCP", "appProtocol": "http"},
                {"name": "metrics", "port": METRICS_PORT, "targetPort": "metrics", "protocol": "TCP"},
            ],
        },
    )


def volume_user(spec: OpenPosterDBSpec, context: Context) -> dict[str, str]:
    """Labels of a pod that mounts SQLite's volume."""
    return {VOLUME_USER: context.name} if spec.database.type == "sqlite" else {}


def database_volume(spec: OpenPosterDBSpec, context: Context) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Volumes and mounts of SQLite; none for PostgreSQL."""
    if spec.database.type != "sqlite":
        return [], []
    volume = {"name": "database", "persistentVolumeClaim": {"claimName": context.database}}
    return [volume], [{"name": "database", "mountPath": DATABASE_FOLDER}]


def placement(spec: OpenPosterDBSpec) -> dict[str, Any]:
    """What the resource says about nodes."""
    members: dict[str, Any] = {
        "nodeSelector": dict(spec.node_selector),
        "tolerations": [each.model_dump(by_alias=True, exclude_none=True) for each in spec.tolerations],
        "imagePullSecrets": [{"name": each.name} for each in spec.image.pull_secrets],
    }
    return {name: value for name, value in members.items() if value}


def as_resources(resources: Resources) -> dict[str, Any]:
    """Requests and limits as a container has them."""
    members = {"requests": dict(resources.requests), "limits": dict(resources.limits)}
    return {name: value for name, value in members.items() if value}


def _strategy(spec: OpenPosterDBSpec) -> dict[str, Any]:
    """A volume that one node alone can mount cannot be where the next pod starts before the last has gone."""
    one_node = spec.database.type == "sqlite" or (
        spec.image_store.type == "filesystem" and spec.image_store.filesystem.access_mode == "ReadWriteOnce"
    )
    if one_node:
        return {"type": "Recreate"}
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}


def _pod(spec: OpenPosterDBSpec, context: Context) -> dict[str, Any]:
    volumes, mounts = database_volume(spec, context)
    if spec.image_store.type == "filesystem":
        volumes.append({"name": "images", "persistentVolumeClaim": {"claimName": context.images}})
        mounts.append({"name": "images", "mountPath": IMAGES_FOLDER})
    affinity = {"affinity": dict(spec.affinity)} if spec.affinity is not None else {}
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": LEAVING_SECONDS + DRAIN_SECONDS,
        "securityContext": pod_security(USER),
        "topologySpreadConstraints": _spread(spec, context),
        **placement(spec),
        **affinity,
        "containers": [
            {
                "name": "server",
                "image": image_of(spec, context),
                "imagePullPolicy": spec.image.pull_policy,
                "command": ["openposterdb", "serve"],
                "env": build_environment(spec, context),
                "ports": [
                    {"name": "http", "containerPort": HTTP_PORT, "protocol": "TCP"},
                    {"name": "metrics", "containerPort": METRICS_PORT, "protocol": "TCP"},
                ],
                "startupProbe": http_probe("/healthz", "http", periodSeconds=2, failureThreshold=60, timeoutSeconds=2),
                "livenessProbe": http_probe("/healthz", "http", periodSeconds=10, failureThreshold=6, timeoutSeconds=5),
                "readinessProbe": http_probe("/readyz", "http", periodSeconds=5, failureThreshold=2, timeoutSeconds=4),
                "lifecycle": {"preStop": {"sleep": {"seconds": LEAVING_SECONDS}}},
                "resources": as_resources(spec.resources),
                "securityContext": CONTAINER_SECURITY,
                "volumeMounts": [TEMPORARY_MOUNT, *mounts],
            }
        ],
        "volumes": [TEMPORARY, *volumes],
    }


def _spread(spec: OpenPosterDBSpec, context: Context) -> list[dict[str, Any]]:
    if spec.topology_spread_constraints is not None:
        return [dict(each) for each in spec.topology_spread_constraints]
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": selector(context, "server")},
        }
        for key in ("kubernetes.io/hostname", "topology.kubernetes.io/zone")
    ]
