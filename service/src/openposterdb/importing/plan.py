"""What an import would do and what it says of it: data alone, free of any database.

The one rule: an import adds. What is there already is neither changed nor removed, and where it differs the report says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from openposterdb.settings.model import RenderSettings
from openposterdb.storage.changes import Topic


class Mark(StrEnum):
    """What becomes of a thing of the source."""

    ADDED = "+"
    THERE = "="
    CHANGED = "!"  # taken over otherwise than it stands in the source
    LEFT = "-"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of the source and what becomes of it; no hash and no secret is in it."""

    section: str
    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class NewAdmin:
    """An admin to be added, with the password that it has."""

    username: str
    password_hash: str = field(repr=False)
    created_at: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be added; `creator` is an admin's name."""

    key_hash: str = field(repr=False)
    name: str
    key_prefix: str
    creator: str | None
    created_at: str
    last_used_at: str | None
    expires_at: str | None


@dataclass(frozen=True, slots=True)
class NewKeySettings:
    """Settings of its own for a key that is there or comes with the same plan."""

    key_hash: str = field(repr=False)
    settings: RenderSettings


@dataclass(frozen=True, slots=True)
class Present:
    """What is there before: password hashes by user name, names by key hash, settings by key hash, global values."""

    admins: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    keys: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    key_settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]], repr=False)
    global_values: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be added, and a line for each thing of the source."""

    lines: tuple[Line, ...] = ()
    admins: tuple[NewAdmin, ...] = ()
    keys: tuple[NewKey, ...] = ()
    key_settings: tuple[NewKeySettings, ...] = ()
    global_values: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.admins or self.keys or self.key_settings or self.global_values)

    @property
    def summary(self) -> str:
        """How many things are added, for the audit trail."""
        counts = {
            "admins": self.admins,
            "keys": self.keys,
            "settings of keys": self.key_settings,
            "global settings": self.global_values,
        }
        return ", ".join(f"{what}: {len(additions)}" for what, additions in counts.items())

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What running servers have to read again, in the one order in which topics are announced."""
        changed: dict[Topic, Any] = {
            "admins": self.admins,
            "keys": self.keys,
            "settings": self.key_settings or self.global_values,
        }
        return tuple(topic for topic, additions in changed.items() if additions)
