"""The resources `OpenPosterDB` and `PosterKey`, typed; the CustomResourceDefinitions are generated from here."""

from openposterdb_operator.model.posterkey import PosterKeySpec
from openposterdb_operator.model.spec import OpenPosterDBSpec
from openposterdb_operator.model.status import Condition, OpenPosterDBStatus, PosterKeyStatus

GROUP = "openposterdb.io"
VERSION = "v1alpha1"

__all__ = [
    "GROUP",
    "VERSION",
    "Condition",
    "OpenPosterDBSpec",
    "OpenPosterDBStatus",
    "PosterKeySpec",
    "PosterKeyStatus",
]
