"""What a service needs of its Cloudflare zone: brought there, looked at now and then, put right, and undone at the end."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import structlog

from openposterdb_operator.acting import finalizers
from openposterdb_operator.acting.looking import decoded
from openposterdb_operator.builders.cdn import build_cache_rules, mark
from openposterdb_operator.builders.context import Context
from openposterdb_operator.builders.metadata import checksum
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.kinds import OPEN_POSTER_DB, SECRET
from openposterdb_operator.decide.cdn import BROWSER_TTL, SMART, TIERED, plan_rules, wanted_settings
from openposterdb_operator.decide.observation import Problem
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.model import OpenPosterDBSpec
from openposterdb_operator.model.status import CdnStatus, ZoneBefore
from openposterdb_operator.objects import Live, mapping
from openposterdb_operator.outside.asking import Missing, NotAdmitted, OutsideError, Refused
from openposterdb_operator.outside.cloudflare import Cloudflare, Zone

_log = structlog.get_logger(__name__)

AGAIN: Final = 15.0
"""Seconds after which a zone that could not be brought up to date is tried again."""
GRACE: Final = 60.0
"""Seconds that a deleted resource waits for a token whose Secret has gone as well, as a deleted namespace's has."""
_FIELDS: Final = {BROWSER_TTL: "browser_cache_ttl", TIERED: "tiered_caching", SMART: "smart_tiered_cache"}


@dataclass(frozen=True)
class Kept:
    """How a zone was found: a problem, or the reason of a good state with its message; neither where nothing is asked for."""

    problem: Problem | None = None
    reason: Reason | None = None
    message: str = ""
    again_in: float | None = None


@dataclass(frozen=True)
class _Look:
    subject: str
    at: float
    kept: Kept


class Zones:
    """The zones of all resources. `every` is how many seconds may pass until drift is noticed."""

    def __init__(
        self,
        cluster: Cluster,
        cloudflare: Cloudflare,
        namespaces: tuple[str, ...],
        *,
        every: float,
        monotonic: Callable[[], float] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._cluster = cluster
        self._cloudflare = cloudflare
        self._namespaces = namespaces or ("*",)
        self._every = every
        self._monotonic = monotonic or asyncio.get_running_loop().time
        self._now = now
        self._looks: dict[str, _Look] = {}
        self._tokens: dict[str, str] = {}

    async def keep(self, resource: Live, spec: OpenPosterDBSpec, context: Context) -> Kept:
        """Bring the zone to where the spec wants it, unless that was seen to be so a moment ago."""
        recorded, wanted = _recorded(resource), spec.cdn.cloudflare
        if recorded is not None and (wanted is None or wanted.zone_id != recorded.zone_id):
            problem = await self._undone(resource, recorded)
            if problem is not None:
                return Kept(problem, again_in=AGAIN)
            recorded = None
        if wanted is None:
            await finalizers.let_go(self._cluster, OPEN_POSTER_DB, resource, finalizers.CDN)
            return Kept()
        reference = wanted.api_token_secret_ref
        target = CdnStatus(zoneID=wanted.zone_id, secret_name=reference.name, secret_key=reference.key)
        token = await self._token(context.namespace, target)
        if isinstance(token, Problem):
            return Kept(token)
        rules = build_cache_rules(spec, context)
        applied = checksum([rules, wanted.tiered_cache, wanted.zone_id])
        subject = checksum([applied, token])
        look = self._looks.get(context.uid)
        age = self._monotonic() - look.at if look is not None else 0.0
        if look is None or look.subject != subject or age >= (AGAIN if look.kept.problem else self._every):
            self._tokens[context.uid] = token
            await finalizers.hold(self._cluster, OPEN_POSTER_DB, resource, finalizers.CDN)
            kept = await self._look(resource, recorded, target, Zone(wanted.zone_id, token), rules, applied, spec)
            look = self._looks[context.uid] = _Look(subject, self._monotonic(), kept)
            age = 0.0
        return Kept(
            look.kept.problem,
            look.kept.reason,
            look.kept.message,
            again_in=max(1.0, (AGAIN if look.kept.problem else self._every) - age),
        )

    async def end(self, resource: Live) -> Problem | None:
        """Undo what a deleted resource led to, and let it go; the problem that stands against it."""
        recorded = _recorded(resource)
        if recorded is not None:
            problem = await self._undone(resource, recorded)
            if problem is not None:
                return problem
        uid = resource["metadata"]["uid"]
        self._looks.pop(uid, None)
        self._tokens.pop(uid, None)
        await finalizers.let_go(self._cluster, OPEN_POSTER_DB, resource, finalizers.CDN)
        return None

    async def _look(
        self,
        resource: Live,
        recorded: CdnStatus | None,
        target: CdnStatus,
        zone: Zone,
        rules: list[dict[str, Any]],
        applied: str,
        spec: OpenPosterDBSpec,
    ) -> Kept:
        tiered = spec.cdn.cloudflare is not None and spec.cdn.cloudflare.tiered_cache
        try:
            changes = await self._bring(resource, recorded, target, zone, rules, wanted_settings(tiered=tiered))
        except OutsideError as error:
            reason = _reason(error)
            _log.warning("zone_not_kept", zone=zone.id, reason=str(reason), error=str(error))
            message = f"zone {zone.id}: {error}"
            return Kept(Problem(reason, message, blocking=False, condition="CDNReady"))
        if recorded is not None and recorded.applied == applied and changes:
            message = f"{self._now():%Y-%m-%d %H:%M:%SZ}: {'; '.join(changes)}"
            _log.info("zone_put_right", zone=zone.id, changes=changes)
            return Kept(reason=Reason.CDN_DRIFT_CORRECTED, message=message)
        if recorded is None or recorded.applied != applied:
            await self._record(resource, {"applied": applied})
        return Kept(reason=Reason.CDN_CONFIGURED, message=f"zone {zone.id}")

    async def _bring(
        self,
        resource: Live,
        recorded: CdnStatus | None,
        target: CdnStatus,
        zone: Zone,
        rules: list[dict[str, Any]],
        settings: Mapping[str, Any],
    ) -> list[str]:
        """Do what is missing; what that was. What there was before is on record before anything changes."""
        ruleset = await self._cloudflare.ruleset(zone)
        found = {path: await self._cloudflare.setting(zone, path) for path in settings}
        known = recorded.before if recorded is not None and recorded.before is not None else ZoneBefore()
        before = {
            **{_FIELDS[path]: "off" if value is None else value for path, value in found.items()},
            **known.model_dump(exclude_none=True, exclude={"taken_at"}),
            "taken_at": known.taken_at or self._now().isoformat(),
        }
        record = target.model_copy(
            update={
                "before": ZoneBefore.model_validate(before),
                "applied": recorded.applied if recorded is not None else "",
            }
        )
        if record != recorded:
            await self._record(resource, record.model_dump(by_alias=True, exclude_none=True))
        plan = plan_rules(ruleset.rules if ruleset is not None else (), rules, mark(resource["metadata"]["uid"]))
        if ruleset is None:
            await self._cloudflare.create_ruleset(zone, rules)
        else:
            for rule in plan.add:
                await self._cloudflare.add_rule(zone, ruleset.id, rule)
            for rule_id, rule in plan.change.items():
                await self._cloudflare.change_rule(zone, ruleset.id, rule_id, rule)
            for rule_id in plan.take:
                await self._cloudflare.delete_rule(zone, ruleset.id, rule_id)
        changed = [path for path, value in settings.items() if found[path] != value]
        for path in changed:
            await self._cloudflare.set(zone, path, settings[path])
        return [*plan.describe(), *(f"{path} was {found[path]}" for path in changed)]

    async def _undone(self, resource: Live, recorded: CdnStatus) -> Problem | None:
        """Undo and forget; what stands against it. A zone that has gone needs nothing, nor one that was abandoned."""
        if not finalizers.is_abandoned(resource):
            token = await self._token(resource["metadata"]["namespace"], recorded)
            token = self._tokens.get(resource["metadata"]["uid"], token) if isinstance(token, Problem) else token
            if isinstance(token, Problem):
                if not _is_over(resource, self._now()):
                    return _not_undone(recorded, token.message)
                _log.warning("zone_left", zone=recorded.zone_id, error=token.message)
            else:
                try:
                    await self._undo(resource, recorded, Zone(recorded.zone_id, token))
                except Missing:
                    _log.info("zone_gone", zone=recorded.zone_id)
                except OutsideError as error:
                    return _not_undone(recorded, str(error))
        self._looks.pop(resource["metadata"]["uid"], None)
        metadata = resource["metadata"]
        await self._cluster.merge_status(OPEN_POSTER_DB, metadata["namespace"], metadata["name"], {"cdn": None})
        return None

    async def _undo(self, resource: Live, recorded: CdnStatus, zone: Zone) -> None:
        """Take the rules away, and restore the settings unless another service needs them in the same zone."""
        ruleset = await self._cloudflare.ruleset(zone)
        if ruleset is not None:
            for rule_id in plan_rules(ruleset.rules, (), mark(resource["metadata"]["uid"])).take:
                await self._cloudflare.delete_rule(zone, ruleset.id, rule_id)
        before = recorded.before
        if before is None:
            return
        others = await self._others(resource, recorded.zone_id)
        for other in others:
            await self._hand_over(other, before)
        if others:
            return
        for path, ours in wanted_settings(tiered=True).items():
            value = getattr(before, _FIELDS[path])
            if value not in (None, ours) and await self._cloudflare.setting(zone, path) == ours:
                await self._cloudflare.set(zone, path, value)

    async def _others(self, resource: Live, zone_id: str) -> list[Live]:
        lists = [await self._cluster.list(OPEN_POSTER_DB, namespace, {}) for namespace in self._namespaces]
        return [
            each
            for found in lists
            for each in found or ()
            if each["metadata"]["uid"] != resource["metadata"]["uid"]
            and not each["metadata"].get("deletionTimestamp")
            and mapping(mapping(each, "status"), "cdn").get("zoneID") == zone_id
        ]

    async def _hand_over(self, other: Live, before: ZoneBefore) -> None:
        """The oldest memory of a zone is the true one: what came later saw the operator's own settings."""
        recorded = _recorded(other)
        later = recorded.before if recorded is not None else None
        if later is None or later.taken_at > before.taken_at:
            await self._record(other, {"before": before.model_dump(by_alias=True, exclude_none=True)})

    async def _record(self, resource: Live, members: Mapping[str, Any]) -> None:
        metadata = resource["metadata"]
        await self._cluster.merge_status(
            OPEN_POSTER_DB, metadata["namespace"], metadata["name"], {"cdn": dict(members)}
        )

    async def _token(self, namespace: str, target: CdnStatus) -> str | Problem:
        place = f"Secret {namespace}/{target.secret_name} (cdn.cloudflare.apiTokenSecretRef)"
        secret = await self._cluster.get(SECRET, namespace, target.secret_name)
        if secret is None:
            return Problem(Reason.SECRET_MISSING, f"{place} does not exist", blocking=False, condition="CDNReady")
        token = decoded(secret).get(target.secret_key, "").strip()
        if not token or not token.isascii() or not token.isprintable():
            message = f"{place} has no member {target.secret_key}, or it is no token"
            return Problem(Reason.SECRET_KEY_MISSING, message, blocking=False, condition="CDNReady")
        return token


def _recorded(resource: Live) -> CdnStatus | None:
    found = mapping(mapping(resource, "status"), "cdn")
    return CdnStatus.model_validate(found) if found else None


def _reason(error: OutsideError) -> Reason:
    if isinstance(error, NotAdmitted):
        return Reason.CLOUDFLARE_TOKEN_REFUSED
    if isinstance(error, Missing):
        return Reason.CLOUDFLARE_ZONE_MISSING
    return Reason.CLOUDFLARE_REFUSED if isinstance(error, Refused) else Reason.CLOUDFLARE_UNREACHABLE


def _not_undone(recorded: CdnStatus, why: str) -> Problem:
    message = (
        f"rules and settings are still in zone {recorded.zone_id}: {why}; mend it, or let go of them with the annotation "
        f"{finalizers.ABANDON}=true"
    )
    return Problem(Reason.CDN_NOT_UNDONE, message, blocking=False, condition="CDNReady")


def _is_over(resource: Live, now: datetime) -> bool:
    deleted = resource["metadata"].get("deletionTimestamp")
    return deleted is not None and (now - datetime.fromisoformat(deleted)).total_seconds() > GRACE
