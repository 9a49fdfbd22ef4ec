"""The contact log.

Revision ID: 0005_contacts
Revises: 0004_waiting
"""

import sqlalchemy as sa
from alembic import op

revision = "0005_contacts"
down_revision = "0004_waiting"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AGAIN = sa.text("again_at IS NOT NULL")


def upgrade() -> None:
    """Make the table and its indexes."""
    op.create_table(
        "contacts",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("order_id", _SERIAL, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_contacts_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_order", "contacts", ["order_id", "id"])
    op.create_index(
        "ix_contacts_again", "contacts", ["again_at"], sqlite_where=_AGAIN, postgresql_where=_AGAIN
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("contacts")
