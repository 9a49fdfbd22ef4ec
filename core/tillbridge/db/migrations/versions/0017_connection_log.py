"""What was changed of a connection, by whom, with before and after.

Revision ID: 0017_connection_log
Revises: 0016_no_show
"""

import sqlalchemy as sa
from alembic import op

revision = "0017_connection_log"
down_revision = "0016_no_show"
branch_labels = None
depends_on = None


_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "connection_log",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("ko", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_connection_log_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection_log")),
    )
    op.create_index("ix_connection_log", "connection_log", ["connection_id", "id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_connection_log", table_name="connection_log")
    op.drop_table("connection_log")
