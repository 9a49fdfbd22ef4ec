"""Who moved stock by hand, and why.

Revision ID: 0014_counted
Revises: 0013_merges
"""

import sqlalchemy as sa
from alembic import op

revision = "0014_counted"
down_revision = "0013_merges"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns."""
    op.add_column(
        "pos_stock_movements", sa.Column("who", sa.String(length=200), nullable=False, server_default="")
    )
    op.add_column("pos_stock_movements", sa.Column("note", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("pos_stock_movements", "note")
    op.drop_column("pos_stock_movements", "who")
