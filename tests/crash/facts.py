"""What there is at the end: read from the tables themselves, not through what is being tested."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Column, func, make_url, select

from crash.story import NOTE
from tillbridge.db import tables
from tillbridge.db.database import Database
from tillbridge.db.metadata import metadata
from tillbridge.db.states import OPEN_DELIVERIES, AttemptState, DeliveryState
from tillbridge.db.types import UtcDateTime
from tillbridge.pos.contract import SaleState
from tillbridge.pos.embedded import tables as pos

_BY_CHANCE = {"deliveries.key", "deliveries.act", "deliveries.worker", "orders.undo", "pos_changes.key"}
_ANY = ("orders.closing",)  # of these only whether there is one: an act's number is in it


class OrderFacts(NamedTuple):
    """One web order, and the sales that the POS has for it."""

    status: str | None
    decision: str | None
    standing: str | None
    sales: tuple[tuple[str, tuple[tuple[int | None, Decimal], ...]], ...]
    """Each sale's state, and whether it is kept open; its products with their quantities. Void ones too."""
    payments: tuple[tuple[str, int], ...] = ()
    """What was paid for all of them, in its sequence: how, and how much."""
    notes: int = 0
    """How often the story's note stands on those that are not void."""


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


def gave_way(url: str) -> frozenset[str]:
    """Return the orders whose acceptance was tried, and left out for what was decided after it."""
    database, sent, orders = Database(url), tables.deliveries, tables.orders
    query = (
        select(orders.c.webstore_id)
        .join(sent, sent.c.order_id == orders.c.id)
        .where(
            sent.c.action == "accepted",
            sent.c.state == DeliveryState.SUPERSEDED,
            sent.c.first_sent_at.is_not(None),
        )
    )
    try:
        with database.read() as connection:
            return frozenset(connection.execute(query).scalars())
    finally:
        database.close()


def fingerprint(url: str) -> int:
    """Return a number for all that an SQLite file holds, but for what chance and the clock have in it.

    Of a time, and of what holds something of chance, it counts only whether there is one.
    """
    held = []
    # By the driver itself: it is asked for at every point of the days.
    with closing(sqlite3.connect(make_url(url).database or "")) as connection:
        for table in metadata.sorted_tables:
            kept = [column for column in table.c if f"{table.name}.{column.name}" not in _BY_CHANCE]
            rows = connection.execute(f"SELECT {', '.join(map(_column, kept))} FROM {table.name}")
            held.append((table.name, sorted(map(repr, rows))))
    return hash(repr(held))


def _column(column: Column[Any]) -> str:
    only_whether = isinstance(column.type, UtcDateTime) or f"{column.table}.{column.name}" in _ANY
    return f'"{column.name}" IS NOT NULL' if only_whether else f'"{column.name}"'


def _orders(connection: Any) -> dict[str, OrderFacts]:
    sales: dict[str, list[Any]] = {}
    payments = _payments(connection)
    for sale in connection.execute(select(pos.sales).order_by(pos.sales.c.id)):
        items = connection.execute(
            select(pos.sale_items.c.product_id, pos.sale_items.c.quantity_e4)
            .where(pos.sale_items.c.sale_id == sale.id)
            .order_by(pos.sale_items.c.position)
        )
        goods = tuple((item.product_id, Decimal(item.quantity_e4) / 10_000) for item in items)
        kept = ", kept" if sale.kept_open is not None else ""
        sales.setdefault(sale.order_key, []).append((f"{sale.state}{kept}", goods))
    notes = _notes(connection)
    found: dict[str, OrderFacts] = {}
    for row in connection.execute(select(tables.orders).order_by(tables.orders.c.id)):
        assert row.webstore_id not in found, f"two orders {row.webstore_id}"
        theirs = tuple(sales.pop(row.order_key, ()))
        paid = tuple(payments.get(row.order_key, ()))
        found[row.webstore_id] = OrderFacts(
            row.status, row.decision, row.standing, theirs, paid, notes[row.order_key]
        )
    assert not sales, f"sales of no order: {sales}"
    return found


def _notes(connection: Any) -> Counter[str]:
    sales, comments = pos.sales, pos.sale_comments
    query = select(sales.c.order_key).join(comments, comments.c.sale_id == sales.c.id)
    query = query.where(sales.c.state != SaleState.VOID, comments.c.text == NOTE)
    return Counter(connection.execute(query).scalars())


def _payments(connection: Any) -> dict[str, list[tuple[str, int]]]:
    sales, payments = pos.sales, pos.sale_payments
    query = select(sales.c.order_key, payments.c.kind, payments.c.amount_minor)
    found: dict[str, list[tuple[str, int]]] = {}
    for row in connection.execute(
        query.join(payments, payments.c.sale_id == sales.c.id).order_by(payments.c.id)
    ):
        found.setdefault(row.order_key, []).append((row.kind, row.amount_minor))
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
    closing = tables.orders.c.closing.is_not(None)
    queries = {
        "not completed": select(tables.orders.c.webstore_id).where(closing),
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
