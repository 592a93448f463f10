"""One repository per subject: frozen rows in and out, `StorageUnavailable` where the database does not answer."""

from openposterdb.storage.repositories.aliases import AliasRepository
from openposterdb.storage.repositories.api_keys import ApiKeyRepository
from openposterdb.storage.repositories.base_art import BaseArtRepository
from openposterdb.storage.repositories.image_meta import ImageMetaRepository
from openposterdb.storage.repositories.rating_index import RatingIndexRepository
from openposterdb.storage.repositories.settings import SettingsRepository

__all__ = [
    "AliasRepository",
    "ApiKeyRepository",
    "BaseArtRepository",
    "ImageMetaRepository",
    "RatingIndexRepository",
    "SettingsRepository",
]
