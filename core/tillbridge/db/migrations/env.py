"""Runs the migrations on the connection that `tillbridge.db.migrate` gives."""

from alembic import context

from tillbridge.db import (
    export_tables,
    kept_tables,
    listing_tables,
    payment_tables,
    tables,
    webhook_tables,
)
from tillbridge.db.metadata import metadata
from tillbridge.pos.embedded import tables as pos_tables

# Their import registers every table with the metadata.
__all__ = [
    "export_tables",
    "kept_tables",
    "listing_tables",
    "payment_tables",
    "pos_tables",
    "tables",
    "webhook_tables",
]

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
