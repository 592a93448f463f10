"""What the repositories take and give. Times are Unix seconds unless they are text, then `YYYY-MM-DD HH:MM:SS` UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime

from openposterdb.domain import ImageKind, TitleId


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it can be shown: of the key itself only the first letters are known."""

    id: int
    name: str
    key_prefix: str
    created_by: int | None
    created_at: str
    last_used_at: str | None
    expires_at: str | None = None


@dataclass(frozen=True, slots=True)
class Admin:
    """An admin without the password's hash. Access tokens issued before `sessions_from` (Unix seconds) are refused."""

    id: int
    username: str
    created_at: str
    sessions_from: int = 0


@dataclass(frozen=True, slots=True)
class RatingIndex:
    """Which sources have a rating for a title, as letters in canonical order; empty when none has."""

    title: TitleId
    sources: str
    release_date: str | None
    updated_at: int


@dataclass(frozen=True, slots=True)
class ImageMeta:
    """A rendered image in the store: when it was made, first and last, and what its bytes must be."""

    cache_key: str
    kind: ImageKind
    release_date: str | None
    created_at: int
    updated_at: int
    length: int
    digest: str
    content_type: str


@dataclass(frozen=True, slots=True)
class BaseArtMeta:
    """A downloaded picture in the store, with its validators for a conditional request."""

    name: str
    length: int
    digest: str
    fetched_at: int
    checked_at: int
    last_modified: str | None = None
    etag: str | None = None


def timestamp(unix: float) -> str:
    """`2026-11-22 17:30:00`: a time as the key tables hold it."""
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%d %H:%M:%S")
