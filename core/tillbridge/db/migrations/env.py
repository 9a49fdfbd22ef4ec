"""Runs the migrations on the connection that `tillbridge.db.migrate` gives."""

from alembic import context

from tillbridge.db import tables
from tillbridge.db.metadata import metadata

__all__ = ["tables"]  # its import registers the engine's tables with the metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
