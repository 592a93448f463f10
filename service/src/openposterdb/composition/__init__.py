"""The composition root: every collaborator of a running service, built once and handed on."""

from openposterdb.composition.collaborators import Collaborators
from openposterdb.composition.opening import open_collaborators

__all__ = ["Collaborators", "open_collaborators"]
