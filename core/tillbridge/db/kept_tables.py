"""The table of what connections keep beside their settings: tokens that change with their use."""

from sqlalchemy import Column, ForeignKey, LargeBinary, PrimaryKeyConstraint, String, Table

from tillbridge.db.metadata import metadata
from tillbridge.db.types import UtcDateTime

kept = Table(
    "connection_kept",
    metadata,
    Column("connection_id", ForeignKey("connections.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("value", LargeBinary, nullable=False),  # encrypted
    Column("kept_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("connection_id", "name"),
)
