"""Products may be merged: the merged one stays as an alias, and what moved is remembered.

Revision ID: 0013_merges
Revises: 0012_life
"""

import sqlalchemy as sa
from alembic import op

revision = "0013_merges"
down_revision = "0012_life"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MERGED = sa.text("merged_into IS NOT NULL")


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("pos_products", sa.Column("merged_into", _SERIAL, nullable=True))
    op.create_index(
        "ix_pos_products_merged",
        "pos_products",
        ["merged_into"],
        sqlite_where=_MERGED,
        postgresql_where=_MERGED,
    )
    op.create_table(
        "pos_merges",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("kept_id", _SERIAL, nullable=False),
        sa.Column("merged_id", _SERIAL, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved", sa.Text(), nullable=False),
        sa.Column("last_movement", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["pos_products.id"], name=op.f("fk_pos_merges_kept_id_pos_products")
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["pos_products.id"], name=op.f("fk_pos_merges_merged_id_pos_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_merges")),
    )
    op.create_index("ix_pos_merges_kept", "pos_merges", ["kept_id"])
    op.create_index("ix_pos_merges_merged", "pos_merges", ["merged_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("pos_merges")
    op.drop_index("ix_pos_products_merged", table_name="pos_products")
    op.drop_column("pos_products", "merged_into")
