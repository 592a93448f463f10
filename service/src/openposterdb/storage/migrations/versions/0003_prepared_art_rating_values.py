"""Prepared art, images that are laid together when asked for, the values of ratings. Older releases go on working."""

import sqlalchemy as sa
from alembic import op

from openposterdb.storage.tables import BYTEWISE

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prepared_art",
        sa.Column("name", BYTEWISE),
        sa.Column("image_type", sa.String(1), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("quality", sa.Integer, nullable=False),
        sa.Column("art", sa.String(64), nullable=False),
        sa.Column("chosen_at", sa.BigInteger, nullable=False),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_prepared_art"),
    )
    op.add_column("image_meta", sa.Column("stored", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("available_ratings", sa.Column("badge_values", sa.Text, nullable=True))
    op.add_column("available_ratings", sa.Column("badge_values_at", sa.BigInteger, nullable=True))


def downgrade() -> None:
    op.drop_column("available_ratings", "badge_values_at")
    op.drop_column("available_ratings", "badge_values")
    op.drop_column("image_meta", "stored")
    op.drop_table("prepared_art")
