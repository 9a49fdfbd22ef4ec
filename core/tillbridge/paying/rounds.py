"""Reads the payments of orders that are due: when they come or change, after acts, and now and then.

What cannot be read now is read again ever more rarely.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select, update

from tillbridge import troubles
from tillbridge.connections import OpenConnection, subject
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.payment_tables import looks
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import Retryable
from tillbridge.paying.looking import require_service
from tillbridge.paying.pages import PageRead, read_page
from tillbridge.paying.tieout import note_differences
from tillbridge.troubles import Activity

WAITS: Final = tuple(timedelta(seconds=one) for one in (30, 120, 600, 1800, 3600))
"""How long an order waits whose payments could not be read, try by try; the last one again and again."""
_BATCH: Final = 50
_log = logging.getLogger("tillbridge.payments")


def look_due(context: Context, connection: OpenConnection) -> int:
    """Read the payments of a connection's orders that are due; return how many orders were read.

    Of a payment service a page is read, so that what staff decided need not wait; of a webstore that charges
    by itself all are, since nobody is asked. A service that is away is no exception here: it is a trouble of
    the connection, and tried again.

    Raises:
        InputError: the service's connection cannot be opened.
    """
    if connection.service_id is None:
        return 0
    read, failure, service, seen = 0, None, None, set[int]()
    while due := [row for row in _due(context, connection.id) if row.order_id not in seen]:
        seen.update(row.order_id for row in due)
        service = service or require_service(connection)
        page = read_page(context, connection, service, due)
        _finish(context, page)
        read += page.read
        failure = page.stopped
        if failure or not connection.records_itself or context.stopping.is_set():
            break
    whose = subject(connection, Activity.PAYMENTS)
    if failure is not None:
        troubles.begin(context, whose, failure)
    elif read:
        troubles.end(context, whose)
    return read


def _finish(context: Context, page: PageRead) -> None:
    """Hold the money of a page's orders together, and note when each is read again."""
    try:
        if page.decided:
            note_differences(context, page.decided)
    except Retryable as error:  # the point of sale did not show the sales
        page.stopped, page.read = error, page.read - len(page.done)
        page.failed += [(look, error) for look, _ in page.done]
        page.done = []
    if page.done or page.failed:
        context.database.unit("looked at payments", lambda database: _mark(context, database, page))
    for look, why in page.failed:
        _log.debug("the payments of order %s are read again: %s", look.order_id, why)


def _mark(context: Context, database: Connection, page: PageRead) -> None:
    """Take away what was looked at, or put it off; not if somebody asked again meanwhile."""
    mine = (looks.c.order_id == bindparam("the_order"), looks.c.asked == bindparam("seen"))

    def named(look: AnyRow) -> dict[str, object]:
        return {"the_order": look.order_id, "seen": look.asked}

    over = [named(look) for look, again in page.done if again is None]
    if over:
        database.execute(delete(looks).where(*mine), over)
    later = [named(look) | {"tried": 0, "again": again} for look, again in page.done if again is not None]
    now = context.clock.now()
    later += [
        named(look) | {"tried": look.tries + 1, "again": now + WAITS[min(look.tries, len(WAITS) - 1)]}
        for look, _ in page.failed
    ]
    if later:
        put_off = update(looks).where(*mine).values(tries=bindparam("tried"), due_at=bindparam("again"))
        database.execute(put_off, later)


def _due(context: Context, connection_id: int) -> Sequence[AnyRow]:
    orders = tables.orders
    query = (
        select(looks)
        .join(orders, orders.c.id == looks.c.order_id)
        .where(looks.c.due_at <= context.clock.now(), orders.c.connection_id == connection_id)
        .order_by(looks.c.due_at, looks.c.order_id)
        .limit(_BATCH)
    )
    with context.database.read() as database:
        return database.execute(query).all()
