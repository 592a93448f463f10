"""From an `OpenPosterDB` to its children and its status, from whatever state things are in."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from pydantic import ValidationError

from openposterdb_operator.acting import finalizers, zones
from openposterdb_operator.acting.looking import Children, decoded, look_for_children, look_for_secrets
from openposterdb_operator.acting.metrics import Metrics
from openposterdb_operator.acting.queue import Key
from openposterdb_operator.acting.telling import Teller
from openposterdb_operator.acting.writing import Writer
from openposterdb_operator.acting.zones import Zones
from openposterdb_operator.builders.context import Context, Release
from openposterdb_operator.builders.desired import Desired, build_desired
from openposterdb_operator.builders.generated import ROTATE, missing_secrets
from openposterdb_operator.builders.metadata import checksum, selector
from openposterdb_operator.builders.references import referenced_secrets
from openposterdb_operator.builders.routing import url
from openposterdb_operator.builders.server import config_hash, image_of
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.kinds import DEPLOYMENT, OPEN_POSTER_DB
from openposterdb_operator.decide.children import key, replicas_to_hand_over, strategy_to_clear, to_prune
from openposterdb_operator.decide.conditions import Finding, Happening, find_conditions, invalid_spec
from openposterdb_operator.decide.migration import Migration, migration_state, retry_in
from openposterdb_operator.decide.observation import Observation
from openposterdb_operator.decide.problems import find_problems
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.model import OpenPosterDBSpec
from openposterdb_operator.objects import Live, annotations, mapping

_log = structlog.get_logger(__name__)

RESYNC: Final = 600.0
"""Seconds after which a resource is looked at again even if nothing is heard of it."""

RECHECK: Final = 60.0
"""The same where there is a problem."""


@dataclass(frozen=True)
class Outcome:
    """What a reconcile led to: when to look again, and which Secrets it read."""

    again_in: float | None = RESYNC
    secrets: frozenset[str] = frozenset()
    word: str = "ok"


class Reconciler:
    """Reconciles one resource at a time; calls for different ones may overlap."""

    def __init__(
        self,
        cluster: Cluster,
        release: Release,
        metrics: Metrics,
        kept_zones: Zones,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._cluster = cluster
        self._zones = kept_zones
        self._release = release
        self._metrics = metrics
        self._now = now
        self._teller = Teller(cluster, now)

    async def reconcile(self, where: Key) -> Outcome:
        """Bring things to where the spec wants them. ClusterError when the API server did not let it be finished."""
        resource = await self._cluster.get(OPEN_POSTER_DB, where.namespace, where.name)
        if resource is None:
            return Outcome(again_in=None, word="gone")
        if resource["metadata"].get("deletionTimestamp"):
            return await self._end(resource)
        try:
            spec = OpenPosterDBSpec.model_validate(resource["spec"])
        except ValidationError as error:
            await self._teller.tell(resource, invalid_spec(readable(error)), {})
            return Outcome(word="invalid")
        return await self._reconcile(resource, spec)

    async def _end(self, resource: Live) -> Outcome:
        """Children go by themselves; what is outside the cluster is undone first."""
        if not finalizers.holds(resource, finalizers.CDN):
            return Outcome(again_in=None, word="gone")
        problem = await self._zones.end(resource)
        if problem is not None:
            await self._teller.tell(resource, [Finding("CDNReady", "False", problem.reason, problem.message)], {})
            return Outcome(zones.AGAIN, cdn_secrets(resource), "problem")
        if finalizers.is_abandoned(resource):
            happening = Happening("Warning", str(Reason.CDN_ABANDONED), Reason.CDN_ABANDONED.meaning)
            await self._teller.emit(resource, happening)
        return Outcome(again_in=None, word="gone")

    async def _reconcile(self, resource: Live, spec: OpenPosterDBSpec) -> Outcome:
        metadata = resource["metadata"]
        children = await look_for_children(self._cluster, metadata["namespace"], metadata["name"])
        context = Context(
            name=metadata["name"],
            namespace=metadata["namespace"],
            uid=metadata["uid"],
            release=self._release,
            offered=children.offered,
        )
        writer = Writer(self._cluster, context, children.found, self._metrics)
        secrets = await self._secrets(resource, spec, context, writer)
        context = dataclasses.replace(context, digests={name: checksum(each) for name, each in secrets.items()})
        problems = find_problems(spec, context, secrets)
        desired = build_desired(spec, context)
        for manifest in desired.foundations:
            await writer.apply(manifest)
        migration: Live | None = None
        if not any(problem.blocking for problem in (*problems, *writer.problems)):
            migration = await self._migrate(desired, children, writer)
            if migration_state(migration) is Migration.DONE:
                await self._roll_out(spec, desired, children, context, writer)
        await self._prune(desired, children, context, writer)
        kept = await self._zones.keep(resource, spec, context)
        observation = Observation(
            secrets=secrets,
            deployment=await self._cluster.get(DEPLOYMENT, context.namespace, context.name),
            redis=children.found.get(("StatefulSet", context.redis)),
            migration=migration or children.found.get(key(desired.migration)),
            cdn=(kept.reason, kept.message) if kept.reason is not None else None,
            problems=(*problems, *writer.problems, *([kept.problem] if kept.problem is not None else [])),
        )
        await self._teller.tell(
            resource, find_conditions(spec, observation), facts(spec, context, observation.deployment)
        )
        return Outcome(
            again_in=min(self._look_again(observation), kept.again_in or RESYNC),
            secrets=frozenset(referenced_secrets(spec, context)) | cdn_secrets(resource),
            word="problem" if observation.problems else "ok",
        )

    async def _secrets(
        self, resource: Live, spec: OpenPosterDBSpec, context: Context, writer: Writer
    ) -> Mapping[str, Mapping[str, str]]:
        """The Secrets that the spec reads, those generated that were missing."""
        existing = await look_for_secrets(self._cluster, spec, context)
        missing = missing_secrets(spec, context, existing, rotate=str(annotations(resource).get(ROTATE, "")))
        for manifest in missing:
            rotated = manifest["metadata"]["name"] in existing
            await (writer.apply(manifest) if rotated else writer.create(manifest))
        if missing:
            existing = await look_for_secrets(self._cluster, spec, context)
        return {name: decoded(each) for name, each in existing.items()}

    async def _migrate(self, desired: Desired, children: Children, writer: Writer) -> Live | None:
        """The migration's Job: made when there is none, replaced when it failed a while ago, never changed."""
        job = children.found.get(key(desired.migration))
        if migration_state(job) is Migration.FAILED and retry_in(job, self._now()) <= 0 and job is not None:
            await writer.delete(job)
            return None
        return job or await writer.create(desired.migration)

    async def _roll_out(
        self, spec: OpenPosterDBSpec, desired: Desired, children: Children, context: Context, writer: Writer
    ) -> None:
        deployment = children.found.get(("Deployment", context.name))
        replicas = replicas_to_hand_over(deployment, autoscaled=spec.autoscaling is not None)
        if deployment is not None and replicas is not None:
            await self._cluster.hand_over_replicas(deployment, replicas)
        clearing = strategy_to_clear(desired.deployment, deployment)
        if clearing is not None:
            await self._cluster.merge(DEPLOYMENT, context.namespace, context.name, clearing)
        for manifest in desired.rollout:
            await writer.apply(manifest)

    async def _prune(self, desired: Desired, children: Children, context: Context, writer: Writer) -> None:
        wanted = {key(manifest) for manifest in desired.manifests} | {("Secret", name) for name in desired.secrets}
        for unwanted in to_prune(children.found.values(), wanted, context.uid):
            await writer.delete(unwanted)

    def _look_again(self, observation: Observation) -> float:
        """Earlier where something is wrong: what mends it may be nothing that is watched."""
        if migration_state(observation.migration) is Migration.FAILED:
            return min(RECHECK, retry_in(observation.migration, self._now()) + 1.0)
        return RECHECK if observation.problems else RESYNC


def facts(spec: OpenPosterDBSpec, context: Context, deployment: Live | None) -> dict[str, Any]:
    """What the status says beside its conditions."""
    status = mapping(deployment, "status")
    return {
        "replicas": status.get("replicas", 0),
        "readyReplicas": status.get("readyReplicas", 0),
        "selector": ",".join(f"{name}={value}" for name, value in selector(context, "server").items()),
        "url": url(spec, context),
        "image": image_of(spec, context),
        "configHash": config_hash(spec, context),
    }


def cdn_secrets(resource: Live) -> frozenset[str]:
    """The Secret with the CDN's token: it configures no pod, and it is watched like those that do."""
    wanted = mapping(mapping(mapping(resource, "spec"), "cdn"), "cloudflare")
    names = (
        mapping(wanted, "apiTokenSecretRef").get("name"),
        mapping(mapping(resource, "status"), "cdn").get("secretName"),
    )
    return frozenset(name for name in names if name)


def readable(error: ValidationError) -> str:
    """What is wrong with a spec, member by member."""
    return "; ".join(
        f"spec.{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)
    )
