"""What is done to a sale at the counter: payments, items added, sales kept open, and who did it.

Revision ID: 0007_counter
Revises: 0006_links
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_counter"
down_revision = "0006_links"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table and the columns."""
    op.create_table(
        "pos_sale_payments",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("sale_id", _SERIAL, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("card_type", sa.Text(), nullable=False, server_default=""),
        sa.Column("reference", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["sale_id"], ["pos_sales.id"], name=op.f("fk_pos_sale_payments_sale_id_pos_sales")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_sale_payments")),
    )
    op.create_index("ix_pos_sale_payments_sale", "pos_sale_payments", ["sale_id"])
    op.add_column("pos_sales", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("pos_sales", sa.Column("kept_open", sa.Text(), nullable=True))
    op.add_column("pos_sale_items", sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("pos_sale_comments", sa.Column("who", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("pos_sale_comments", "who")
    op.drop_column("pos_sale_items", "added_at")
    op.drop_column("pos_sales", "kept_open")
    op.drop_column("pos_sales", "revision")
    op.drop_table("pos_sale_payments")
