"""Reads the payments of a page of orders.

A payment service is asked order by order; where a webstore charges by itself, the kept payloads say it.
The database is asked once a page and written to once a page, whatever the page holds; no service is asked
inside a transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from pydantic import ValidationError
from sqlalchemy import Connection, and_, bindparam, delete, select

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.payment_tables import looks
from tillbridge.db.sets import among
from tillbridge.db.states import NOTHING_BACK
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import Misconfigured, PluginError, Rejected, Retryable, TillbridgeError
from tillbridge.model.exchange import Decision, RawOrder
from tillbridge.model.orders import WebOrder
from tillbridge.model.payments import PaidOrder, WebPayment
from tillbridge.model.status import OVER
from tillbridge.model.words import Words
from tillbridge.paying.again import next_look
from tillbridge.paying.looking import keep_readings
from tillbridge.payments.known import Reading, payments_of, write_readings

UNREAD = Words(
    "What the webstore sent of this order cannot be read.", "웹스토어에서 보낸 주문 내용을 읽을 수 없습니다."
)


@dataclass(slots=True)
class PageRead:
    """What came of a page.

    Attributes:
        done: the looks that are answered, each with when it is due again.
        failed: those that could not be, and why.
        decided: the orders whose money is to be held together now; their looks are not taken away yet.
        stopped: why the rest of the page was not asked for.
        read: how many orders' payments were read.
    """

    done: list[tuple[AnyRow, datetime | None]] = field(default_factory=list)
    failed: list[tuple[AnyRow, TillbridgeError]] = field(default_factory=list)
    decided: list[int] = field(default_factory=list)
    stopped: TillbridgeError | None = None
    read: int = 0


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who is asked for whose orders' payments."""

    context: Context
    connection: OpenConnection
    service: OpenConnection

    @property
    def itself(self) -> bool:
        return self.service.id == self.connection.id

    def read(self, row: AnyRow, known: Sequence[WebPayment]) -> tuple[WebOrder, list[Reading]]:
        """Read one order's payments.

        Raises:
            TillbridgeError: they cannot be read.
        """
        try:
            order = WebOrder.model_validate_json(row.document)
        except ValidationError:  # written by an older program
            raise Rejected(UNREAD) from None
        raw = None
        if self.itself:
            raw = RawOrder(row.webstore_id, msgspec.msgpack.decode(row.parts, type=dict[str, bytes]))
        asked = PaidOrder(order=order, webstore=self.connection.name, known=tuple(known), raw=raw)
        service, started = self.service, self.context.clock.now()
        found = self.context.plugins.payments.record(service.provider.name, service.guest, asked)
        ended = self.context.clock.now()
        return order, [
            Reading(order_id=row.id, service_id=service.id, payment=one, started=started, ended=ended)
            for one in found
        ]


def read_page(
    context: Context, connection: OpenConnection, service: OpenConnection, due: Sequence[AnyRow]
) -> PageRead:
    """Read a page of orders and keep what their payments are like.

    The looks of orders whose money nobody holds together are taken away with that.

    Args:
        context: the engine's parts.
        connection: the webstore's, whose orders they are.
        service: who has their payments; the webstore itself, where it charges by itself.
        due: rows of `payment_looks`.
    """
    page, readings = PageRead(), list[Reading]()
    reader = _Reader(context, connection, service)
    with context.database.read() as database:
        stored = {row.id: row for row in _stored(database, [one.order_id for one in due], reader)}
        known = payments_of(database, list(stored))
    for look in due:
        row = stored.get(look.order_id)
        if row is None:
            page.failed.append((look, Rejected(UNREAD)))
            continue
        try:
            order, found = reader.read(row, known[row.id])
        except (Rejected, PluginError) as error:
            page.failed.append((look, error))
            continue
        except (Retryable, Misconfigured) as error:
            # It is most likely the whole service: the others need not be asked for now.
            page.failed.append((look, error))
            page.stopped = error
            break
        page.read += 1
        readings += found
        page.done.append((look, _again(reader, row, order, [one.payment for one in found])))
        if _is_held_together(reader, row, found):
            page.decided.append(row.id)
    _write(reader, page, readings)
    return page


def _is_held_together(reader: _Reader, row: AnyRow, found: Sequence[Reading]) -> bool:
    """Say whether an order's money is to be held together after a reading."""
    return not reader.itself or (bool(found) and row.decision is not None and row.refund in NOTHING_BACK)


def _again(reader: _Reader, row: AnyRow, order: WebOrder, payments: Sequence[WebPayment]) -> datetime | None:
    if reader.itself:
        return None  # a change comes with the order
    now = reader.context.clock.now()
    over = row.status in OVER or row.decision == Decision.REJECTED or not (payments or order.paid)
    age = None if over else max(now - order.placed_at, timedelta())
    return next_look(payments, order_id=row.id, age=age, now=now)


def _stored(database: Connection, order_ids: Sequence[int], reader: _Reader) -> Sequence[AnyRow]:
    orders, versions, payloads = tables.orders, tables.versions, tables.payloads
    columns = [orders.c.id, orders.c.webstore_id, orders.c.decision, orders.c.refund, orders.c.status]
    query = select(*columns, versions.c.document).join(
        versions, and_(versions.c.order_id == orders.c.id, versions.c.number == orders.c.version)
    )
    if reader.itself:
        query = query.add_columns(payloads.c.parts).join(payloads, payloads.c.id == orders.c.payload_id)
    return database.execute(query.where(among(database, orders.c.id, order_ids))).all()


def _write(reader: _Reader, page: PageRead, readings: Sequence[Reading]) -> None:
    later = set(page.decided)
    now = [look for look, _ in page.done if look.order_id not in later]

    def work(database: Connection) -> None:
        if reader.itself:
            write_readings(database, readings)
        else:
            keep_readings(reader.context, database, readings)
        if now:
            mine = delete(looks).where(
                looks.c.order_id == bindparam("the_order"), looks.c.asked == bindparam("seen")
            )
            database.execute(mine, [{"the_order": one.order_id, "seen": one.asked} for one in now])

    if readings or now:
        reader.context.database.unit("payments", work)
    page.done = [one for one in page.done if one[0].order_id in later]
