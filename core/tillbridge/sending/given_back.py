"""What a webstore is told of money that the shop gave back: by its payment service, or at the till.

Each refund is a delivery of its own, written in the transaction that notes the refund, so it is told once.
What the webstore or somebody at the payment service's own pages gave back is not told: the webstore may have
done it itself. Of money that was paid with items added at the till it hears nothing either.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from tillbridge.db import tables
from tillbridge.db.sets import among
from tillbridge.db.states import RefundState
from tillbridge.model.exchange import Said
from tillbridge.model.money import Money, sum_money, zero
from tillbridge.pos.details import PaymentKind
from tillbridge.pos.sales import ReturnTaken, SaleView
from tillbridge.sending.deliveries import Act, Destination, new_delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """One refund of an order.

    Attributes:
        amount: above zero.
        reason: what staff said.
        place: which of the sale's returns it was, from 0; None: the payment service gave it back.
    """

    order_id: int
    amount: Money
    reason: str
    place: int | None = None


def tell(database: Connection, given: Sequence[tuple[GivenBack, Act]]) -> None:
    """Queue what webstores are to hear of refunds; those that cannot be told hear nothing."""
    heard = [
        (one, act)
        for one, act in given
        if one.amount.minor > 0 and act.provider is not None and act.provider.is_told(Said.REFUNDED)
    ]
    if not heard:
        return
    orders = tables.orders
    numbers = sorted({one.order_id for one, _ in heard})
    mine = update(orders).where(among(database, orders.c.id, numbers), orders.c.refund == "")
    # What it then says of the order, that all was refunded, is no change of its own.
    database.execute(mine.values(refund=RefundState.TOLD.value))
    rows = [
        new_delivery(one.order_id, Destination.WEBSTORE, Said.REFUNDED.value, _body(one), act)
        for one, act in heard
    ]
    database.execute(insert(tables.deliveries), rows)


def _body(one: GivenBack) -> dict[str, Any]:
    refund = {"minor": one.amount.minor, "currency": one.amount.currency, "place": one.place}
    return {"reason": one.reason, "lines": [], "resolution": None, "refund": refund}


def refund_of(body: Mapping[str, Any]) -> Money | None:
    """Return how much went back, of a delivery's body; None where it tells of something else."""
    refund = body.get("refund")
    return Money(refund["minor"], refund["currency"]) if refund else None


def told_of(database: Connection, order_ids: Collection[int]) -> dict[int, set[int | None]]:
    """Return which refunds of these orders were queued to be told: the places of returns, None for others."""
    table = tables.deliveries
    query = select(table.c.order_id, table.c.body).where(
        among(database, table.c.order_id, sorted(order_ids)),
        table.c.destination == Destination.WEBSTORE,
        table.c.action == Said.REFUNDED,
    )
    found: dict[int, set[int | None]] = {}
    for row in database.execute(query) if order_ids else ():
        found.setdefault(row.order_id, set()).add(json.loads(row.body)["refund"]["place"])
    return found


def at_till(order_id: int, sale: SaleView, told: Collection[int | None]) -> Iterator[GivenBack]:
    """Yield what was given back at the till for the web order's own items, and was not told yet."""
    own = {item.id for item in sale.items if item.web_line is not None}
    for place, taken in enumerate(sale.returns):
        amount = _here(taken, own, sale.currency)
        if place not in told and amount.minor > 0:
            yield GivenBack(order_id=order_id, amount=amount, reason=taken.reason, place=place)


def _here(taken: ReturnTaken, own: Collection[str], currency: str) -> Money:
    """Return what of a return's money was paid out here for the web order's own items."""
    cost = sum_money((one.gross for one in taken.items if one.item in own), currency)
    online = sum_money((one.amount for one in taken.refunds if one.kind is PaymentKind.ECOMMERCE), currency)
    here = sum_money((one.amount for one in taken.refunds if one.kind is not PaymentKind.ECOMMERCE), currency)
    return max(min(here, cost - online), zero(currency))
