"""Links remember when and at which order they were made; an order may have links of its own.

Revision ID: 0006_links
Revises: 0005_contacts
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_links"
down_revision = "0005_contacts"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("listings", sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("listings", sa.Column("linked_order", _SERIAL, nullable=True))
    op.add_column("customer_links", sa.Column("linked_order", _SERIAL, nullable=True))
    op.create_table(
        "order_links",
        sa.Column("order_id", _SERIAL, nullable=False),
        sa.Column("line_id", sa.String(length=300), nullable=False),
        sa.Column("target", sa.String(length=100), nullable=False),
        sa.Column("linked_by", sa.String(length=200), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_links_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", "line_id", name=op.f("pk_order_links")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("order_links")
    op.drop_column("customer_links", "linked_order")
    op.drop_column("listings", "linked_order")
    op.drop_column("listings", "linked_at")
