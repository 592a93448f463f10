"""Render settings: definition, defaults, validation, merging."""
