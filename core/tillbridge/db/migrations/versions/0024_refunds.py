"""What a webstore may have to give back of an order's money, and an order's deliveries at hand.

Revision ID: 0024_refunds
Revises: 0023_listings
"""

import sqlalchemy as sa
from alembic import op

revision = "0024_refunds"
down_revision = "0023_listings"
branch_labels = None
depends_on = None

_REFUND = sa.text("refund IN ('look', 'due', 'part', 'returned')")


def upgrade() -> None:
    """Make the column and the indexes; of orders from before nothing is known."""
    op.add_column("orders", sa.Column("refund", sa.String(length=20), nullable=False, server_default=""))
    op.create_index("ix_orders_refund", "orders", ["id"], sqlite_where=_REFUND, postgresql_where=_REFUND)
    op.create_index("ix_deliveries_order", "deliveries", ["order_id", "id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_deliveries_order", table_name="deliveries")
    op.drop_index("ix_orders_refund", table_name="orders")
    op.drop_column("orders", "refund")
