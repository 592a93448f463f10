"""Render settings: definition, defaults, validation, merging."""

from openposterdb.settings.model import RenderSettings
from openposterdb.settings.overrides import PathType, override, parse_path_type

__all__ = ["PathType", "RenderSettings", "override", "parse_path_type"]
