"""Reads what a payment service has for one order, and keeps what was read.

No service is asked inside a transaction. What is due by itself is read page by page: `paying.rounds`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import Connection, select

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import Rejected
from tillbridge.model.exchange import RawOrder
from tillbridge.model.orders import WebOrder
from tillbridge.model.payments import PaidOrder, WebPayment, WebPaymentState
from tillbridge.model.words import Words
from tillbridge.orders import line_states, wishes
from tillbridge.orders.order_state import order_row
from tillbridge.orders.timeline import SYSTEM, Entry, sign
from tillbridge.payments.known import Reading, payments_of, write_readings

_UNREAD: Final = Words(
    "What the webstore sent of this order cannot be read.", "웹스토어에서 보낸 주문 내용을 읽을 수 없습니다."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """An order and its payments, as they were read a moment ago.

    Attributes:
        order: as the shop sells it: without what staff rejected.
    """

    row: AnyRow
    order: WebOrder
    payments: Sequence[WebPayment]


def require_service(connection: OpenConnection) -> OpenConnection:
    """Return the connection that has the payments of a webstore's orders.

    Raises:
        Rejected: none is known to.
    """
    if served := connection.open_service():
        return served
    if connection.records_itself:
        return connection
    raise Rejected(
        Words(
            f"No payment service serves {connection.name}: tillbridge connection payments",
            f"{connection.name} 연결에 결제 서비스가 없습니다: tillbridge connection payments",
        )
    )


def look_at(context: Context, connection: OpenConnection, order_id: int) -> Looked:
    """Read an order's payments now, and keep what was read.

    Raises:
        NotFound: there is no such order.
        Rejected: the order cannot be read, or no payment service serves its connection.
        ProviderError, PluginError: of the service.
    """
    service = require_service(connection)
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

    def keep(database: Connection) -> list[WebPayment]:
        keep_readings(context, database, readings)
        return payments_of(database, [order_id])[order_id]

    kept = context.database.unit("payments", keep)
    return Looked(row=row, order=line_states.as_sold(order, row), payments=kept)


def keep_one(context: Context, reading: Reading) -> None:
    """Keep one payment that was read by itself."""
    context.database.unit("payment", lambda database: keep_readings(context, database, [reading]))


def keep_readings(context: Context, database: Connection, readings: Sequence[Reading]) -> None:
    """Keep what was read, and sign what nobody asked for."""
    changed = write_readings(database, readings)
    sign(database, context.clock.now(), [one for one in map(_news, changed) if one])


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
