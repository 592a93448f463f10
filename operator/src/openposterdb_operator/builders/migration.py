"""The Job that brings the database to the schema of the image, once per image and database."""

from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.builders.environment import build_database_environment
from openposterdb_operator.builders.metadata import checksum, child, labels
from openposterdb_operator.builders.pods import CONTAINER_SECURITY, TEMPORARY, TEMPORARY_MOUNT, pod_security
from openposterdb_operator.builders.server import (
    USER,
    database_volume,
    image_of,
    placement,
    volume_user,
)
from openposterdb_operator.model import OpenPosterDBSpec


def build_migration(spec: OpenPosterDBSpec, context: Context) -> Manifest:
    """The Job; its name has the checksum of the image and of the database it migrates."""
    reference = spec.database.url_secret_ref
    subject = {
        "image": image_of(spec, context),
        "type": spec.database.type,
        "place": context.digests.get(reference.name) if reference else None,
    }
    volumes, mounts = database_volume(spec, context)
    together = {}
    if volumes:
        # The volume may be mounted on one node alone: go where a running pod has it. A term that the pod itself matches
        # is no obstacle where no other pod does.
        term = {"labelSelector": {"matchLabels": volume_user(spec, context)}, "topologyKey": "kubernetes.io/hostname"}
        together = {"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}}
    return child(
        context,
        "batch/v1",
        "Job",
        f"{context.name}-migrate-{checksum(subject)[:8]}",
        "migration",
        spec={
            "backoffLimit": 3,
            "activeDeadlineSeconds": 900,
            "podReplacementPolicy": "Failed",
            "template": {
                "metadata": {"labels": {**labels(context, "migration"), **volume_user(spec, context)}},
                "spec": {
                    "automountServiceAccountToken": False,
                    "enableServiceLinks": False,
                    "restartPolicy": "Never",
                    "securityContext": pod_security(USER),
                    **placement(spec),
                    **together,
                    "containers": [
                        {
                            "name": "migrate",
                            "image": image_of(spec, context),
                            "imagePullPolicy": spec.image.pull_policy,
                            "command": ["openposterdb", "migrate"],
                            "env": build_database_environment(spec),
                            "resources": {
                                "requests": {"cpu": "50m", "memory": "128Mi"},
                                "limits": {"memory": "512Mi"},
                            },
                            "securityContext": CONTAINER_SECURITY,
                            "terminationMessagePolicy": "FallbackToLogsOnError",
                            "volumeMounts": [TEMPORARY_MOUNT, *mounts],
                        }
                    ],
                    "volumes": [TEMPORARY, *volumes],
                },
            },
        },
    )
