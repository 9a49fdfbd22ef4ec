"""Indexes of the orders that wait: to be fetched again, and finished at the till but not completed.

Revision ID: 0004_waiting
Revises: 0003_troubles
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_waiting"
down_revision = "0003_troubles"
branch_labels = None
depends_on = None

_FETCH_AGAIN = sa.text("fetch_again > 0")
_FINISHED = sa.text("sale_state = 'finished' AND status IN ('New', 'In Process', 'Ready for Pickup')")


def upgrade() -> None:
    """Make the indexes."""
    op.create_index(
        "ix_orders_fetch_again",
        "orders",
        ["connection_id"],
        sqlite_where=_FETCH_AGAIN,
        postgresql_where=_FETCH_AGAIN,
    )
    op.create_index(
        "ix_orders_finished", "orders", ["id"], sqlite_where=_FINISHED, postgresql_where=_FINISHED
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_orders_finished", table_name="orders")
    op.drop_index("ix_orders_fetch_again", table_name="orders")
