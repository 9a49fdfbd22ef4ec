"""Vendors' files: when each came and is expected again, and what their own titles mean.

Revision ID: 0002_files
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002_files"
down_revision = "0001"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of files."""
    op.create_table(
        "pos_vendor_files",
        sa.Column("vendor_id", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_name", sa.Text(), server_default="", nullable=False),
        sa.Column("lines", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["pos_vendors.id"], name=op.f("fk_pos_vendor_files_vendor_id_pos_vendors")
        ),
        sa.PrimaryKeyConstraint("vendor_id", name=op.f("pk_pos_vendor_files")),
    )
    op.create_table(
        "pos_file_titles",
        sa.Column("whose", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("whose", "title_key", name=op.f("pk_pos_file_titles")),
    )


def downgrade() -> None:
    """Take the tables of files away."""
    op.drop_table("pos_file_titles")
    op.drop_table("pos_vendor_files")
