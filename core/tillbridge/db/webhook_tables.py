"""The tables of webhooks: each connection's address, what came there, and which orders are to be fetched."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from tillbridge.db.metadata import metadata
from tillbridge.db.tables import Serial
from tillbridge.db.types import UtcDateTime

# The address at which a connection's webstore reaches us, and how it is used.
doors = Table(
    "webhook_doors",
    metadata,
    Column("connection_id", ForeignKey("connections.id"), primary_key=True, autoincrement=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("token", LargeBinary, nullable=False),  # encrypted, to be shown again
    Column("opened_at", UtcDateTime, nullable=False),
    Column("heard_at", UtcDateTime),  # when the webstore was last heard
    Column("missed", Integer, nullable=False, server_default="0"),  # new orders since, that a poll found
    Column("refused", Integer, nullable=False, server_default="0"),  # requests since, that were refused
    Column("refused_at", UtcDateTime),
    Column("en", Text),  # why the last one was refused
    Column("ko", Text),
)

# Each event as it came, byte for byte, for a while.
events = Table(
    "webhooks",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("event_id", String(300)),  # the webstore's own; none: it gives none
    Column("state", String(20), nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("connection_id", "event_id"),
)
Index("ix_webhooks_received", events.c.received_at)

# What is to be fetched because of them: an order once, however many events there are of it.
wanted = Table(
    "webhook_orders",
    metadata,
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("webstore_id", String(300), nullable=False),
    Column("asked", Integer, nullable=False),  # how many events there were since it waits
    Column("asked_at", UtcDateTime, nullable=False),  # the newest of them
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("connection_id", "webstore_id"),
)
