"""Queues what is to be done with orders' money, in the transaction that decides it; the outbox does it.

Only where a payment service serves the order's connection: where a webstore charges by itself, nothing is
asked of it.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from tillbridge.db import tables
from tillbridge.db.sets import among
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.model.orders import OrderKind
from tillbridge.payments.planning import Wish
from tillbridge.sending.deliveries import Act, Destination, new_delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is to be done with one order's money.

    Attributes:
        row: of the order, with its `order_key`.
        minor: of a refund: how much; of a charge: at most that; of settling: what the finished sale has.
        only_surplus: of a refund: no more than the service has beyond what the order comes to.
    """

    row: AnyRow
    wish: Wish
    reason: str = ""
    who: str = ""
    minor: int | None = None
    only_surplus: bool = False


def key_of(order_key: str, wish: str, number: int) -> str:
    """Return the key of a payment delivery: of order, action and attempt, the same in every copy."""
    order = hashlib.sha256(order_key.encode()).hexdigest()[:24]
    return f"tillbridge-{order}-{wish.replace(' ', '-')}-{number}"


def served(database: Connection, connection_ids: Collection[int]) -> set[int]:
    """Return those of the connections whose orders a payment service serves."""
    connections = tables.connections
    query = select(connections.c.id).where(
        among(database, connections.c.id, list(connection_ids)), connections.c.paid_by.is_not(None)
    )
    return set(database.execute(query).scalars())


def demand(database: Connection, wanted: Sequence[Demand], act: Act) -> list[str]:
    """Queue what is to be done with orders' money; return the deliveries' keys.

    Reservations are paid in the shop, and so are left out, like orders that no payment service serves. The
    orders' rows are locked by the caller, so that their deliveries are counted right.
    """
    paid = [one for one in wanted if one.row.kind != OrderKind.ROPIS]
    serving = served(database, {one.row.connection_id for one in paid}) if paid else set()
    paid = [one for one in paid if one.row.connection_id in serving]
    if not paid:
        return []
    counts = _counts(database, [one.row.id for one in paid])
    rows = []
    for one in paid:
        counts[one.row.id] = number = counts.get(one.row.id, 0) + 1
        delivery = new_delivery(one.row.id, Destination.PAYMENT, one.wish.value, _body(one), act)
        rows.append(delivery | {"key": key_of(one.row.order_key, one.wish, number)})
    database.execute(insert(tables.deliveries), rows)
    return [str(row["key"]) for row in rows]


def _counts(database: Connection, order_ids: Sequence[int]) -> dict[int, int]:
    """Return how many payment deliveries each order ever had."""
    table = tables.deliveries
    query = (
        select(table.c.order_id, func.count().label("many"))
        .where(among(database, table.c.order_id, order_ids), table.c.destination == Destination.PAYMENT)
        .group_by(table.c.order_id)
    )
    return {row.order_id: row.many for row in database.execute(query)}


def _body(one: Demand) -> dict[str, Any]:
    body: dict[str, Any] = {"reason": one.reason, "who": one.who}
    if one.minor is not None:
        body["minor"] = one.minor
    if one.only_surplus:
        body["only_surplus"] = True
    return body


def refunded_in_favour(database: Connection, order_id: int) -> int:
    """Return what staff had refunded beside what came back, and was done, in minor units."""
    return favours(database, [order_id])[order_id]


def favours(database: Connection, order_ids: Collection[int]) -> dict[int, int]:
    """Return what staff had refunded of orders beside what came back, and was done, by the orders' IDs."""
    table = tables.deliveries
    query = select(table.c.order_id, table.c.body).where(
        among(database, table.c.order_id, list(order_ids)),
        table.c.destination == Destination.PAYMENT,
        table.c.action == Wish.REFUND,
        table.c.state == DeliveryState.SENT,
    )
    found = dict.fromkeys(order_ids, 0)
    for row in database.execute(query):
        body = json.loads(row.body)
        if not body.get("only_surplus"):
            found[row.order_id] += int(body["minor"])
    return found
