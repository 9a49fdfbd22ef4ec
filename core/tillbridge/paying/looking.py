"""Reads what payment services have for orders: when they come or change, after acts, when asked.

No service, and no point of sale, is asked inside a transaction. What cannot be read now is read again ever
more rarely.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Connection, delete, select, update

from tillbridge import line_states, troubles, wishes
from tillbridge.connections import OpenConnection, subject
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.payment_tables import looks
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import Misconfigured, PluginError, Rejected, Retryable, TillbridgeError
from tillbridge.model.exchange import RawOrder
from tillbridge.model.orders import WebOrder
from tillbridge.model.payments import PaidOrder, WebPayment, WebPaymentState
from tillbridge.model.words import Words
from tillbridge.order_state import order_row
from tillbridge.paying.pages import read_page
from tillbridge.paying.tieout import note_difference
from tillbridge.payments.known import Reading, payments_of, write_readings
from tillbridge.timeline import SYSTEM, Entry, sign
from tillbridge.troubles import Activity

WAITS: Final = tuple(timedelta(seconds=one) for one in (30, 120, 600, 1800, 3600))
"""How long an order waits whose payments could not be read, try by try; the last one again and again."""
_BATCH: Final = 50
_UNREAD: Final = Words(
    "What the webstore sent of this order cannot be read.", "웹스토어에서 보낸 주문 내용을 읽을 수 없습니다."
)
_log = logging.getLogger("tillbridge.payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """An order and its payments, as they were read a moment ago.

    Attributes:
        order: as the shop sells it: without what staff rejected.
    """

    row: AnyRow
    order: WebOrder
    payments: Sequence[WebPayment]


def service_of(connection: OpenConnection) -> OpenConnection | None:
    """Return the connection that has the payments of a webstore's orders, or None where none is known to."""
    served = connection.open_service()
    return served or (connection if connection.records_itself else None)


def look_at(context: Context, connection: OpenConnection, order_id: int) -> Looked:
    """Read an order's payments now, and keep what was read.

    Raises:
        NotFound: there is no such order.
        Rejected: the order cannot be read, or no payment service serves its connection.
        ProviderError, PluginError: of the service.
    """
    return _look(context, connection, service_of(connection), order_id)


def _look(
    context: Context, connection: OpenConnection, service: OpenConnection | None, order_id: int
) -> Looked:
    if service is None:
        raise Rejected(
            Words(
                f"No payment service serves {connection.name}: tillbridge connection payments",
                f"{connection.name} 연결에 결제 서비스가 없습니다: tillbridge connection payments",
            )
        )
    with context.database.read() as database:
        row = order_row(database, order_id)
        order = wishes.newest(database, order_id)
        known = payments_of(database, [order_id])[order_id]
        raw = _raw(database, row) if service is connection else None
    if order is None:
        raise Rejected(_UNREAD)
    asked = PaidOrder(order=order, webstore=connection.name, known=tuple(known), raw=raw)
    started = context.clock.now()
    found = context.plugins.payments.record(service.provider.name, service.guest, asked)
    ended = context.clock.now()
    readings = [
        Reading(order_id=order_id, service_id=service.id, payment=one, started=started, ended=ended)
        for one in found
    ]
    kept = context.database.unit("payments", lambda database: _keep(context, database, readings))
    return Looked(row=row, order=line_states.as_sold(order, row), payments=kept.get(order_id, []))


def keep_one(context: Context, reading: Reading) -> None:
    """Keep one payment that was read by itself."""
    context.database.unit("payment", lambda database: _keep(context, database, [reading]))


def _keep(context: Context, database: Connection, readings: Sequence[Reading]) -> dict[int, list[WebPayment]]:
    changed = write_readings(database, readings)
    for entry in (one for one in map(_news, changed) if one):
        sign(database, context.clock.now(), [entry])
    return payments_of(database, {one.order_id for one in readings})


def _news(reading: Reading) -> Entry | None:
    """Return what the timeline says of a payment that nobody asked to become so."""
    payment = reading.payment
    if payment.state is WebPaymentState.EXPIRED:
        words = Words(
            f"The hold of {payment.authorised:en} on the card has ended; nothing was taken.",
            f"카드 승인 보류 {payment.authorised:ko}이(가) 만료되었습니다. 청구되지 않았습니다.",
        )
        return Entry(reading.order_id, SYSTEM, "hold ended", words)
    if payment.state is WebPaymentState.FAILED:
        why = f": {payment.why}" if payment.why else ""
        words = Words(f"The payment was declined{why}.", f"결제가 거절되었습니다{why}.")
        return Entry(reading.order_id, SYSTEM, "payment declined", words)
    return None


def _raw(database: Connection, row: AnyRow) -> RawOrder | None:
    stored = tables.payloads
    packed = database.execute(select(stored.c.parts).where(stored.c.id == row.payload_id)).scalar()
    if packed is None:
        return None
    return RawOrder(row.webstore_id, msgspec.msgpack.decode(packed, type=dict[str, bytes]))


def look_due(context: Context, connection: OpenConnection) -> int:
    """Read the payments of a connection's orders that are due; return how many orders were read.

    A service that is away is no exception here: it is a trouble of the connection, and tried again.
    """
    if connection.service_id is None:
        return 0
    if connection.records_itself:
        return _look_itself(context, connection)
    read, failure, service = 0, None, None
    for row in _due(context, connection.id):
        try:
            service = service or service_of(connection)  # opened once for all of them
            looked = _look(context, connection, service, row.order_id)
            note_difference(context, row.order_id)
        except (Rejected, PluginError) as error:
            _again(context, row, error)
        except (Retryable, Misconfigured) as error:
            # It is most likely the whole service: the others need not be asked for now.
            _again(context, row, error)
            failure = error
            break
        else:
            _done(context, row, _next_end(context, looked.payments))
            read += 1
    whose = subject(connection, Activity.PAYMENTS)
    if failure is not None:
        troubles.begin(context, whose, failure)
    elif read:
        troubles.end(context, whose)
    return read


def _look_itself(context: Context, connection: OpenConnection) -> int:
    """Read what a webstore's own orders say, page by page, and hold together what is decided of them."""
    read, seen = 0, set[int]()
    while due := [row for row in _due(context, connection.id) if row.order_id not in seen]:
        seen.update(row.order_id for row in due)
        page = read_page(context, connection, due)
        for number in page.decided:
            note_difference(context, number)
        for row, error in page.failed:
            _again(context, row, error or Rejected(_UNREAD))
        read += len(page.done)
        if context.stopping.is_set():
            break
    return read


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


def _next_end(context: Context, payments: Sequence[WebPayment]) -> datetime | None:
    """Return when the next hold comes to its end, where the service says so."""
    now, held = context.clock.now(), (one for one in payments if one.state is WebPaymentState.HELD)
    ends = (one.capture_before for one in held)
    return min((end for end in ends if end is not None and end > now), default=None)


def _done(context: Context, row: AnyRow, again: datetime | None) -> None:
    """Take away what was looked at, or put it off until `again`; not if somebody asked again meanwhile."""
    mine = (looks.c.order_id == row.order_id, looks.c.asked == row.asked)
    with context.database.write("looked at payments") as database:
        if again is None:
            database.execute(delete(looks).where(*mine))
        else:
            database.execute(update(looks).where(*mine).values(tries=0, due_at=again))


def _again(context: Context, row: AnyRow, error: TillbridgeError) -> None:
    wait = context.clock.now() + WAITS[min(row.tries, len(WAITS) - 1)]
    later = (
        update(looks)
        .where(looks.c.order_id == row.order_id, looks.c.asked == row.asked)
        .values(tries=looks.c.tries + 1, due_at=wait)
    )
    with context.database.write("look at payments again") as database:
        database.execute(later)
    _log.debug("the payments of order %s are read again: %s", row.order_id, error)
