"""What a connection does with an order that is cancelled before it was accepted.

Revision ID: 0011_cancelled
Revises: 0010_returns
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_cancelled"
down_revision = "0010_returns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; what was connected before closes them too."""
    op.add_column(
        "connections", sa.Column("cancelled", sa.String(length=20), nullable=False, server_default="close")
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("connections", "cancelled")
