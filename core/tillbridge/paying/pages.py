"""Reads what a webstore that charges by itself says of its orders' money: a page at a time.

The kept payloads say it, so nobody is asked: a whole import's orders are not to cost a transaction each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

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
from tillbridge.model.errors import TillbridgeError
from tillbridge.model.exchange import RawOrder
from tillbridge.model.orders import WebOrder
from tillbridge.model.payments import PaidOrder
from tillbridge.payments.known import Reading, payments_of, write_readings


@dataclass(slots=True)
class PageRead:
    """What came of a page.

    Attributes:
        done: the looks that are answered.
        failed: those that could not be, and why.
        decided: the orders whose money is to be held together now.
    """

    done: list[AnyRow] = field(default_factory=list)
    failed: list[tuple[AnyRow, TillbridgeError | None]] = field(default_factory=list)
    decided: list[int] = field(default_factory=list)


def read_page(context: Context, connection: OpenConnection, due: Sequence[AnyRow]) -> PageRead:
    """Read a page of orders, keep what they say, and take away their looks.

    Args:
        context: the engine's parts.
        connection: of a webstore that charges by itself.
        due: rows of `payment_looks`.
    """
    page, readings = PageRead(), list[Reading]()
    with context.database.read() as database:
        stored = {row.id: row for row in _stored(database, [one.order_id for one in due])}
        known = payments_of(database, list(stored))
    for look in due:
        row = stored.get(look.order_id)
        try:
            order = WebOrder.model_validate_json(row.document) if row else None
        except ValidationError:  # written by an older program
            order = None
        if row is None or order is None:
            page.failed.append((look, None))
            continue
        raw = RawOrder(row.webstore_id, msgspec.msgpack.decode(row.parts, type=dict[str, bytes]))
        asked = PaidOrder(order=order, webstore=connection.name, known=tuple(known[row.id]), raw=raw)
        now = context.clock.now()
        try:
            found = context.plugins.payments.record(connection.provider.name, connection.guest, asked)
        except TillbridgeError as error:
            page.failed.append((look, error))
            continue
        readings += [
            Reading(order_id=row.id, service_id=connection.id, payment=one, started=now, ended=now)
            for one in found
        ]
        page.done.append(look)
        if found and row.decision is not None and row.refund in NOTHING_BACK:
            page.decided.append(row.id)
    context.database.unit("payments", lambda database: _write(database, readings, page.done))
    return page


def _stored(database: Connection, order_ids: Sequence[int]) -> Sequence[AnyRow]:
    orders, versions, payloads = tables.orders, tables.versions, tables.payloads
    columns = (orders.c.id, orders.c.webstore_id, orders.c.decision, orders.c.refund)
    query = (
        select(*columns, versions.c.document, payloads.c.parts)
        .join(versions, and_(versions.c.order_id == orders.c.id, versions.c.number == orders.c.version))
        .join(payloads, payloads.c.id == orders.c.payload_id)
        .where(among(database, orders.c.id, order_ids))
    )
    return database.execute(query).all()


def _write(database: Connection, readings: Sequence[Reading], done: Sequence[AnyRow]) -> None:
    if readings:
        write_readings(database, readings)
    if done:
        mine = delete(looks).where(
            looks.c.order_id == bindparam("the_order"), looks.c.asked == bindparam("seen")
        )
        database.execute(mine, [{"the_order": one.order_id, "seen": one.asked} for one in done])
