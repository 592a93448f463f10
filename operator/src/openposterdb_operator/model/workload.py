"""The pods: image, resources, placement, scaling, limits of rendering."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from openposterdb_operator.model.base import Model, Passthrough, Quantity, Rule, SecretRef, rules


class Image(Model):
    """Which image runs; what is unset is the operator's own release."""

    repository: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    """Image without tag and digest."""
    tag: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")] | None = None
    """Tag."""
    digest: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")] | None = None
    """Digest; it decides where there is a tag as well."""
    pull_policy: Literal["Always", "IfNotPresent", "Never"] = "IfNotPresent"
    """When nodes fetch the image."""
    pull_secrets: Annotated[tuple[SecretRef, ...], Field(max_length=16)] = ()
    """Secrets with credentials for the registry."""


class Resources(Model):
    """Requests and limits of a container."""

    requests: Annotated[Mapping[str, Quantity], Field(max_length=16)] = Field(default_factory=dict)
    """What the scheduler sets aside."""
    limits: Annotated[Mapping[str, Quantity], Field(max_length=16)] = Field(default_factory=dict)
    """What the container may not exceed; the memory limit also sizes the memory cache."""


class Autoscaling(Model):
    """A HorizontalPodAutoscaler; the operator leaves the number of replicas to it."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "self.minReplicas <= self.maxReplicas",
                "autoscaling.minReplicas must not be greater than autoscaling.maxReplicas",
            ),
        )
    )

    min_replicas: Annotated[int, Field(ge=1, le=1000)] = 2
    """Fewest pods."""
    max_replicas: Annotated[int, Field(ge=1, le=1000)] = 5
    """Most pods."""
    target_cpu_utilization: Annotated[int, Field(ge=1, le=100)] = Field(default=70, alias="targetCPUUtilization")
    """Average share of the CPU request, in percent, that scaling aims at."""


class Render(Model):
    """Limits of rendering in each pod."""

    concurrency: Annotated[int, Field(ge=1, le=1024)] | None = None
    """Renders at once, counted in medium posters; twice the CPU limit when unset."""
    quality: Annotated[int, Field(ge=1, le=100)] = 85
    """JPEG quality."""
    memory_cache_mb: Annotated[int, Field(ge=0, le=1_048_576)] | None = Field(default=None, alias="memoryCacheMB")
    """Memory for rendered images in MiB; a quarter of the memory limit when unset."""
    memory_mb: Annotated[int, Field(ge=64, le=1_048_576)] | None = Field(default=None, alias="memoryMB")
    """Memory for all renders at once in MiB; three eighths of the memory limit when unset."""


class Ratings(Model):
    """How long ratings are good."""

    model_config = ConfigDict(
        json_schema_extra=rules(
            Rule(
                "self.staleSeconds <= self.maxAgeSeconds",
                "ratings.staleSeconds must not be greater than ratings.maxAgeSeconds",
            ),
        )
    )

    stale_seconds: Annotated[int, Field(ge=0, le=3_153_600_000)] = 86_400
    """Ratings of a new or undated title are read again after this time."""
    max_age_seconds: Annotated[int, Field(ge=1, le=3_153_600_000)] = 31_536_000
    """A title released longer ago than this is never refreshed."""


class Art(Model):
    """How long a poster without badges is good."""

    stale_seconds: Annotated[int, Field(ge=0, le=3_153_600_000)] = 0
    """TMDB is asked again for a poster after this time; 0 for never."""


class FreeKey(Model):
    """The public key."""

    enabled: bool = False
    """Let everybody in with the key t0-free-rpdb."""


class PosterKeys(Model):
    """Who may declare keys."""

    allowed_namespaces: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=63)], ...], Field(max_length=64)
    ] = ()
    """Namespaces beside its own whose PosterKeys may name this OpenPosterDB; "*" for all."""


class Toleration(Model):
    """As in a PodSpec."""

    key: str | None = None
    """Key of the taint; every taint when unset."""
    operator: Literal["Exists", "Equal"] | None = None
    """How the value is compared."""
    value: str | None = None
    """Value of the taint."""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = None
    """Effect of the taint; every effect when unset."""
    toleration_seconds: int | None = None
    """How long a NoExecute taint is tolerated; for ever when unset."""


class EnvVar(Model):
    """As in a PodSpec."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=128)]
    """Name of the variable."""
    value: Annotated[str, Field(max_length=32_768)] | None = None
    """Its value."""
    value_from: Passthrough | None = None
    """Where its value comes from, for instance a secretKeyRef."""
