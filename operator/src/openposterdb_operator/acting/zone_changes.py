"""What a service changes in its Cloudflare zone, and how that is undone. What was there before is on record first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from openposterdb_operator.acting.zone_records import ZoneRecords
from openposterdb_operator.builders.cdn import build_cache_rules, mark
from openposterdb_operator.builders.context import Context
from openposterdb_operator.builders.metadata import checksum
from openposterdb_operator.decide.cdn import BROWSER_TTL, SMART, TIERED, plan_rules, wanted_settings
from openposterdb_operator.model import OpenPosterDBSpec
from openposterdb_operator.model.exposure import Cloudflare as Wanted
from openposterdb_operator.model.status import CdnStatus, ZoneBefore
from openposterdb_operator.objects import Live
from openposterdb_operator.outside.cloudflare import Cloudflare, Zone

_FIELDS: Final = {BROWSER_TTL: "browser_cache_ttl", TIERED: "tiered_caching", SMART: "smart_tiered_cache"}


@dataclass(frozen=True)
class Claim:
    """What one resource wants of a zone. `recorded` is what it has made there already, None being nothing."""

    resource: Live
    spec: OpenPosterDBSpec
    context: Context
    wanted: Wanted
    recorded: CdnStatus | None
    token: str

    @property
    def zone(self) -> Zone:
        """The zone, with what opens it."""
        return Zone(self.wanted.zone_id, self.token)

    @cached_property
    def rules(self) -> list[dict[str, Any]]:
        """The cache rules, in order."""
        return build_cache_rules(self.spec, self.context)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The zone's settings by their path."""
        return wanted_settings(tiered=self.wanted.tiered_cache)

    @cached_property
    def applied(self) -> str:
        """Checksum of what is wanted."""
        return checksum([self.rules, self.wanted.tiered_cache, self.wanted.zone_id])

    @property
    def subject(self) -> str:
        """Checksum of what is wanted, and of the token."""
        return checksum([self.applied, self.token])

    @property
    def is_applied(self) -> bool:
        """Whether all of it was brought into the zone once."""
        return self.recorded is not None and self.recorded.applied == self.applied


def place_of(wanted: Wanted) -> CdnStatus:
    """The zone and its token's place, as they are put on record."""
    reference = wanted.api_token_secret_ref
    return CdnStatus(zoneID=wanted.zone_id, secret_name=reference.name, secret_key=reference.key)


@dataclass(frozen=True)
class ZoneChanges:
    """Changes zones through Cloudflare's API; OutsideError when it does not let it be finished."""

    cloudflare: Cloudflare
    records: ZoneRecords
    now: Callable[[], datetime]

    async def bring(self, claim: Claim) -> list[str]:
        """Do what is missing; what that was."""
        zone, settings = claim.zone, claim.settings
        ruleset = await self.cloudflare.ruleset(zone)
        found = {path: await self.cloudflare.setting(zone, path) for path in settings}
        await self._remember(claim, found)
        plan = plan_rules(
            ruleset.rules if ruleset is not None else (), claim.rules, mark(claim.resource["metadata"]["uid"])
        )
        if ruleset is None:
            await self.cloudflare.create_ruleset(zone, claim.rules)
        else:
            for rule in plan.add:
                await self.cloudflare.add_rule(zone, ruleset.id, rule)
            for rule_id, rule in plan.change.items():
                await self.cloudflare.change_rule(zone, ruleset.id, rule_id, rule)
            for rule_id in plan.take:
                await self.cloudflare.delete_rule(zone, ruleset.id, rule_id)
        changed = [path for path, value in settings.items() if found[path] != value]
        for path in changed:
            await self.cloudflare.set(zone, path, settings[path])
        return [*plan.describe(), *(f"{path} was {found[path]}" for path in changed)]

    async def undo(self, resource: Live, recorded: CdnStatus, token: str) -> None:
        """Take the rules away, and restore the settings unless another service needs them in the same zone."""
        zone = Zone(recorded.zone_id, token)
        ruleset = await self.cloudflare.ruleset(zone)
        if ruleset is not None:
            for rule_id in plan_rules(ruleset.rules, (), mark(resource["metadata"]["uid"])).take:
                await self.cloudflare.delete_rule(zone, ruleset.id, rule_id)
        before = recorded.before
        if before is None or await self.records.hand_over(resource, recorded.zone_id, before):
            return
        for path, ours in wanted_settings(tiered=True).items():
            value = getattr(before, _FIELDS[path])
            if value not in (None, ours) and await self.cloudflare.setting(zone, path) == ours:
                await self.cloudflare.set(zone, path, value)

    async def _remember(self, claim: Claim, found: Mapping[str, Any]) -> None:
        """Put on record how the zone is now, but for what is on record already."""
        recorded = claim.recorded
        known = recorded.before if recorded is not None and recorded.before is not None else ZoneBefore()
        before = {
            **{_FIELDS[path]: "off" if value is None else value for path, value in found.items()},
            **known.model_dump(exclude_none=True, exclude={"taken_at"}),
            "taken_at": known.taken_at or self.now().isoformat(),
        }
        record = place_of(claim.wanted).model_copy(
            update={
                "before": ZoneBefore.model_validate(before),
                "applied": recorded.applied if recorded is not None else "",
            }
        )
        if record != recorded:
            await self.records.note(claim.resource, record.model_dump(by_alias=True, exclude_none=True))
