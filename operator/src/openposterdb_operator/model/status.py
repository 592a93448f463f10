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


class ZoneBefore(Model):
    """Settings of a Cloudflare zone before the operator changed them, to be restored."""

    taken_at: str = ""
    """When they were read."""
    browser_cache_ttl: int | None = Field(default=None, alias="browserCacheTTL")
    """Browser cache TTL in seconds; 0 for the origin's headers."""
    tiered_caching: str | None = None
    """Tiered cache: on or off."""
    smart_tiered_cache: str | None = None
    """Smart tiered cache: on or off."""


class CdnStatus(Model):
    """What the operator keeps in a CDN and has to undo."""

    zone_id: str = Field(default="", alias="zoneID")
    """Cloudflare zone."""
    secret_name: str = ""
    """Secret with the token."""
    secret_key: str = ""
    """Member of the Secret."""
    applied: str = ""
    """Checksum of what was brought into the zone last."""
    before: ZoneBefore | None = None
    """Settings of the zone before."""


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
    cdn: CdnStatus | None = None
    """What is kept in a CDN."""
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
    settings_declared: bool = False
    """Whether the key's settings were declared when they were last looked at."""
    conditions: Conditions = ()
    """Ready."""
