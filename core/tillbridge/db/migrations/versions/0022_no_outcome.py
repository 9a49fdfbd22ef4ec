"""What finds the reservations that are over, and of which nobody has said how they ended.

Revision ID: 0022_no_outcome
Revises: 0021_export_faults
"""

import sqlalchemy as sa
from alembic import op

revision = "0022_no_outcome"
down_revision = "0021_export_faults"
branch_labels = None
depends_on = None

_NO_OUTCOME = sa.text("status = 'Completed' AND kind = 'ropis' AND resolution IS NULL")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_orders_no_outcome", "orders", ["id"], sqlite_where=_NO_OUTCOME, postgresql_where=_NO_OUTCOME
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_orders_no_outcome", table_name="orders")
