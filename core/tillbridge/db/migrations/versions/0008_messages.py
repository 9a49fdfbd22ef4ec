"""What messages look up: orders to deal with, changed, or in conflict, and deliveries that were set aside.

Revision ID: 0008_messages
Revises: 0007_counter
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_messages"
down_revision = "0007_counter"
branch_labels = None
depends_on = None

_TO_DEAL_WITH = (
    "status IN ('New', 'Customer ID Required', 'Product Match Failed', "
    "'Sale Processing Failed', 'Process Sale', 'In Process')"
)
_INDEXES = (
    ("ix_orders_to_deal_with", "orders", "id", _TO_DEAL_WITH),
    (
        "ix_orders_differs",
        "orders",
        "id",
        "sale_id IS NOT NULL AND sold_hash != content_hash AND kept_hash != content_hash",
    ),
    (
        "ix_orders_conflict",
        "orders",
        "id",
        "decision = 'rejected' AND sale_state = 'finished' AND status != 'Archived'",
    ),
    ("ix_orders_on_sale", "orders", "id", "sale_state = 'open'"),
    ("ix_pos_stock_short", "pos_stock", "store", "on_hand_e4 < 0"),
    ("ix_deliveries_set_aside", "deliveries", "order_id", "state = 'set_aside'"),
)


def upgrade() -> None:
    """Make the column and the indexes."""
    op.add_column("orders", sa.Column("kept_hash", sa.String(length=64), nullable=False, server_default=""))
    for name, table, column, where in _INDEXES:
        op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Drop them."""
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
    op.drop_column("orders", "kept_hash")
