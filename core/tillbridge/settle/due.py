"""Looks with one query whether anything waits to be settled: most of the time nothing does."""

from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, select

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


def _query() -> Select[str | None, bool, bool, bool, bool]:
    connections, payloads = tables.connections, tables.payloads
    orders, attempts = tables.orders, tables.attempts
    connection_id: ColumnElement[int] = bindparam("connection_id")
    mine = orders.c.connection_id == connection_id
    return select(
        connections.c.cursor,
        exists().where(payloads.c.connection_id == connection_id, waiting.UNHANDLED),
        exists().where(waiting.UNANSWERED, waiting.of_connection(attempts.c.order_id, connection_id)),
        exists().where(mine, orders.c.status == Status.PROCESS_SALE),
        exists().where(mine, waiting.FETCH_AGAIN),
    ).where(connections.c.id == connection_id)


_QUERY: Final = _query()  # made once: it is asked at every poll


def look(context: Context, connection_id: int) -> Due:
    """Return what one connection has waiting."""
    with context.database.read() as database:
        cursor, *to_settle, fetch_again = database.execute(_QUERY, {"connection_id": connection_id}).one()
    return Due(cursor, any(to_settle), fetch_again)
