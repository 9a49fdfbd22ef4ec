"""The schema's history; `tillbridge.db.migrate` runs it."""
