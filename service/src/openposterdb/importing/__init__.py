"""Taking over an existing installation: its admins, keys and settings."""

from openposterdb.importing.plan import Line, Mark, Plan
from openposterdb.importing.source import Source, SourceError, read_source
from openposterdb.importing.target import Importer

__all__ = ["Importer", "Line", "Mark", "Plan", "Source", "SourceError", "read_source"]
