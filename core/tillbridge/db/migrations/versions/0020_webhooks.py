"""What webstores send by themselves: an address for each connection, what came, and what to fetch for it.

Revision ID: 0020_webhooks
Revises: 0019_exports
"""

import sqlalchemy as sa
from alembic import op

revision = "0020_webhooks"
down_revision = "0019_exports"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _doors()
    _events()
    _wanted()


def _doors() -> None:
    op.create_table(
        "webhook_doors",
        sa.Column("connection_id", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("heard_at", _MOMENT, nullable=True),
        sa.Column("missed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("refused", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("refused_at", _MOMENT, nullable=True),
        sa.Column("en", sa.Text(), nullable=True),
        sa.Column("ko", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_webhook_doors_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_webhook_doors")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_webhook_doors_token_hash")),
    )


def _events() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("event_id", sa.String(length=300), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_webhooks_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("connection_id", "event_id", name=op.f("uq_webhooks_connection_id_event_id")),
    )
    op.create_index("ix_webhooks_received", "webhooks", ["received_at"])


def _wanted() -> None:
    op.create_table(
        "webhook_orders",
        sa.Column("connection_id", _SERIAL, nullable=False),
        sa.Column("webstore_id", sa.String(length=300), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name=op.f("fk_webhook_orders_connection_id_connections")
        ),
        sa.PrimaryKeyConstraint("connection_id", "webstore_id", name=op.f("pk_webhook_orders")),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("webhook_orders", "webhooks", "webhook_doors"):
        op.drop_table(table)
