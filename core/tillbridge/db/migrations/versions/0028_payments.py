"""Web payments: who serves a connection's, what is known of each, what is to be read, what does not add up.

Revision ID: 0028_payments
Revises: 0027_kept
"""

import sqlalchemy as sa
from alembic import op

revision = "0028_payments"
down_revision = "0027_kept"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and the connections' columns."""
    op.add_column("connections", sa.Column("paid_by", _SERIAL))
    op.add_column(
        "connections", sa.Column("capture", sa.String(length=20), nullable=False, server_default="acceptance")
    )
    _make_payments()
    op.create_table(
        "payment_looks",
        sa.Column("order_id", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_looks_order_id_orders")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_payment_looks")),
    )
    op.create_index("ix_payment_looks_due", "payment_looks", ["due_at"])
    op.create_table(
        "payment_differences",
        sa.Column("order_id", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("ko", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_payment_differences_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_payment_differences")),
    )


def _make_payments() -> None:
    op.create_table(
        "web_payments",
        sa.Column("order_id", _SERIAL, nullable=False),
        sa.Column("payment_id", sa.String(length=300), nullable=False),
        sa.Column("service_id", _SERIAL, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("authorised_minor", sa.BigInteger(), nullable=False),
        sa.Column("captured_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("pending_minor", sa.BigInteger(), nullable=False),
        sa.Column("capture_before", _MOMENT),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("seen_started", _MOMENT, nullable=False),
        sa.Column("seen_ended", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_web_payments_order_id_orders")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["connections.id"], name=op.f("fk_web_payments_service_id_connections")
        ),
        sa.PrimaryKeyConstraint("order_id", "payment_id", name=op.f("pk_web_payments")),
    )
    op.create_index("ix_web_payments_service", "web_payments", ["service_id", "payment_id"])
    for state in ("held", "expired"):
        where = sa.text(f"state = '{state}'")
        op.create_index(
            f"ix_web_payments_{state}",
            "web_payments",
            ["order_id"],
            sqlite_where=where,
            postgresql_where=where,
        )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("payment_differences")
    op.drop_table("payment_looks")
    op.drop_table("web_payments")
    op.drop_column("connections", "capture")
    op.drop_column("connections", "paid_by")
