"""How each connection's webhooks are: when it was last heard, what waits, and whether they seem to arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from tillbridge.db import tables, webhook_tables
from tillbridge.db.database import Database
from tillbridge.model.words import Words

MANY: Final = 3
"""So many new orders found by polls alone, or so many refused requests, are told of; fewer may be chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookState:
    """How a connection's webhooks are.

    Attributes:
        opened_at: UTC; since when it has its address.
        heard_at: UTC; when the webstore was last heard there; None: never.
        waiting: orders that are to be fetched because of webhooks.
        missed: new orders that polls found since, without a webhook in between.
        refused: requests that were refused since.
        refused_at: UTC; the last of them, also where the webstore was heard since.
        why: why that one was.
    """

    connection: str
    opened_at: datetime
    heard_at: datetime | None
    waiting: int
    missed: int
    refused: int
    refused_at: datetime | None
    why: Words | None

    @property
    def is_silent(self) -> bool:
        """Whether new orders come without a webhook, so that these seem not to arrive."""
        return self.missed >= MANY and not self.is_refused

    @property
    def is_refused(self) -> bool:
        """Whether requests come, and are refused."""
        return self.refused >= MANY


def webhook_states(kept: Database) -> Sequence[WebhookState]:
    """Return the state of every enabled connection that has an address, by its name."""
    doors, wanted, connections = webhook_tables.doors, webhook_tables.wanted, tables.connections
    waiting = select(func.count()).where(wanted.c.connection_id == doors.c.connection_id).scalar_subquery()
    query = (
        select(connections.c.name, doors, waiting.label("waiting"))
        .join(connections, connections.c.id == doors.c.connection_id)
        .where(connections.c.enabled)
        .order_by(connections.c.name)
    )
    with kept.read() as database:
        rows = database.execute(query).all()
    return [
        WebhookState(
            connection=row.name,
            opened_at=row.opened_at,
            heard_at=row.heard_at,
            waiting=row.waiting,
            missed=row.missed,
            refused=row.refused,
            refused_at=row.refused_at,
            why=Words(row.en, row.ko) if row.en else None,
        )
        for row in rows
    ]
