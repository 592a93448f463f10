"""CustomResourceDefinitions, generated from the model."""

from openposterdb_operator.crd.definitions import LONGEST_NAME, open_poster_db, poster_key

__all__ = ["LONGEST_NAME", "open_poster_db", "poster_key"]
