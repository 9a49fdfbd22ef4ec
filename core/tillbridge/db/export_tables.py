"""The tables of the eCommerce export: what the POS has, what each webstore shows, and what it should show."""

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
from tillbridge.db.types import Quantity, UtcDateTime

# What the POS has, as it said last: one row a product and store. What every connection's export is made from.
shelf = Table(
    "shelf",
    metadata,
    Column("store", String(100), nullable=False),
    Column("product_id", String(100), nullable=False),
    Column("position", BigInteger, nullable=False),  # grows with every change, in the order of commits
    Column("on_hand", Quantity),  # none: nobody said
    Column("reserved", Quantity, nullable=False, server_default="0"),  # matched, and not sold yet
    Column("price_minor", BigInteger),
    Column("currency", String(3)),
    Column("title", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("published", Boolean, nullable=False),
    Column("identifiers", Text, nullable=False),  # JSON: [[kind, value], ...], sorted, none of them guessed
    Column("merged_into", String(100)),  # the product that it turned out to be
    Column("shared", Text),  # JSON: [barcode, [others]]: published products of this store that carry it too
    PrimaryKeyConstraint("store", "product_id"),
)
Index("ix_shelf_position", shelf.c.position)
_RESERVED = text("reserved <> '0'")
Index("ix_shelf_reserved", shelf.c.store, sqlite_where=_RESERVED, postgresql_where=_RESERVED)
_MERGED = text("merged_into IS NOT NULL")
Index("ix_shelf_merged", shelf.c.merged_into, sqlite_where=_MERGED, postgresql_where=_MERGED)

# Which numbers the products of the shelf carry that webstores may be told of.
shelf_numbers = Table(
    "shelf_numbers",
    metadata,
    Column("number", Text, nullable=False),  # "kind value"
    Column("store", String(100), nullable=False),
    Column("product_id", String(100), nullable=False),
    PrimaryKeyConstraint("number", "store", "product_id"),
)

# How a connection is exported, and how far it is.
exports = Table(
    "exports",
    metadata,
    Column("connection_id", ForeignKey("connections.id"), primary_key=True, autoincrement=False),
    Column("every_seconds", Integer, nullable=False),  # 0: only by hand
    Column("rules", Text, nullable=False),  # JSON: buffers and limits
    Column("seen", BigInteger, nullable=False, server_default="0"),  # the shelf's position that was looked at
    Column("due_at", UtcDateTime),  # none: as soon as may be
    Column("told_at", UtcDateTime),  # when the webstore was last up to date
    Column("whole_at", UtcDateTime),  # when it had last been told everything, changed or not
    Column("round_at", UtcDateTime),  # when telling it everything anew began, where it takes changes
    Column("believed_at", UtcDateTime),  # when staff last said that what empties it is right
    Column("ticket", Text),  # of a snapshot that is pending
    Column("ticket_at", UtcDateTime),
    Column("refused_seen", BigInteger),  # `seen` as a snapshot was refused: it rests until there is more
    Column("refused_at", UtcDateTime),
    Column("en", Text),  # why it was refused
    Column("ko", Text),
    Column("tries", Integer, nullable=False, server_default="0"),  # snapshots without an answer in a row
    Column("way", Text, nullable=False, server_default=""),  # how the provider took stock and prices last
)

# What one webstore shows of one product, and what it should show.
export_items = Table(
    "export_items",
    metadata,
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("what", String(20), nullable=False),
    Column("location", String(300), nullable=False),
    Column("product_id", String(100), nullable=False),
    Column("store", String(100), nullable=False),
    # What it should show: "pieces|price|numbers"; "": it is to be shown no more.
    Column("wanted", Text, nullable=False),
    Column("part", Text),  # what may be told of it while it is held; none: all of it
    Column("shown", Text),  # what the webstore accepted last; none: nothing yet
    Column("sent", Text),  # what it was told last; other than shown: it may show that, as it did not answer
    Column("state", String(20), nullable=False, server_default=""),
    Column("due", Boolean, nullable=False),
    Column("ticket", Text),
    Column("en", Text),  # why it was refused or is held
    Column("ko", Text),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),  # without an answer in a row
    Column("retry_at", UtcDateTime),  # not told before, or behind the others; none: with them
    Column("emptied_at", UtcDateTime),  # since when it shows no pieces any more
    PrimaryKeyConstraint("connection_id", "what", "location", "product_id"),
)
Index(
    "ix_export_items_due",
    export_items.c.connection_id,
    export_items.c.what,
    export_items.c.location,
    export_items.c.product_id,
    sqlite_where=text("due = 1"),
    postgresql_where=text("due"),
)
_TOLD_OF = text("state <> ''")
Index(
    "ix_export_items_state",
    export_items.c.connection_id,
    export_items.c.state,
    sqlite_where=_TOLD_OF,
    postgresql_where=_TOLD_OF,
)
_EMPTIED = text("emptied_at IS NOT NULL")
Index(
    "ix_export_items_emptied",
    export_items.c.connection_id,
    export_items.c.emptied_at,
    sqlite_where=_EMPTIED,
    postgresql_where=_EMPTIED,
)
