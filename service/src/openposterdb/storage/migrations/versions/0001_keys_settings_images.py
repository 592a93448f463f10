"""API keys, settings, metadata of images and art, titles' ratings and aliases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer, autoincrement=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("key_prefix", sa.String(8), nullable=False),
        sa.Column("created_by", sa.Integer, nullable=True),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("last_used_at", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("key_hash", name="uq_api_keys_key_hash"),
        sqlite_autoincrement=True,
    )
    texts = (
        "poster_source", "fanart_lang", "ratings_order", "ratings_exclude", "poster_position",
        "poster_badge_style", "logo_badge_style", "backdrop_badge_style",
        "poster_label_style", "logo_label_style", "backdrop_label_style",
        "poster_badge_direction", "fit", "chroma",
    )  # fmt: skip
    op.create_table(
        "api_key_settings",
        sa.Column("api_key_id", sa.Integer, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("fanart_textless", sa.Boolean, nullable=False),
        sa.Column("ratings_limit", sa.Integer, nullable=False),
        sa.Column("logo_ratings_limit", sa.Integer, nullable=False),
        sa.Column("backdrop_ratings_limit", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("api_key_id", name="pk_api_key_settings"),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_keys.id"], ondelete="CASCADE", name="fk_api_key_settings_api_key_id_api_keys"
        ),
    )
    op.create_table(
        "global_settings",
        sa.Column("key", sa.Text),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_global_settings"),
    )
    op.create_table(
        "image_meta",
        sa.Column("cache_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql")),
        sa.Column("release_date", sa.Text, nullable=True),
        sa.Column("image_type", sa.String(1), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("cache_key", name="pk_image_meta"),
    )
    op.create_table(
        "available_ratings",
        sa.Column("id_key", sa.Text),
        sa.Column("sources", sa.Text, nullable=False),
        sa.Column("release_date", sa.Text, nullable=True),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id_key", name="pk_available_ratings"),
    )
    op.create_index("ix_available_ratings_updated_at", "available_ratings", ["updated_at"])
    op.create_table(
        "title_aliases",
        sa.Column("alias", sa.Text),
        sa.Column("media", sa.Text, nullable=False),
        sa.Column("tmdb", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("alias", name="pk_title_aliases"),
    )
    op.create_index("ix_title_aliases_updated_at", "title_aliases", ["updated_at"])
    op.create_table(
        "base_art",
        sa.Column("name", sa.Text),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("fetched_at", sa.BigInteger, nullable=False),
        sa.Column("checked_at", sa.BigInteger, nullable=False),
        sa.Column("last_modified", sa.Text, nullable=True),
        sa.Column("etag", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_base_art"),
    )
    op.create_table(
        "changes",
        sa.Column("topic", sa.Text),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("topic", name="pk_changes"),
    )


def downgrade() -> None:
    for table in (
        "changes", "base_art", "title_aliases", "available_ratings",
        "image_meta", "global_settings", "api_key_settings", "api_keys",
    ):  # fmt: skip
        op.drop_table(table)
