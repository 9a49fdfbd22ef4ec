"""What a webstore says it has done about an order's money, and how much of it is to be given back.

Revision ID: 0032_money
Revises: 0031_merged_shelf
"""

import sqlalchemy as sa
from alembic import op

revision = "0032_money"
down_revision = "0031_merged_shelf"
branch_labels = None
depends_on = None

_NAME = "ix_orders_refund"
_REFUND = sa.text("refund IN ('look', 'due', 'unsaid', 'part', 'returned')")
_BEFORE = sa.text("refund IN ('look', 'due', 'part', 'returned')")


def upgrade() -> None:
    """Make the columns, and the index of what waits anew; of orders from before nothing is known."""
    op.add_column("orders", sa.Column("owed", sa.Text()))
    op.add_column("orders", sa.Column("money", sa.String(length=20)))
    op.drop_index(_NAME, table_name="orders")
    op.create_index(_NAME, "orders", ["id"], sqlite_where=_REFUND, postgresql_where=_REFUND)


def downgrade() -> None:
    """Drop them."""
    op.drop_index(_NAME, table_name="orders")
    op.create_index(_NAME, "orders", ["id"], sqlite_where=_BEFORE, postgresql_where=_BEFORE)
    op.drop_column("orders", "money")
    op.drop_column("orders", "owed")
