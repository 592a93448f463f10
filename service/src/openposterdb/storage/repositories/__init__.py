"""One repository per subject: frozen rows in and out, `StorageUnavailable` where the database does not answer."""

from openposterdb.storage.repositories.admins import AdminRepository
from openposterdb.storage.repositories.aliases import AliasRepository
from openposterdb.storage.repositories.api_keys import ApiKeyRepository
from openposterdb.storage.repositories.audit import AuditRepository
from openposterdb.storage.repositories.base_art import BaseArtRepository
from openposterdb.storage.repositories.cdn_settings import CdnSettingsRepository
from openposterdb.storage.repositories.image_lists import ImageListRepository
from openposterdb.storage.repositories.image_meta import ImageMetaRepository
from openposterdb.storage.repositories.image_purges import ImagePurgeRepository
from openposterdb.storage.repositories.key_usage import KeyUsageRepository
from openposterdb.storage.repositories.prepared_art import PreparedArtRepository
from openposterdb.storage.repositories.rating_index import RatingIndexRepository
from openposterdb.storage.repositories.refresh_tokens import RefreshTokenRepository
from openposterdb.storage.repositories.secrets import SecretRepository
from openposterdb.storage.repositories.settings import SettingsRepository

__all__ = [
    "AdminRepository",
    "AliasRepository",
    "ApiKeyRepository",
    "AuditRepository",
    "BaseArtRepository",
    "CdnSettingsRepository",
    "ImageListRepository",
    "ImageMetaRepository",
    "ImagePurgeRepository",
    "KeyUsageRepository",
    "PreparedArtRepository",
    "RatingIndexRepository",
    "RefreshTokenRepository",
    "SecretRepository",
    "SettingsRepository",
]
