"""Connections: accounts at providers, what is kept of each, and what is made of it."""

from tillbridge.connections.health import mark_trouble, mark_well, subject
from tillbridge.connections.stored import (
    NewConnection,
    OpenConnection,
    close_client,
    load,
    prepare,
    read_settings,
    rows,
    save,
    stored_settings,
)

__all__ = [
    "NewConnection",
    "OpenConnection",
    "close_client",
    "load",
    "mark_trouble",
    "mark_well",
    "prepare",
    "read_settings",
    "rows",
    "save",
    "stored_settings",
    "subject",
]
