"""When a due time comes to its next stage, so that a beat looks at nothing else.

Revision ID: 0015_watch
Revises: 0014_counted
"""

import sqlalchemy as sa
from alembic import op

revision = "0015_watch"
down_revision = "0014_counted"
branch_labels = None
depends_on = None

_TO_ANSWER = sa.text(
    "decision IS NULL AND standing = 'open' "
    "AND (status IS NULL OR status NOT IN ('Rejected', 'Completed', 'Archived'))"
)


def upgrade() -> None:
    """Make the column and its index; what waits is looked at once."""
    op.add_column(
        "orders",
        sa.Column(
            "watch_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default="1970-01-01 00:00:00.000000",
        ),
    )
    op.create_index(
        "ix_orders_to_watch",
        "orders",
        ["watch_at"],
        sqlite_where=_TO_ANSWER,
        postgresql_where=_TO_ANSWER,
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_orders_to_watch", table_name="orders")
    op.drop_column("orders", "watch_at")
