"""Troubles get a table of their own: one row an activity, with since when.

Revision ID: 0003_troubles
Revises: 0002_files
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_troubles"
down_revision = "0002_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move each connection's trouble there."""
    op.create_table(
        "troubles",
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("activity", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("ko", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_troubles_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_troubles")),
    )
    op.execute(
        "INSERT INTO troubles (subject, connection_id, activity, since, en, ko, told) "
        "SELECT 'poll:' || id, id, 'poll', COALESCE(well_at, polled_at, created_at), "
        "trouble_en, COALESCE(trouble_ko, trouble_en), 'away' FROM connections WHERE trouble_en IS NOT NULL"
    )
    op.drop_column("connections", "trouble_en")
    op.drop_column("connections", "trouble_ko")


def downgrade() -> None:
    """Bring the columns back."""
    op.add_column("connections", sa.Column("trouble_en", sa.Text(), nullable=True))
    op.add_column("connections", sa.Column("trouble_ko", sa.Text(), nullable=True))
    op.drop_table("troubles")
