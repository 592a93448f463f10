"""The managed Redis: configuration, StatefulSet, Service, volume claim and the policy of who may reach it."""

from typing import Any, Final

from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.builders.environment import from_secret
from openposterdb_operator.builders.metadata import CONFIG, checksum, child, labels, selector
from openposterdb_operator.builders.pods import CONTAINER_SECURITY, TEMPORARY, TEMPORARY_MOUNT, pod_security
from openposterdb_operator.builders.server import as_resources, placement
from openposterdb_operator.builders.storage import claim
from openposterdb_operator.model import OpenPosterDBSpec
from openposterdb_operator.model.backends import ManagedRedis
from openposterdb_operator.model.workload import Resources
from openposterdb_operator.quantities import MEBIBYTE, parse

PORT: Final = 6379
USER: Final = 999
"""The user of the official image; any other number works as well."""
POLICY: Final = "allkeys-lfu"
_OVERHEAD_BYTES: Final = 32 * MEBIBYTE
_CONFIG: Final = "/etc/openposterdb-redis"
_AUTH: Final = "/etc/openposterdb-redis-auth"


def build_redis_config(redis: ManagedRedis, context: Context) -> Manifest:
    """ConfigMap with redis.conf; the password is in the Secret that it includes."""
    lines = [
        "bind * -::*",
        f"port {PORT}",
        "dir /data",
        'save ""',
        f"appendonly {'yes' if redis.persistence.enabled else 'no'}",
        f"maxmemory {int(parse(redis.max_memory))}",
        f"maxmemory-policy {POLICY}",
        "tcp-keepalive 60",
        f"include {_AUTH}/auth.conf",
    ]
    return child(context, "v1", "ConfigMap", context.redis, "redis", data={"redis.conf": "\n".join(lines) + "\n"})


def build_redis_claim(redis: ManagedRedis, context: Context) -> Manifest | None:
    """The volume claim of a Redis that persists."""
    if not redis.persistence.enabled:
        return None
    storage = redis.persistence
    return child(
        context,
        "v1",
        "PersistentVolumeClaim",
        context.redis,
        "redis",
        spec=claim(storage.size, storage.storage_class_name, "ReadWriteOnce"),
    )


def build_redis_service(context: Context) -> Manifest:
    """The Service in front of Redis."""
    return child(
        context,
        "v1",
        "Service",
        context.redis,
        "redis",
        spec={
            "type": "ClusterIP",
            "selector": selector(context, "redis"),
            "ports": [{"name": "redis", "port": PORT, "targetPort": "redis", "protocol": "TCP"}],
        },
    )


def build_redis(redis: ManagedRedis, spec: OpenPosterDBSpec, context: Context) -> Manifest:
    """The StatefulSet: one pod, for what Redis holds can be made again."""
    configuration = {
        "config": build_redis_config(redis, context)["data"],
        "password": context.digests.get(context.redis),
    }
    return child(
        context,
        "apps/v1",
        "StatefulSet",
        context.redis,
        "redis",
        spec={
            "replicas": 1,
            "serviceName": context.redis,
            "revisionHistoryLimit": 3,
            "selector": {"matchLabels": selector(context, "redis")},
            "template": {
                "metadata": {"labels": labels(context, "redis"), "annotations": {CONFIG: checksum(configuration)}},
                "spec": {
                    "automountServiceAccountToken": False,
                    "enableServiceLinks": False,
                    "terminationGracePeriodSeconds": 20,
                    "securityContext": pod_security(USER),
                    **placement(spec),
                    "containers": [_container(redis, context)],
                    "volumes": [
                        TEMPORARY,
                        {"name": "config", "configMap": {"name": context.redis}},
                        {
                            "name": "auth",
                            "secret": {
                                "secretName": context.redis,
                                "items": [{"key": "auth.conf", "path": "auth.conf"}],
                            },
                        },
                        _data_volume(redis, context),
                    ],
                },
            },
        },
    )


def build_redis_network_policy(context: Context) -> Manifest:
    """Redis is reached by the service's pods alone, and reaches nobody."""
    return child(
        context,
        "networking.k8s.io/v1",
        "NetworkPolicy",
        context.redis,
        "redis",
        spec={
            "podSelector": {"matchLabels": selector(context, "redis")},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [
                {
                    "from": [{"podSelector": {"matchLabels": selector(context, "server")}}],
                    "ports": [{"port": "redis", "protocol": "TCP"}],
                }
            ],
        },
    )


def _container(redis: ManagedRedis, context: Context) -> dict[str, Any]:
    return {
        "name": "redis",
        "image": redis.image or context.release.redis_image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["redis-server", f"{_CONFIG}/redis.conf"],
        "env": [from_secret("REDISCLI_AUTH", context.redis, "password")],
        "ports": [{"name": "redis", "containerPort": PORT, "protocol": "TCP"}],
        "livenessProbe": {"tcpSocket": {"port": "redis"}, "periodSeconds": 10, "failureThreshold": 6},
        "readinessProbe": {
            "exec": {"command": ["redis-cli", "-e", "ping"]},
            "periodSeconds": 5,
            "timeoutSeconds": 3,
            "failureThreshold": 2,
        },
        "resources": as_resources(redis.resources or _derived(redis)),
        "securityContext": CONTAINER_SECURITY,
        "volumeMounts": [
            TEMPORARY_MOUNT,
            {"name": "config", "mountPath": _CONFIG, "readOnly": True},
            {"name": "auth", "mountPath": _AUTH, "readOnly": True},
            {"name": "data", "mountPath": "/data"},
        ],
    }


def _derived(redis: ManagedRedis) -> Resources:
    """Memory for the data, its fragmentation, and for a copy while the append-only file is rewritten."""
    data = int(parse(redis.max_memory))
    factor = 2 if redis.persistence.enabled else 1.5
    limit = -(-int(data * factor + _OVERHEAD_BYTES) // MEBIBYTE)
    request = -(-(data + _OVERHEAD_BYTES) // MEBIBYTE)
    return Resources(requests={"cpu": "50m", "memory": f"{request}Mi"}, limits={"memory": f"{limit}Mi"})


def _data_volume(redis: ManagedRedis, context: Context) -> dict[str, Any]:
    if redis.persistence.enabled:
        return {"name": "data", "persistentVolumeClaim": {"claimName": context.redis}}
    return {"name": "data", "emptyDir": {}}
