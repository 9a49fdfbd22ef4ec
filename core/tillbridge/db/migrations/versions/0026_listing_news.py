"""Products whose listed items changed since the export looked, where webstores are told by their items.

Revision ID: 0026_listing_news
Revises: 0025_numbers
"""

import sqlalchemy as sa
from alembic import op

revision = "0026_listing_news"
down_revision = "0025_numbers"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "listing_news",
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("product_id", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_listing_news_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("connection_id", "product_id", name=op.f("pk_listing_news")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("listing_news")
