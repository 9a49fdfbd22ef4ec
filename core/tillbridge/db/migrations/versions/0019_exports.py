"""What webstores are to show: the shelf as the POS has it, and what each webstore has accepted.

Revision ID: 0019_exports
Revises: 0018_lines
"""

import sqlalchemy as sa
from alembic import op

revision = "0019_exports"
down_revision = "0018_lines"
branch_labels = None
depends_on = None

_RESERVED = sa.text("reserved <> '0'")
_TOLD_OF = sa.text("state <> ''")
_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and mark every product: webstores were told of none yet."""
    _products()
    _shelf()
    _exports()
    _items()


def _products() -> None:
    op.add_column("pos_products", sa.Column("category", sa.Text(), nullable=False, server_default=""))
    for name in ("ecommerce", "active"):
        op.add_column("pos_products", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "pos_shelf_marks",
        sa.Column("product_id", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["pos_products.id"], name=op.f("fk_pos_shelf_marks_product_id_pos_products")
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_pos_shelf_marks")),
    )
    op.create_index("ix_pos_shelf_marks_position", "pos_shelf_marks", ["position"])
    # A thousand at a time: those that share a position are read at once.
    op.execute(
        "INSERT INTO pos_shelf_marks (product_id, position) SELECT id, 1 + id / 1000 FROM pos_products"
    )


def _shelf() -> None:
    op.create_table(
        "shelf",
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("product_id", sa.String(length=100), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("on_hand", sa.String(length=32), nullable=True),
        sa.Column("reserved", sa.String(length=32), nullable=False, server_default="0"),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("identifiers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("store", "product_id", name=op.f("pk_shelf")),
    )
    op.create_index("ix_shelf_position", "shelf", ["position"])
    op.create_index(
        "ix_shelf_reserved", "shelf", ["store"], sqlite_where=_RESERVED, postgresql_where=_RESERVED
    )


def _exports() -> None:
    op.create_table(
        "exports",
        sa.Column("connection_id", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("told_at", _MOMENT, nullable=True),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_exports_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_exports")),
    )


def _items() -> None:
    op.create_table(
        "export_items",
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("location", sa.String(length=300), nullable=False),
        sa.Column("product_id", sa.String(length=100), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("sent", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("en", sa.Text(), nullable=True),
        sa.Column("ko", sa.Text(), nullable=True),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_export_items_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint(
            "connection_id", "what", "location", "product_id", name=op.f("pk_export_items")
        ),
    )
    op.create_index(
        "ix_export_items_due",
        "export_items",
        ["connection_id", "what", "location", "product_id"],
        sqlite_where=sa.text("due = 1"),
        postgresql_where=sa.text("due"),
    )
    op.create_index(
        "ix_export_items_state",
        "export_items",
        ["connection_id", "state"],
        sqlite_where=_TOLD_OF,
        postgresql_where=_TOLD_OF,
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("export_items", "exports", "shelf", "pos_shelf_marks"):
        op.drop_table(table)
    for name in ("active", "ecommerce", "category"):
        op.drop_column("pos_products", name)
