"""What there is at the end: read from the tables themselves, not through what is being tested."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, select

from tillbridge.db import tables
from tillbridge.db.database import Database
from tillbridge.db.metadata import metadata
from tillbridge.db.states import OPEN_DELIVERIES, AttemptState, DeliveryState
from tillbridge.pos.contract import SaleState
from tillbridge.pos.embedded import tables as pos

_BY_CHANCE = {"deliveries.key", "deliveries.act", "deliveries.worker", "orders.undo", "pos_changes.key"}


class OrderFacts(NamedTuple):
    """One web order, and the sales that the POS has for it."""

    status: str | None
    decision: str | None
    standing: str | None
    sales: tuple[tuple[str, tuple[tuple[int | None, Decimal], ...]], ...]
    """Each sale's state, and its products with their quantities; void ones among them."""


class Facts(NamedTuple):
    """All that must come out alike, whatever was killed."""

    orders: Mapping[str, OrderFacts]
    stock: Mapping[int, Decimal]
    loose: tuple[str, ...]
    """What must not be: everything in it is a fault."""


def gather(url: str) -> Facts:
    """Read a database's facts."""
    database = Database(url)
    try:
        with database.read() as connection:
            orders = _orders(connection)
            return Facts(orders, _stock(connection), tuple(_loose(connection)))
    finally:
        database.close()


def fingerprint(url: str) -> int:
    """Return a number for all that a database holds, but for what chance and the clock have in it.

    Of a time it counts only whether there is one.
    """
    database = Database(url)
    held = []
    try:
        with database.read() as connection:
            for table in metadata.sorted_tables:
                columns = [column for column in table.c if f"{table.name}.{column.name}" not in _BY_CHANCE]
                rows = connection.execute(select(*columns)).all()
                held.append((table.name, sorted(repr([_timeless(value) for value in row]) for row in rows)))
    finally:
        database.close()
    return hash(repr(held))


def _timeless(value: object) -> object:
    return isinstance(value, datetime) or value


def _orders(connection: Any) -> dict[str, OrderFacts]:
    sales: dict[str, list[Any]] = {}
    for sale in connection.execute(select(pos.sales).order_by(pos.sales.c.id)):
        items = connection.execute(
            select(pos.sale_items.c.product_id, pos.sale_items.c.quantity_e4)
            .where(pos.sale_items.c.sale_id == sale.id)
            .order_by(pos.sale_items.c.position)
        )
        goods = tuple((item.product_id, Decimal(item.quantity_e4) / 10_000) for item in items)
        sales.setdefault(sale.order_key, []).append((sale.state, goods))
    found: dict[str, OrderFacts] = {}
    for row in connection.execute(select(tables.orders).order_by(tables.orders.c.id)):
        assert row.webstore_id not in found, f"two orders {row.webstore_id}"
        theirs = tuple(sales.pop(row.order_key, ()))
        found[row.webstore_id] = OrderFacts(row.status, row.decision, row.standing, theirs)
    assert not sales, f"sales of no order: {sales}"
    return found


def _stock(connection: Any) -> dict[int, Decimal]:
    rows = connection.execute(select(pos.stock.c.product_id, pos.stock.c.on_hand_e4))
    return {row.product_id: Decimal(row.on_hand_e4) / 10_000 for row in rows}


def _loose(connection: Any) -> Iterator[str]:
    yield from _undone(connection)
    sales = pos.sales
    live = connection.execute(select(sales.c.order_key).where(sales.c.state != SaleState.VOID)).scalars()
    yield from (f"{count} live sales of {key}" for key, count in Counter(live).items() if count > 1)
    yield from _uneven(connection)


def _undone(connection: Any) -> Iterator[str]:
    payloads, attempts, deliveries = tables.payloads, tables.attempts, tables.deliveries
    undelivered = (*OPEN_DELIVERIES, DeliveryState.SET_ASIDE)
    unanswered = attempts.c.state == AttemptState.UNANSWERED
    queries = {
        "payload unhandled": select(payloads.c.webstore_id).where(~payloads.c.handled),
        "attempt unanswered": select(attempts.c.order_id).where(unanswered),
        "undelivered": select(deliveries.c.action).where(deliveries.c.state.in_(undelivered)),
    }
    for what, query in queries.items():
        yield from (f"{what}: {one}" for one in connection.execute(query).scalars())


def _uneven(connection: Any) -> Iterator[str]:
    """Yield the products whose stock is not what was there at first less what the live sales hold."""
    sales, items, moves = pos.sales, pos.sale_items, pos.stock_movements
    moved = select(moves.c.product_id, func.sum(moves.c.quantity_e4)).group_by(moves.c.product_id)
    sold = (
        select(items.c.product_id, func.sum(items.c.quantity_e4))
        .join(sales, sales.c.id == items.c.sale_id)
        .where(sales.c.state.in_((SaleState.OPEN, SaleState.FINISHED)), items.c.removed_at.is_(None))
        .group_by(items.c.product_id)
    )
    ledger, first, gone = (
        dict(connection.execute(query).all())
        for query in (moved, moved.where(moves.c.sale_id.is_(None)), sold)
    )
    for product, on_hand in connection.execute(select(pos.stock.c.product_id, pos.stock.c.on_hand_e4)):
        if ledger[product] != on_hand:
            yield f"product {product}: the ledger says {ledger[product]}, on hand is {on_hand}"
        if first[product] - gone.get(product, 0) != on_hand:
            yield f"product {product}: {first[product]} less {gone.get(product)} sold is not {on_hand}"
