"""The tables as the newest migration leaves them. Times named `_at` are Unix seconds, or `YYYY-MM-DD HH:MM:SS` UTC as text."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, true

from openposterdb.settings.definition import definition_of
from openposterdb.settings.model import RenderSettings

BYTEWISE = Text().with_variant(Text(collation="C"), "postgresql")
"""Text in the order of its bytes, whatever language the database sorts by: ranges of keys are read by it."""

_COLUMN_TYPES = {bool: Boolean, int: Integer, str: Text}


def settings_columns(model: type[RenderSettings]) -> list[Column[Any]]:
    """A column for each setting."""
    return [Column(member.name, _COLUMN_TYPES[type(member.default)], nullable=False) for member in definition_of(model)]


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("key_prefix", String(8), nullable=False),
    Column("created_by", Integer, nullable=True),  # none for keys made on the command line
    Column("created_at", Text, nullable=False),
    Column("last_used_at", Text, nullable=True),
    Column("expires_at", Text, nullable=True),
    sqlite_autoincrement=True,  # a deleted key's id is never given to another
)

api_key_settings = Table(
    "api_key_settings",
    metadata,
    Column("api_key_id", Integer, ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    *settings_columns(RenderSettings),
)

key_usage = Table(
    "key_usage",
    metadata,
    Column("api_key_id", Integer, ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("day", String(10), primary_key=True, index=True),  # 2026-11-22
    Column("requests", BigInteger, nullable=False),
)

admin_users = Table(
    "admin_users",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("username", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("sessions_from", BigInteger, nullable=False, server_default="0"),  # access tokens issued before are refused
    sqlite_autoincrement=True,
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("user_id", Integer, ForeignKey("admin_users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("family", String(32), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("expires_at", Text, nullable=False, index=True),
    Column("created_at", Text, nullable=False),
    Column("used_at", Text, nullable=True),  # a rotated token is kept, so that its reuse is recognised
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("target", Text, nullable=True),
    Column("detail", Text, nullable=True),
    Column("address", Text, nullable=True),
    sqlite_autoincrement=True,
)

instance_secrets = Table(
    "instance_secrets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

global_settings = Table(
    "global_settings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

image_meta = Table(
    "image_meta",
    metadata,
    Column("cache_key", BYTEWISE, primary_key=True),
    Column("release_date", Text, nullable=True),
    Column("image_type", String(1), nullable=False),  # p, l or b
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content_type", Text, nullable=False),
    Column("stored", Boolean, nullable=False, server_default=true()),  # otherwise it is laid together when asked for
    Index("ix_image_meta_image_type_updated_at", "image_type", "updated_at", "cache_key"),
    Index("ix_image_meta_image_type_created_at", "image_type", "created_at", "cache_key"),
    Index("ix_image_meta_image_type_release_date", "image_type", "release_date", "cache_key"),
    Index("ix_image_meta_image_type_cache_key", "image_type", "cache_key", "length"),  # sums need no row
)

prepared_art = Table(
    "prepared_art",
    metadata,
    Column("name", BYTEWISE, primary_key=True),  # tmdb/movie-278@.zm: a cache key without its badges
    Column("image_type", String(1), nullable=False),
    Column("epoch", Integer, nullable=False),  # of the renderer
    Column("quality", Integer, nullable=False),
    Column("art", String(64), nullable=False),  # SHA-256 of the picture that it was made of
    Column("chosen_at", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
)

image_purges = Table(  # what other processes have to drop from their memory; at most a day old
    "image_purges",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("cache_key", Text, nullable=True),
    Column("title", Text, nullable=True),  # movie-278
    Column("image_type", String(1), nullable=True),
    Column("updated_before", BigInteger, nullable=True),
    sqlite_autoincrement=True,
)

cdn_settings = Table(
    "cdn_settings",
    metadata,
    Column("hash", String(32), primary_key=True),
    Column("request", Text, nullable=False),  # canonical JSON of everything that can change a pixel
    Column("created_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False, index=True),
)

available_ratings = Table(
    "available_ratings",
    metadata,
    Column("id_key", Text, primary_key=True),  # tmdb/movie-278
    Column("sources", Text, nullable=False),
    Column("release_date", Text, nullable=True),
    Column("updated_at", BigInteger, nullable=False, index=True),
    Column("badge_values", Text, nullable=True),  # JSON: texts by letter
    Column("badge_values_at", BigInteger, nullable=True),  # they count while this is `updated_at`
)

title_aliases = Table(
    "title_aliases",
    metadata,
    Column("alias", Text, primary_key=True),  # imdb/tt0111161, tvdb/81189
    Column("media", Text, nullable=False),
    Column("tmdb", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False, index=True),
    Index("ix_title_aliases_media_tmdb", "media", "tmdb"),
)

base_art = Table(
    "base_art",
    metadata,
    Column("name", Text, primary_key=True),
    Column("length", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("fetched_at", BigInteger, nullable=False),
    Column("checked_at", BigInteger, nullable=False),
    Column("last_modified", Text, nullable=True),
    Column("etag", Text, nullable=True),
)

changes = Table(
    "changes",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("generation", BigInteger, nullable=False),
)
