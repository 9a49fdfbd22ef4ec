"""Looks with one query whether anything waits to be settled: most of the time nothing does."""

from typing import NamedTuple

from sqlalchemy import exists, select

from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.model.status import Status


class Due(NamedTuple):
    """What a connection has waiting.

    Attributes:
        cursor: where its next fetch starts.
        settle: payloads, unanswered attempts or orders in Process Sale wait.
        fetch_again: two readings of an order overlapped and differed.
    """

    cursor: str | None
    settle: bool
    fetch_again: bool


def look(context: Context, connection_id: int) -> Due:
    """Return what one connection has waiting."""
    connections, payloads = tables.connections, tables.payloads
    orders, attempts = tables.orders, tables.attempts
    mine = orders.c.connection_id == connection_id
    query = select(
        connections.c.cursor,
        exists().where(payloads.c.connection_id == connection_id, waiting.UNHANDLED),
        exists().where(waiting.UNANSWERED, waiting.of_connection(attempts.c.order_id, connection_id)),
        exists().where(mine, orders.c.status == Status.PROCESS_SALE),
        exists().where(mine, waiting.FETCH_AGAIN),
    ).where(connections.c.id == connection_id)
    with context.database.read() as database:
        cursor, *to_settle, fetch_again = database.execute(query).one()
    return Due(cursor, any(to_settle), fetch_again)
