"""What connections keep of their own beside their settings: tokens that change with their use, encrypted.

Revision ID: 0027_kept
Revises: 0026_listing_news
"""

import sqlalchemy as sa
from alembic import op

revision = "0027_kept"
down_revision = "0026_listing_news"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "connection_kept",
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_connection_kept_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("connection_id", "name", name=op.f("pk_connection_kept")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("connection_kept")
