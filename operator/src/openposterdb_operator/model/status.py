"""`status` of both resources: conditions in the standard form, and what people look at."""

from typing import Annotated, Literal

from pydantic import Field

from openposterdb_operator.model.base import Model

ConditionStatus = Literal["True", "False", "Unknown"]


class Condition(Model):
    """As metav1.Condition."""

    type: Annotated[str, Field(max_length=316)]
    """Name of the condition."""
    status: ConditionStatus
    """True, False or Unknown."""
    reason: Annotated[str, Field(min_length=1, max_length=1024)]
    """Why, in one CamelCase word."""
    message: Annotated[str, Field(max_length=32_768)] = ""
    """Why, for a person, and what to do."""
    observed_generation: Annotated[int, Field(ge=0)] = 0
    """Generation of the spec that this was found for."""
    last_transition_time: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    """When the status last changed."""


Conditions = Annotated[
    tuple[Condition, ...],
    Field(json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]}),
]


class OpenPosterDBStatus(Model):
    """What the operator found."""

    observed_generation: Annotated[int, Field(ge=0)] = 0
    """Generation of the spec that this status is about."""
    replicas: Annotated[int, Field(ge=0)] = 0
    """Pods that there are."""
    ready_replicas: Annotated[int, Field(ge=0)] = 0
    """Pods that take traffic."""
    selector: str = ""
    """Selects the pods, for the scale subresource."""
    url: str = ""
    """Where clients reach the service."""
    image: str = ""
    """Image that the pods run."""
    config_hash: str = ""
    """Checksum of everything that configures the pods."""
    conditions: Conditions = ()
    """Ready, Progressing, Degraded, DatabaseReady, RedisReady, CDNReady."""


class PosterKeyStatus(Model):
    """What became of the key."""

    observed_generation: Annotated[int, Field(ge=0)] = 0
    """Generation of the spec that this status is about."""
    key_id: int | None = Field(default=None, alias="keyID")
    """Number of the key in the service."""
    prefix: str = ""
    """First characters of the key, as the admin web shows them."""
    secret_name: str = ""
    """Secret that holds the key."""
    conditions: Conditions = ()
    """Ready."""
