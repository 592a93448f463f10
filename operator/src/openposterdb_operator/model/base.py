"""What every part of the resources' model is made of: the base class, CEL rules, references and quantities."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel


class Model(BaseModel):
    """One object of the schema; attribute docstrings become the descriptions that `kubectl explain` shows.

    Unknown members are ignored: the API server prunes them, and a newer schema must not stop an older operator.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
    )


@dataclass(frozen=True)
class Rule:
    """A CEL rule that the API server holds, and what it tells a person who breaks it."""

    rule: str
    message: str


def rules(*wanted: Rule) -> dict[str, Any]:
    """For `json_schema_extra`: the rules, in the API server's form."""
    return {"x-kubernetes-validations": [{"rule": each.rule, "message": each.message} for each in wanted]}


Url = Annotated[str, Field(max_length=2048, pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]


class SecretRef(Model):
    """A Secret of the same namespace."""

    name: Annotated[str, Field(min_length=1, max_length=253)]
    """Name of the Secret."""


class SecretKeyRef(SecretRef):
    """One member of a Secret of the same namespace."""

    key: Annotated[str, Field(min_length=1, max_length=253)]
    """Member of the Secret's data."""


class UrlSecretRef(SecretRef):
    """The member of a Secret that holds a URL, with its password."""

    key: Annotated[str, Field(min_length=1, max_length=253)] = "url"
    """Member of the Secret's data."""


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) else value


QUANTITY_PATTERN = r"^[0-9]+(\.[0-9]+)?([EPTGMk]i?|Ki|m)?$"

Quantity = Annotated[
    str,
    BeforeValidator(_as_text),
    Field(pattern=QUANTITY_PATTERN),
    WithJsonSchema(
        {
            "anyOf": [{"type": "integer"}, {"type": "string"}],
            "pattern": QUANTITY_PATTERN,
            "x-kubernetes-int-or-string": True,
        }
    ),
]
"""An amount as Kubernetes writes it: 500m, 2, 512Mi."""

Passthrough = Annotated[
    Mapping[str, Any], WithJsonSchema({"type": "object", "x-kubernetes-preserve-unknown-fields": True})
]
"""An object whose form is Kubernetes' own; the API server checks it when the operator applies it."""

Labels = Annotated[Mapping[str, Annotated[str, Field(max_length=63)]], Field(max_length=32)]
Annotations = Annotated[Mapping[str, str], Field(max_length=64)]


class Storage(Model):
    """A PersistentVolumeClaim that the operator makes."""

    size: Quantity = "1Gi"
    """Capacity to ask for."""
    storage_class_name: Annotated[str, Field(max_length=253)] | None = None
    """StorageClass; the cluster's default when unset."""
