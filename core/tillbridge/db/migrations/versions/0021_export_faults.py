"""Who carries which number, what may be told of what is held, and when a webstore was told everything.

Revision ID: 0021_export_faults
Revises: 0020_webhooks
"""

import sqlalchemy as sa
from alembic import op

revision = "0021_export_faults"
down_revision = "0020_webhooks"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_EMPTIED = sa.text("emptied_at IS NOT NULL")
_ADDED = {
    "shelf": (("merged_into", sa.String(length=100)), ("shared", sa.Text())),
    "exports": (
        ("whole_at", _MOMENT),
        ("round_at", _MOMENT),
        ("believed_at", _MOMENT),
        ("ticket_at", _MOMENT),
        ("refused_seen", sa.BigInteger()),
        ("refused_at", _MOMENT),
        ("en", sa.Text()),
        ("ko", sa.Text()),
    ),
    "export_items": (("part", sa.Text()), ("retry_at", _MOMENT), ("emptied_at", _MOMENT)),
}
# What a webstore shows was one text of pieces and price; now the numbers that it knows it by are in it too.
_PARTS = {"both": "{0} || '|' || {1}", "stock": "{0} || '||' || {1}", "price": "'|' || {0} || '|' || {1}"}
_NUMBERS = "(SELECT s.identifiers FROM shelf s WHERE s.store = i.store AND s.product_id = i.product_id)"


def upgrade() -> None:
    """Add the columns, and look at the whole shelf anew: it says more than it did."""
    op.create_table(
        "shelf_numbers",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("product_id", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("number", "store", "product_id", name=op.f("pk_shelf_numbers")),
    )
    for table, columns in _ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.add_column("exports", sa.Column("way", sa.Text(), nullable=False, server_default=""))
    for table in ("exports", "export_items"):
        op.add_column(table, sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_export_items_emptied",
        "export_items",
        ["connection_id", "emptied_at"],
        sqlite_where=_EMPTIED,
        postgresql_where=_EMPTIED,
    )
    _convert()


def _convert() -> None:
    for what, form in _PARTS.items():
        for name in ("wanted", "shown", "sent"):
            value = form.format(f"i.{name}", _NUMBERS)
            op.execute(
                f"UPDATE export_items AS i SET {name} = {value} WHERE what = '{what}' AND {name} <> ''"  # noqa: S608  # our own names
            )
    op.execute("UPDATE exports SET seen = 0, due_at = NULL, whole_at = told_at")
    op.execute("DELETE FROM marks WHERE name = 'shelf'")
    op.execute("UPDATE shelf SET published = false")  # read anew, they are told of with their numbers


def downgrade() -> None:
    """Drop them; what webstores show is asked of nobody, so everything is told anew."""
    op.drop_index("ix_export_items_emptied", "export_items")
    op.execute("DELETE FROM export_items")
    op.execute("UPDATE exports SET seen = 0")
    for table in ("exports", "export_items"):
        op.drop_column(table, "tries")
    op.drop_column("exports", "way")
    for table, columns in _ADDED.items():
        for name, _ in columns:
            op.drop_column(table, name)
    op.drop_table("shelf_numbers")
