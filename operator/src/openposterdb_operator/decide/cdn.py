"""Which cache rules of a zone are this service's, and what has to happen to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Rule = Mapping[str, Any]

BROWSER_TTL: Final = "settings/browser_cache_ttl"
TIERED: Final = "argo/tiered_caching"
SMART: Final = "cache/tiered_cache_smart_topology_enable"


@dataclass(frozen=True)
class RulePlan:
    """What to add, to change (by id) and to take away (ids)."""

    add: tuple[Rule, ...] = ()
    change: Mapping[str, Rule] = field(default_factory=dict[str, Rule])
    take: tuple[str, ...] = ()

    def describe(self) -> list[str]:
        """In words, for an Event."""
        return [
            *(f"rule {rule['ref'].rpartition('_')[2]} was missing" for rule in self.add),
            *(f"rule {rule['ref'].rpartition('_')[2]} was changed" for rule in self.change.values()),
            *("an unknown rule was marked as this service's" for _ in self.take),
        ]


def plan_rules(live: Sequence[Rule], wanted: Sequence[Rule], mark: str) -> RulePlan:
    """From the rules of a zone to those wanted; rules without the mark are nobody's business here."""
    mine = {str(rule["ref"]): rule for rule in live if str(rule.get("ref", "")).startswith(mark)}
    known = {rule["ref"] for rule in wanted}
    return RulePlan(
        add=tuple(rule for rule in wanted if rule["ref"] not in mine),
        change={
            mine[rule["ref"]]["id"]: rule
            for rule in wanted
            if rule["ref"] in mine and any(mine[rule["ref"]].get(name) != rule[name] for name in rule)
        },
        take=tuple(str(rule["id"]) for ref, rule in mine.items() if ref not in known),
    )


def wanted_settings(*, tiered: bool) -> Mapping[str, Any]:
    """Settings of the zone by path: browsers follow the headers, and misses share an upper tier."""
    return {BROWSER_TTL: 0, **({TIERED: "on", SMART: "on"} if tiered else {})}
