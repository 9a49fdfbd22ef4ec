"""For how long goods wait for their customer, and what happens by itself afterwards.

Revision ID: 0016_no_show
Revises: 0015_watch
"""

import sqlalchemy as sa
from alembic import op

revision = "0016_no_show"
down_revision = "0015_watch"
branch_labels = None
depends_on = None

_TO_PICK_UP = sa.text(
    "sale_state = 'open' AND status IN ('In Process', 'Ready for Pickup') AND closing IS NULL "
    "AND (no_show_left IS NULL OR no_show_left != pick_up_until)"
)


def upgrade() -> None:
    """Make the columns, and the index of what waits; connections from before ask staff."""
    op.add_column("connections", sa.Column("pick_up_days", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("connections", sa.Column("no_show_days", sa.Integer(), nullable=True))
    op.add_column("orders", sa.Column("no_show_left", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_orders_to_pick_up",
        "orders",
        ["connection_id", "pick_up_until"],
        sqlite_where=_TO_PICK_UP,
        postgresql_where=_TO_PICK_UP,
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_orders_to_pick_up", table_name="orders")
    op.drop_column("orders", "no_show_left")
    op.drop_column("connections", "no_show_days")
    op.drop_column("connections", "pick_up_days")
