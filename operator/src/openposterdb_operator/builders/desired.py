"""Everything that one `OpenPosterDB` wants to exist, in the order in which it is applied."""

from dataclasses import dataclass

from openposterdb_operator.builders.context import Context, Manifest
from openposterdb_operator.builders.migration import build_migration
from openposterdb_operator.builders.monitoring import build_dashboard, build_prometheus_rule, build_service_monitor
from openposterdb_operator.builders.network import build_network_policy
from openposterdb_operator.builders.redis import (
    build_redis,
    build_redis_claim,
    build_redis_config,
    build_redis_network_policy,
    build_redis_service,
)
from openposterdb_operator.builders.routing import build_http_route, build_ingress
from openposterdb_operator.builders.scaling import build_autoscaler, build_disruption_budget
from openposterdb_operator.builders.server import build_deployment, build_service
from openposterdb_operator.builders.storage import build_database_claim, build_images_claim
from openposterdb_operator.model import OpenPosterDBSpec


@dataclass(frozen=True)
class Desired:
    """What comes first, the migration, and what waits for it. Generated Secrets are apart: they are never applied."""

    foundations: tuple[Manifest, ...]
    migration: Manifest
    deployment: Manifest
    scaling: tuple[Manifest, ...]
    secrets: frozenset[str]

    @property
    def rollout(self) -> tuple[Manifest, ...]:
        """What waits for the migration."""
        return (self.deployment, *self.scaling)

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """All of it."""
        return (*self.foundations, self.migration, *self.rollout)


def build_desired(spec: OpenPosterDBSpec, context: Context) -> Desired:
    """Everything for `spec`."""
    redis = spec.managed_redis
    caches: tuple[Manifest | None, ...] = ()
    if redis is not None:
        caches = (
            build_redis_config(redis, context),
            build_redis_claim(redis, context),
            build_redis_service(context),
            build_redis_network_policy(context) if spec.network_policy.enabled else None,
            build_redis(redis, spec, context),
        )
    return Desired(
        foundations=_present(
            build_database_claim(spec, context),
            build_images_claim(spec, context),
            *caches,
            build_service(spec, context),
            build_network_policy(spec, context),
            build_disruption_budget(spec, context),
            build_ingress(spec, context),
            build_http_route(spec, context),
            build_service_monitor(spec, context),
            build_prometheus_rule(spec, context),
            build_dashboard(spec, context),
        ),
        migration=build_migration(spec, context),
        deployment=build_deployment(spec, context),
        scaling=_present(build_autoscaler(spec, context)),
        secrets=generated_names(spec, context),
    )


def generated_names(spec: OpenPosterDBSpec, context: Context) -> frozenset[str]:
    """Names of the Secrets that are the operator's to generate."""
    wanted = {
        context.admin: spec.admin.secret_ref is None,
        context.auth: spec.auth.jwt_secret_ref is None,
        context.redis: spec.managed_redis is not None,
    }
    return frozenset(name for name, generated in wanted.items() if generated)


def _present(*manifests: Manifest | None) -> tuple[Manifest, ...]:
    return tuple(manifest for manifest in manifests if manifest is not None)
