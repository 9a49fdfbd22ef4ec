"""What staff said of single lines of an order.

Revision ID: 0018_lines
Revises: 0017_connection_log
"""

import sqlalchemy as sa
from alembic import op

revision = "0018_lines"
down_revision = "0017_connection_log"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns."""
    op.add_column("orders", sa.Column("line_states", sa.Text(), nullable=False, server_default="{}"))
    op.add_column(
        "orders", sa.Column("trimmed_hash", sa.String(length=64), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("orders", "trimmed_hash")
    op.drop_column("orders", "line_states")
