"""The tables of what webstores list, as it was read last, and what is wrong with it."""

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

# How reading a webstore's list stands.
listing_checks = Table(
    "listing_checks",
    metadata,
    Column("connection_id", ForeignKey("connections.id"), primary_key=True, autoincrement=False),
    Column("round", BigInteger, nullable=False),  # counts the readings
    Column("began_at", UtcDateTime, nullable=False),
    Column("cursor", Text),  # where the reading goes on that was cut off
    Column("checked_at", UtcDateTime),  # when a reading was last complete
    Column("listed", Integer, nullable=False, server_default="0"),  # items that can be ordered
    Column(
        "not_listed", Integer, nullable=False, server_default="0"
    ),  # products that are published and not there
)

# One item that a webstore lists.
listed = Table(
    "listed",
    metadata,
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("item_id", String(300), nullable=False),
    Column("round", BigInteger, nullable=False),  # the reading that saw it last
    Column("title", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("document", Text, nullable=False),  # JSON: the listing
    Column("product_id", String(100)),  # the product that an order of it would match
    Column("problem", String(20), nullable=False, server_default=""),
    Column("rivals", Text),  # JSON: the products that its numbers lead to, where those are several
    PrimaryKeyConstraint("connection_id", "item_id"),
)
_PROBLEM = text("problem <> ''")
Index(
    "ix_listed_problem",
    listed.c.connection_id,
    listed.c.problem,
    sqlite_where=_PROBLEM,
    postgresql_where=_PROBLEM,
)
Index("ix_listed_product", listed.c.connection_id, listed.c.product_id)

# Products whose listed items changed since the export looked: it looks at them, and takes them off here.
listing_news = Table(
    "listing_news",
    metadata,
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("product_id", String(100), nullable=False),
    PrimaryKeyConstraint("connection_id", "product_id"),
)
