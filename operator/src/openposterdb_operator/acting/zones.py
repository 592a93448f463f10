"""What a service needs of its Cloudflare zone: brought there, looked at now and then, put right, and undone at the end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import structlog

from openposterdb_operator.acting import finalizers
from openposterdb_operator.acting.looking import decoded
from openposterdb_operator.acting.zone_changes import Claim, ZoneChanges, place_of
from openposterdb_operator.acting.zone_records import ZoneRecords, recorded
from openposterdb_operator.builders.context import Context
from openposterdb_operator.cluster.api import Cluster
from openposterdb_operator.cluster.kinds import OPEN_POSTER_DB, SECRET
from openposterdb_operator.decide.observation import Problem
from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.model import OpenPosterDBSpec
from openposterdb_operator.model.status import CdnStatus
from openposterdb_operator.objects import Live
from openposterdb_operator.outside.asking import Missing, NotAdmitted, OutsideError, Refused
from openposterdb_operator.outside.cloudflare import Cloudflare

_log = structlog.get_logger(__name__)

AGAIN: Final = 15.0
"""Seconds after which a zone that could not be brought up to date is tried again."""
GRACE: Final = 60.0
"""Seconds that a deleted resource waits for a token whose Secret has gone as well, as a deleted namespace's has."""


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
        self._records = ZoneRecords(cluster, namespaces or ("*",))
        self._changes = ZoneChanges(cloudflare, self._records, now)
        self._every = every
        self._monotonic = monotonic or asyncio.get_running_loop().time
        self._now = now
        self._looks: dict[str, _Look] = {}
        self._tokens: dict[str, str] = {}

    async def keep(self, resource: Live, spec: OpenPosterDBSpec, context: Context) -> Kept:
        """Bring the zone to where the spec wants it, unless that was seen to be so a moment ago."""
        made, wanted = recorded(resource), spec.cdn.cloudflare
        if made is not None and (wanted is None or wanted.zone_id != made.zone_id):
            problem = await self._undone(resource, made)
            if problem is not None:
                return Kept(problem, again_in=AGAIN)
            made = None
        if wanted is None:
            await finalizers.let_go(self._cluster, OPEN_POSTER_DB, resource, finalizers.CDN)
            return Kept()
        token = await self._token(context.namespace, place_of(wanted))
        if isinstance(token, Problem):
            return Kept(token)
        return await self._kept(Claim(resource, spec, context, wanted, made, token))

    async def end(self, resource: Live) -> Problem | None:
        """Undo what a deleted resource led to, and let it go; the problem that stands against it."""
        made = recorded(resource)
        if made is not None:
            problem = await self._undone(resource, made)
            if problem is not None:
                return problem
        uid = resource["metadata"]["uid"]
        self._looks.pop(uid, None)
        self._tokens.pop(uid, None)
        await finalizers.let_go(self._cluster, OPEN_POSTER_DB, resource, finalizers.CDN)
        return None

    async def _kept(self, claim: Claim) -> Kept:
        """What the last look found, or a new one does."""
        uid = claim.context.uid
        look = self._looks.get(uid)
        age = self._monotonic() - look.at if look is not None else 0.0
        if look is None or look.subject != claim.subject or age >= self._lasts(look.kept):
            self._tokens[uid] = claim.token
            await finalizers.hold(self._cluster, OPEN_POSTER_DB, claim.resource, finalizers.CDN)
            kept = await self._look(claim)
            look = self._looks[uid] = _Look(claim.subject, self._monotonic(), kept)
            age = 0.0
        again_in = max(1.0, self._lasts(look.kept) - age)
        return Kept(look.kept.problem, look.kept.reason, look.kept.message, again_in)

    def _lasts(self, kept: Kept) -> float:
        return AGAIN if kept.problem else self._every

    async def _look(self, claim: Claim) -> Kept:
        zone = claim.wanted.zone_id
        try:
            changes = await self._changes.bring(claim)
        except OutsideError as error:
            reason = _reason(error)
            _log.warning("zone_not_kept", zone=zone, reason=str(reason), error=str(error))
            return Kept(_problem(reason, f"zone {zone}: {error}"))
        if claim.is_applied and changes:
            message = f"{self._now():%Y-%m-%d %H:%M:%SZ}: {'; '.join(changes)}"
            _log.info("zone_put_right", zone=zone, changes=changes)
            return Kept(reason=Reason.CDN_DRIFT_CORRECTED, message=message)
        if not claim.is_applied:
            await self._records.note(claim.resource, {"applied": claim.applied})
        return Kept(reason=Reason.CDN_CONFIGURED, message=f"zone {zone}")

    async def _undone(self, resource: Live, made: CdnStatus) -> Problem | None:
        """Undo and forget; what stands against it. A zone that has gone needs nothing, nor one that was abandoned."""
        if not finalizers.is_abandoned(resource):
            token = await self._token(resource["metadata"]["namespace"], made)
            token = self._tokens.get(resource["metadata"]["uid"], token) if isinstance(token, Problem) else token
            if isinstance(token, Problem):
                if not _is_over(resource, self._now()):
                    return _not_undone(made, token.message)
                _log.warning("zone_left", zone=made.zone_id, error=token.message)
            else:
                try:
                    await self._changes.undo(resource, made, token)
                except Missing:
                    _log.info("zone_gone", zone=made.zone_id)
                except OutsideError as error:
                    return _not_undone(made, str(error))
        self._looks.pop(resource["metadata"]["uid"], None)
        await self._records.forget(resource)
        return None

    async def _token(self, namespace: str, place: CdnStatus) -> str | Problem:
        named = f"Secret {namespace}/{place.secret_name} (cdn.cloudflare.apiTokenSecretRef)"
        secret = await self._cluster.get(SECRET, namespace, place.secret_name)
        if secret is None:
            return _problem(Reason.SECRET_MISSING, f"{named} does not exist")
        token = decoded(secret).get(place.secret_key, "").strip()
        if not token or not token.isascii() or not token.isprintable():
            message = f"{named} has no member {place.secret_key}, or it is no token"
            return _problem(Reason.SECRET_KEY_MISSING, message)
        return token


def _problem(reason: Reason, message: str) -> Problem:
    return Problem(reason, message, blocking=False, condition="CDNReady")


def _reason(error: OutsideError) -> Reason:
    if isinstance(error, NotAdmitted):
        return Reason.CLOUDFLARE_TOKEN_REFUSED
    if isinstance(error, Missing):
        return Reason.CLOUDFLARE_ZONE_MISSING
    return Reason.CLOUDFLARE_REFUSED if isinstance(error, Refused) else Reason.CLOUDFLARE_UNREACHABLE


def _not_undone(made: CdnStatus, why: str) -> Problem:
    message = (
        f"rules and settings are still in zone {made.zone_id}: {why}; mend it, or let go of them with the annotation "
        f"{finalizers.ABANDON}=true"
    )
    return _problem(Reason.CDN_NOT_UNDONE, message)


def _is_over(resource: Live, now: datetime) -> bool:
    deleted = resource["metadata"].get("deletionTimestamp")
    return deleted is not None and (now - datetime.fromisoformat(deleted)).total_seconds() > GRACE
