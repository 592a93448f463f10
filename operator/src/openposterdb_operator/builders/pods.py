"""What all pods have in common: they run restricted."""

from typing import Any, Final

Port = dict[str, Any]

CONTAINER_SECURITY: Final[dict[str, Any]] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
TEMPORARY: Final[dict[str, Any]] = {"name": "tmp", "emptyDir": {}}
TEMPORARY_MOUNT: Final[dict[str, Any]] = {"name": "tmp", "mountPath": "/tmp"}  # noqa: S108 - the pod's own


def pod_security(user: int) -> dict[str, Any]:
    """The pod's security context, as the level `restricted` of Pod Security asks for; volumes belong to `user`."""
    return {
        "runAsNonRoot": True,
        "runAsUser": user,
        "runAsGroup": user,
        "fsGroup": user,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def http_probe(path: str, port: str, **timing: int) -> dict[str, Any]:
    """A probe over HTTP."""
    return {"httpGet": {"path": path, "port": port}, **timing}
