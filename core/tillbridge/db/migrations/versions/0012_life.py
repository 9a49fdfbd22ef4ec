"""What staff note of an order's way to its end: when and where it is ready, who collected it, how it ended.

Revision ID: 0012_life
Revises: 0011_cancelled
"""

import sqlalchemy as sa
from alembic import op

from tillbridge.db.types import UtcDateTime

revision = "0012_life"
down_revision = "0011_cancelled"
branch_labels = None
depends_on = None

_CLOSING = sa.text("closing IS NOT NULL")
_TEXTS = ("holding_place", "collected_by", "collected_check")
_TIMES = ("expected_at", "pick_up_until")


def upgrade() -> None:
    """Make the columns, and the index of what is being closed."""
    for name in _TEXTS:
        op.add_column("orders", sa.Column(name, sa.String(length=200), nullable=False, server_default=""))
    for name in _TIMES:
        op.add_column("orders", sa.Column(name, UtcDateTime(), nullable=True))
    op.add_column("orders", sa.Column("resolution", sa.String(length=40), nullable=True))
    op.add_column("orders", sa.Column("closing", sa.Text(), nullable=True))
    op.create_index("ix_orders_closing", "orders", ["id"], sqlite_where=_CLOSING, postgresql_where=_CLOSING)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_orders_closing", table_name="orders")
    for name in ("closing", "resolution", *_TIMES, *_TEXTS):
        op.drop_column("orders", name)
