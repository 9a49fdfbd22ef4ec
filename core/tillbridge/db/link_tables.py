"""The table of what was linked by hand by a line's own numbers, where the webstore gives no item."""

from sqlalchemy import Column, ForeignKey, PrimaryKeyConstraint, String, Table, Text

from tillbridge.db.metadata import metadata
from tillbridge.db.tables import Serial
from tillbridge.db.types import UtcDateTime

number_links = Table(
    "number_links",
    metadata,
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("numbers", String(300), nullable=False),  # as `tillbridge.matching.numbers` writes them
    Column("title", Text, nullable=False),
    Column("product_id", String(100), nullable=False),
    Column("linked_by", String(200), nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    Column("linked_order", Serial, nullable=False),  # the order at which it was linked
    PrimaryKeyConstraint("connection_id", "numbers"),
)
