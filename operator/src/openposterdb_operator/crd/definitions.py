"""The two CustomResourceDefinitions."""

from typing import Any, Final

from pydantic import BaseModel

from openposterdb_operator.crd.schema import structural_schema
from openposterdb_operator.model import (
    GROUP,
    VERSION,
    OpenPosterDBSpec,
    OpenPosterDBStatus,
    PosterKeySpec,
    PosterKeyStatus,
)

LONGEST_NAME: Final = 40
"""With it every child's name, and the labels that Kubernetes derives from them, stay within 63 characters."""

_NAME_RULE: Final = {
    "rule": rf"self.metadata.name.matches('^[a-z]([-a-z0-9]{{0,{LONGEST_NAME - 2}}}[a-z0-9])?$')",
    "message": f"metadata.name must be at most {LONGEST_NAME} characters of a-z, 0-9 and -, start with a letter and not "
    "end with -: names of Services and Pods are made of it",
}


def open_poster_db() -> dict[str, Any]:
    """CustomResourceDefinition of `OpenPosterDB`."""
    return _definition(
        kind="OpenPosterDB",
        plural="openposterdbs",
        short="opdb",
        description="One poster service: Deployment, Redis, secrets, ingress, CDN and monitoring.",
        spec=OpenPosterDBSpec,
        status=OpenPosterDBStatus,
        rules=[_NAME_RULE],
        columns=[
            _condition_column("Ready"),
            {"name": "Replicas", "type": "integer", "jsonPath": ".status.readyReplicas"},
            {"name": "URL", "type": "string", "jsonPath": ".status.url"},
            {"name": "Image", "type": "string", "jsonPath": ".status.image", "priority": 1},
            {
                "name": "Reason",
                "type": "string",
                "jsonPath": ".status.conditions[?(@.type=='Ready')].reason",
                "priority": 1,
            },
            _AGE,
        ],
        subresources={
            "status": {},
            "scale": {
                "specReplicasPath": ".spec.replicas",
                "statusReplicasPath": ".status.replicas",
                "labelSelectorPath": ".status.selector",
            },
        },
    )


def poster_key() -> dict[str, Any]:
    """CustomResourceDefinition of `PosterKey`."""
    return _definition(
        kind="PosterKey",
        plural="posterkeys",
        short="pkey",
        description="One API key of an OpenPosterDB: the key ends up in a Secret, deletion revokes it.",
        spec=PosterKeySpec,
        status=PosterKeyStatus,
        rules=[],
        columns=[
            _condition_column("Ready"),
            {"name": "Instance", "type": "string", "jsonPath": ".spec.instanceRef.name"},
            {"name": "Prefix", "type": "string", "jsonPath": ".status.prefix"},
            {"name": "Secret", "type": "string", "jsonPath": ".status.secretName"},
            _AGE,
        ],
        subresources={"status": {}},
    )


_AGE: Final = {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}


def _condition_column(name: str) -> dict[str, Any]:
    return {"name": name, "type": "string", "jsonPath": f".status.conditions[?(@.type=='{name}')].status"}


def _definition(
    *,
    kind: str,
    plural: str,
    short: str,
    description: str,
    spec: type[BaseModel],
    status: type[BaseModel],
    rules: list[dict[str, Any]],
    columns: list[dict[str, Any]],
    subresources: dict[str, Any],
) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "description": description,
        "required": ["spec"],
        "properties": {
            "apiVersion": {"type": "string", "description": "Version of the schema of this object."},
            "kind": {"type": "string", "description": "Kind of this object."},
            "metadata": {"type": "object"},
            "spec": structural_schema(spec),
            "status": structural_schema(status),
        },
    }
    if rules:
        schema["x-kubernetes-validations"] = rules
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {
                "kind": kind,
                "listKind": f"{kind}List",
                "plural": plural,
                "singular": kind.lower(),
                "shortNames": [short],
                # Never a name of a kind: kubectl would take that for all kinds of the category, and refuse to write.
                "categories": ["posterdb"],
            },
            "versions": [
                {
                    "name": VERSION,
                    "served": True,
                    "storage": True,
                    "additionalPrinterColumns": columns,
                    "schema": {"openAPIV3Schema": schema},
                    "subresources": subresources,
                }
            ],
        },
    }
