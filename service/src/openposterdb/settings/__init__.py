"""Render settings: definition, defaults, validation, merging."""

from openposterdb.settings.changes import SettingsChanges, apply_changes
from openposterdb.settings.model import RenderSettings
from openposterdb.settings.overrides import PathType, override, parse_path_type

__all__ = ["PathType", "RenderSettings", "SettingsChanges", "apply_changes", "override", "parse_path_type"]
