"""What was found in the cluster, for decisions to be made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from openposterdb_operator.decide.reasons import Reason
from openposterdb_operator.objects import Live


@dataclass(frozen=True)
class Problem:
    """Something a person can mend. A blocking one keeps the operator from rolling anything out."""

    reason: Reason
    message: str
    blocking: bool = True
    condition: str | None = None
    """The condition that it makes false beside Degraded and, where nothing serves, Ready."""


@dataclass(frozen=True)
class Observation:
    """What exists. `secrets` are those that the spec reads, decoded, by name; a missing one has no entry."""

    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]], repr=False)
    deployment: Live | None = None
    redis: Live | None = None
    migration: Live | None = None
    cdn: tuple[Reason, str] | None = None
    """Reason and message of a CDN that is as wanted; None where nothing is asked for, or there is a problem."""
    problems: tuple[Problem, ...] = ()
