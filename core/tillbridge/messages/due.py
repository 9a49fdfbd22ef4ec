"""The causes that are due times: orders to be answered soon, and those that nobody answered in time."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from tillbridge.db import tables, waiting
from tillbridge.messages.orders import SHOWN
from tillbridge.messages.sayings import action, sentence
from tillbridge.model.deadlines import Stage
from tillbridge.model.messages import Cause, Message, OrderRef
from tillbridge.model.words import Words
from tillbridge.orders.accept_by import AcceptBy, Due


def due_messages(database: Connection, now: datetime) -> Iterator[Message]:
    """Yield what is overdue, and what is to be warned of (half or more gone, last 30 minutes)."""
    by_cause: defaultdict[Cause, list[tuple[Any, Due]]] = defaultdict(list)
    for row in database.execute(_to_answer()):
        kept = AcceptBy.read(row.accept_clock)
        cause = _cause(due := Due(kept, now)) if kept else None
        if cause:
            by_cause[cause].append((row, due))
    for cause, found in by_cause.items():
        (first, due), said = found[0], sentence(cause, len(found))
        yield Message(
            cause=cause,
            key=f"{cause}:",
            words=Words(
                f"{said.en} {first.number}: {due.words.en}.", f"{said.ko} {first.number}: {due.words.ko}."
            ),
            count=len(found),
            action=action(cause, first.id),
            orders=tuple(OrderRef(row.id, row.number, row.name) for row, _ in found[:SHOWN]),
            since=due.at if cause is Cause.OVERDUE else None,
        )


def _cause(due: Due) -> Cause | None:
    if due.stage is Stage.OVERDUE:
        return Cause.OVERDUE
    return Cause.DUE_SOON if due.stage.is_warning else None


def _to_answer() -> Any:
    orders, connections = tables.orders, tables.connections
    return (
        select(orders.c.id, orders.c.number, orders.c.accept_clock, connections.c.name)
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(*waiting.TO_ANSWER, orders.c.accept_by.is_not(None))
        .order_by(orders.c.accept_by, orders.c.id)
    )
