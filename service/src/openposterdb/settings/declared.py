"""Global settings that the configuration declares: they win over the stored ones, and nobody changes them at run time."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from openposterdb.errors import Conflict, Invalid
from openposterdb.settings.changes import SettingsChanges, complaint
from openposterdb.settings.definition import definition_of
from openposterdb.settings.model import RenderSettings

Declared = Mapping[str, Any]
"""Declared settings by name; empty where the stored ones decide alone."""


def parse_declared(text: str | None) -> Declared:
    """The settings of a JSON object in the names of the management API; Invalid names every member that is wrong."""
    if text is None or not text.strip():
        return {}
    try:
        members: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid("must be a JSON object of render settings") from None
    if not isinstance(members, dict):
        raise Invalid("must be a JSON object of render settings")
    names = {name for member in definition_of(RenderSettings) for name in (member.name, member.json_name)}
    problems = [f"{name}: is no render setting" for name in members if name not in names]  # pyright: ignore[reportUnknownVariableType]
    given: Declared = {}
    try:
        given = SettingsChanges.model_validate(members).given()
    except ValidationError as error:
        problems += map(complaint, error.errors(include_url=False, include_input=False))
    if problems:
        raise Invalid("; ".join(problems))
    return given


def refuse_changes_of(declared: Declared, given: Mapping[str, Any]) -> None:
    """Conflict when `given` would change a declared setting; the value that it has already is no change."""
    names = [name for name, value in given.items() if name in declared and declared[name] != value]
    if names:
        verb = "is" if len(names) == 1 else "are"
        raise Conflict(
            f"{', '.join(names)} {verb} declared by the configuration (RENDER_SETTINGS; in Kubernetes spec.defaults of the "
            "OpenPosterDB) and cannot be changed here"
        )


def wire_names(declared: Declared) -> list[str]:
    """The names of declared settings as the management API has them, in the order of the definition."""
    return [member.json_name for member in definition_of(RenderSettings) if member.name in declared]
