"""What to look up orders by whose sales were closed without items.

Revision ID: 0029_closed_empty
Revises: 0028_payments
"""

import sqlalchemy as sa
from alembic import op

revision = "0029_closed_empty"
down_revision = "0028_payments"
branch_labels = None
depends_on = None

_WHERE = sa.text("sale_state = 'closed_empty' AND status IN ('New', 'In Process', 'Ready for Pickup')")


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_orders_closed_empty", "orders", ["id"], sqlite_where=_WHERE, postgresql_where=_WHERE)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_orders_closed_empty", "orders")
