"""Returns of finished sales: what came back, whether to the stock, and how the money went back.

Revision ID: 0010_returns
Revises: 0009_accept_by
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_returns"
down_revision = "0009_accept_by"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "pos_returns",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("sale_id", _SERIAL, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["sale_id"], ["pos_sales.id"], name=op.f("fk_pos_returns_sale_id_pos_sales")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_returns")),
    )
    op.create_index("ix_pos_returns_sale", "pos_returns", ["sale_id"])
    op.create_table(
        "pos_return_items",
        sa.Column("return_id", _SERIAL, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quantity_e4", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("to_stock", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["return_id"], ["pos_returns.id"], name=op.f("fk_pos_return_items_return_id_pos_returns")
        ),
        sa.PrimaryKeyConstraint("return_id", "position", name=op.f("pk_pos_return_items")),
    )
    op.create_table(
        "pos_return_refunds",
        sa.Column("return_id", _SERIAL, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("card_type", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["return_id"], ["pos_returns.id"], name=op.f("fk_pos_return_refunds_return_id_pos_returns")
        ),
        sa.PrimaryKeyConstraint(
            "return_id", "kind", "card_type", "reference", name=op.f("pk_pos_return_refunds")
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("pos_return_refunds")
    op.drop_table("pos_return_items")
    op.drop_table("pos_returns")
