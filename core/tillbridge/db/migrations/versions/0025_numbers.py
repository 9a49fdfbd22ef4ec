"""Links by hand that are remembered by a line's own numbers, where the webstore gives no item.

Revision ID: 0025_numbers
Revises: 0024_refunds
"""

import sqlalchemy as sa
from alembic import op

revision = "0025_numbers"
down_revision = "0024_refunds"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "number_links",
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("numbers", sa.String(length=300), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("product_id", sa.String(length=100), nullable=False),
        sa.Column("linked_by", sa.String(length=200), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked_order", _SERIAL, nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_number_links_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("connection_id", "numbers", name=op.f("pk_number_links")),
    )
    op.add_column("order_lines", sa.Column("numbers", sa.String(length=300)))
    op.create_index("ix_order_lines_numbers", "order_lines", ["numbers"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_order_lines_numbers", "order_lines")
    op.drop_column("order_lines", "numbers")
    op.drop_table("number_links")
