"""What the repositories take and give. Times are Unix seconds unless they are text, then `YYYY-MM-DD HH:MM:SS` UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from openposterdb.domain import ImageKind, TitleId

_TIMESTAMP = "%Y-%m-%d %H:%M:%S"


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
class DayUse:
    """How often a key was used on one day (`2026-11-22`, UTC)."""

    day: str
    requests: int


@dataclass(frozen=True, slots=True)
class UseTotals:
    """How often a key was used today and in this calendar month, today included (UTC)."""

    today: int = 0
    month: int = 0


@dataclass(frozen=True, slots=True)
class StoredAdmin:
    """An admin with the hash of the password, for those who verify it."""

    admin: Admin
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Who did what to which thing, when (Unix seconds) and from where."""

    id: int
    at: int
    actor: str
    action: str
    target: str | None = None
    detail: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class RatingIndex:
    """Which sources have a rating for a title, as letters in canonical order; empty when none has.

    `values` are the texts of their badges by letter; None where a release wrote the entry that kept none.
    """

    title: TitleId
    sources: str
    release_date: str | None
    updated_at: int
    values: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ImageMeta:
    """A rendered image: when it was made, first and last, and what its bytes are.

    `stored` is true where the store has them. Otherwise they are laid together when they are asked for, of prepared art
    and ratings; `updated_at` is then that of the older of these, and the bytes are those that were drawn last.
    """

    cache_key: str
    kind: ImageKind
    release_date: str | None
    created_at: int
    updated_at: int
    length: int
    digest: str
    content_type: str
    stored: bool = True


@dataclass(frozen=True, slots=True)
class PreparedMeta:
    """A title's prepared art: what it was made of and with, what its bytes must be.

    `art` is the SHA-256 of the picture's bytes; `chosen_at` is when this picture was last found to be the title's.
    """

    name: str
    kind: ImageKind
    epoch: int
    quality: int
    art: str
    chosen_at: int
    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class Purge:
    """Which rendered images are to go: those that every member which is not None describes; all of them without any.

    `updated_before` leaves alone what was made at that time (Unix seconds) or later.
    """

    cache_key: str | None = None
    title: TitleId | None = None
    kind: ImageKind | None = None
    updated_before: int | None = None

    def covers(self, cache_key: str, kind: ImageKind, updated_at: float) -> bool:
        """Whether this image is one of them."""
        return (
            (self.cache_key is None or cache_key == self.cache_key)
            and (self.title is None or cache_key.startswith((f"tmdb/{self.title}@", f"tmdb/{self.title}_")))
            and (self.kind is None or kind is self.kind)
            and (self.updated_before is None or updated_at < self.updated_before)
        )

    @property
    def art_name(self) -> str | None:
        """The name of the art under the one image that has to go, if it is one."""
        return None if self.cache_key is None else art_name_of(self.cache_key)

    def covers_art(self, name: str, kind: ImageKind, chosen_at: float) -> bool:
        """Whether it covers images that are drawn on this prepared art."""
        return (self.cache_key is None or name == self.art_name) and replace(self, cache_key=None).covers(
            name, kind, chosen_at
        )


def art_name_of(cache_key: str) -> str:
    """`tmdb/movie-278@.zm`: what all images are drawn on that differ in badges alone.

    Of a key it has title, art and language, then everything from the size on, which is how a picture is made, but for its encoding.
    """
    head, _, look = cache_key.partition("@")
    _, _, picture = look.partition(".z")
    return f"{head}@.z{picture.removesuffix('.webp')}"


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
    return datetime.fromtimestamp(unix, UTC).strftime(_TIMESTAMP)


def unix_time(text: str) -> float:
    """The Unix time of a `timestamp`; ValueError for text of another form."""
    return datetime.strptime(text, _TIMESTAMP).replace(tzinfo=UTC).timestamp()


def day_of(unix: float) -> str:
    """`2026-11-22`: the day, by UTC, that a time falls on."""
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%d")
