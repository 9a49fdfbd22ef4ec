"""What webstores list, as it was read last, and what is wrong with it.

Revision ID: 0023_listings
Revises: 0022_no_outcome
"""

import sqlalchemy as sa
from alembic import op

revision = "0023_listings"
down_revision = "0022_no_outcome"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_PROBLEM = sa.text("problem <> ''")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "listing_checks",
        sa.Column("connection_id", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("checked_at", _MOMENT, nullable=True),
        sa.Column("listed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("not_listed", sa.Integer(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_listing_checks_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_listing_checks")),
    )
    op.create_table(
        "listed",
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("item_id", sa.String(length=300), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("product_id", sa.String(length=100), nullable=True),
        sa.Column("problem", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("rivals", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_listed_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("connection_id", "item_id", name=op.f("pk_listed")),
    )
    op.create_index(
        "ix_listed_problem",
        "listed",
        ["connection_id", "problem"],
        sqlite_where=_PROBLEM,
        postgresql_where=_PROBLEM,
    )
    op.create_index("ix_listed_product", "listed", ["connection_id", "product_id"])


def downgrade() -> None:
    """Drop them; what is listed is read again."""
    op.drop_table("listed")
    op.drop_table("listing_checks")
