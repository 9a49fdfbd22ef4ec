"""The tables of web payments: what services have, what is to be looked at, what does not add up."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from tillbridge.db.metadata import metadata
from tillbridge.db.types import UtcDateTime

# Each payment of an order, as its service had it when it was read last. No row is ever deleted.
web_payments = Table(
    "web_payments",
    metadata,
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("payment_id", String(300), nullable=False),
    Column("service_id", ForeignKey("connections.id"), nullable=False),  # the connection that has it
    Column("state", String(20), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("authorised_minor", BigInteger, nullable=False),
    Column("captured_minor", BigInteger, nullable=False),
    Column("refunded_minor", BigInteger, nullable=False),
    Column("pending_minor", BigInteger, nullable=False),  # of refunds that the bank has not confirmed
    Column("capture_before", UtcDateTime),
    Column("live", Boolean, nullable=False),
    Column("document", Text, nullable=False),  # the WebPayment as JSON
    Column("seen_started", UtcDateTime, nullable=False),  # of the reading: when it was begun
    Column("seen_ended", UtcDateTime, nullable=False),  # and answered
    PrimaryKeyConstraint("order_id", "payment_id"),
)
Index("ix_web_payments_service", web_payments.c.service_id, web_payments.c.payment_id)
_HELD = text("state = 'held'")
Index("ix_web_payments_held", web_payments.c.order_id, sqlite_where=_HELD, postgresql_where=_HELD)
_EXPIRED = text("state = 'expired'")
Index("ix_web_payments_expired", web_payments.c.order_id, sqlite_where=_EXPIRED, postgresql_where=_EXPIRED)

# The orders whose payments are to be read.
looks = Table(
    "payment_looks",
    metadata,
    Column("order_id", ForeignKey("orders.id"), primary_key=True, autoincrement=False),
    Column("asked", Integer, nullable=False),  # grows each time somebody asks
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcDateTime, nullable=False),
)
Index("ix_payment_looks_due", looks.c.due_at)

# What does not add up, for as long as it does not.
differences = Table(
    "payment_differences",
    metadata,
    Column("order_id", ForeignKey("orders.id"), primary_key=True, autoincrement=False),
    Column("since", UtcDateTime, nullable=False),
    Column("en", Text, nullable=False),
    Column("ko", Text, nullable=False),
)
