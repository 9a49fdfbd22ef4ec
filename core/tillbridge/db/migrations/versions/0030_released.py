"""What staff released an order with whose sums do not agree.

Revision ID: 0030_released
Revises: 0029_closed_empty
"""

import sqlalchemy as sa
from alembic import op

revision = "0030_released"
down_revision = "0029_closed_empty"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("orders", sa.Column("released", sa.Text()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("orders", "released")
