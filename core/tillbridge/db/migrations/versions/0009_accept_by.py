"""By when an order must be answered, and what each connection says of it.

Revision ID: 0009_accept_by
Revises: 0008_messages
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_accept_by"
down_revision = "0008_messages"
branch_labels = None
depends_on = None

_TO_ANSWER = sa.text(
    "decision IS NULL AND standing = 'open' "
    "AND (status IS NULL OR status NOT IN ('Rejected', 'Completed', 'Archived'))"
)


def upgrade() -> None:
    """Add the columns, and the index of what is to be answered."""
    op.add_column(
        "connections", sa.Column("accept_minutes", sa.Integer(), nullable=False, server_default="240")
    )
    op.add_column(
        "connections", sa.Column("overdue", sa.String(length=20), nullable=False, server_default="nothing")
    )
    op.add_column("orders", sa.Column("accept_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("orders", sa.Column("accept_clock", sa.Text(), nullable=True))
    op.create_index(
        "ix_orders_to_answer",
        "orders",
        ["accept_by"],
        sqlite_where=_TO_ANSWER,
        postgresql_where=_TO_ANSWER,
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_orders_to_answer", table_name="orders")
    op.drop_column("orders", "accept_clock")
    op.drop_column("orders", "accept_by")
    op.drop_column("connections", "overdue")
    op.drop_column("connections", "accept_minutes")
