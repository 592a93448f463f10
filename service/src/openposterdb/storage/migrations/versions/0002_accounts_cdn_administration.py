"""Admins, sessions, the audit trail, use and expiry of keys, settings behind `/c/` addresses, purges of images."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admin_users",
        sa.Column("id", sa.Integer, autoincrement=True),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("sessions_from", sa.BigInteger, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_admin_users"),
        sa.UniqueConstraint("username", name="uq_admin_users_username"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Integer, autoincrement=True),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("family", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("used_at", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_refresh_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_refresh_tokens_token_hash"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["admin_users.id"], ondelete="CASCADE", name="fk_refresh_tokens_user_id_admin_users"
        ),
    )
    op.create_index("ix_refresh_tokens_user_id", "refresh_tokens", ["user_id"])
    op.create_index("ix_refresh_tokens_family", "refresh_tokens", ["family"])
    op.create_index("ix_refresh_tokens_expires_at", "refresh_tokens", ["expires_at"])
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=True),
        sa.Column("detail", sa.Text, nullable=True),
        sa.Column("address", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_table(
        "instance_secrets",
        sa.Column("name", sa.Text),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_instance_secrets"),
    )
    op.add_column("api_keys", sa.Column("expires_at", sa.Text, nullable=True))
    op.create_table(
        "key_usage",
        sa.Column("api_key_id", sa.Integer, autoincrement=False),
        sa.Column("day", sa.String(10)),
        sa.Column("requests", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("api_key_id", "day", name="pk_key_usage"),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_keys.id"], ondelete="CASCADE", name="fk_key_usage_api_key_id_api_keys"
        ),
    )
    op.create_index("ix_key_usage_day", "key_usage", ["day"])
    op.add_column("api_key_settings", sa.Column("max_bytes", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "cdn_settings",
        sa.Column("hash", sa.String(32)),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_cdn_settings"),
    )
    op.create_index("ix_cdn_settings_used_at", "cdn_settings", ["used_at"])
    op.create_index("ix_image_meta_image_type_updated_at", "image_meta", ["image_type", "updated_at", "cache_key"])
    op.create_index("ix_image_meta_image_type_created_at", "image_meta", ["image_type", "created_at", "cache_key"])
    op.create_index("ix_image_meta_image_type_release_date", "image_meta", ["image_type", "release_date", "cache_key"])
    op.create_index("ix_image_meta_image_type_cache_key", "image_meta", ["image_type", "cache_key", "length"])
    op.create_index("ix_title_aliases_media_tmdb", "title_aliases", ["media", "tmdb"])
    op.create_table(
        "image_purges",
        sa.Column("id", sa.Integer, autoincrement=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("cache_key", sa.Text, nullable=True),
        sa.Column("title", sa.Text, nullable=True),
        sa.Column("image_type", sa.String(1), nullable=True),
        sa.Column("updated_before", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_image_purges"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("image_purges")
    op.drop_index("ix_image_meta_image_type_created_at", "image_meta")
    op.drop_index("ix_title_aliases_media_tmdb", "title_aliases")
    op.drop_index("ix_image_meta_image_type_cache_key", "image_meta")
    op.drop_index("ix_image_meta_image_type_release_date", "image_meta")
    op.drop_index("ix_image_meta_image_type_updated_at", "image_meta")
    op.drop_table("cdn_settings")
    op.drop_column("api_key_settings", "max_bytes")
    op.drop_table("key_usage")
    op.drop_column("api_keys", "expires_at")
    for table in ("instance_secrets", "audit_log", "refresh_tokens", "admin_users"):
        op.drop_table(table)
