"""Whether shop, Locally and the day's own books agree: read from the tables, and from what Locally shows."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, func, select

from life.books import Book
from life.day import BUFFER, Day
from life.shoppers import GOODS, STORES
from tillbridge.db import export_tables, payment_tables, tables, webhook_tables
from tillbridge.pos.embedded import tables as pos

_PIECE: Final = 10_000
_OPEN: Final = ("waiting", "retry", "claimed")


@dataclass(slots=True)
class _Shop:
    """The shop's tables.

    Attributes:
        orders: by Locally's hash.
        sales: those that are not void, by order key.
        items: by sale, the pieces of each product that are there.
        paid: by sale, what was paid by the webstore and at the counter.
        records: by order, what is recorded of Locally's money: held still, charged, refunded.
        stock: pieces by store and product; `ledger` is the sum of its movements.
        aside: orders of which something was set aside, with its words.
        undone: what is still to be done.
    """

    orders: Mapping[str, Any]
    sales: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    items: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    paid: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    records: dict[str, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    stock: dict[tuple[str, str], int] = field(default_factory=dict)
    ledger: dict[tuple[str, str], int] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)


def disagreements(day: Day) -> list[str]:
    """Return everything that is not as the books say."""
    day.look()
    with day.engine.context.database.read() as database:
        shop = _read(database)
    found = [*shop.aside, *shop.undone]
    if lost := day.books.keys() ^ shop.orders.keys():
        found.append(f"the shop and the books differ: {lost}")
    if lost := day.books.keys() ^ day.locally.keys():
        found.append(f"Locally and the books differ: {lost}")
    for name, book in day.books.items():
        if name in shop.orders and name in day.locally:
            found += [f"{name} ({book.fate}): {fault}" for fault in _faults(day, book, shop)]
    return [*found, *_stock(day, shop), *_feed(day)]


def _faults(day: Day, book: Book, shop: _Shop) -> Iterator[str]:
    yield from _of_shop(day, book, shop)
    yield from _of_sale(book, shop)
    yield from _of_locally(book, day.locally[book.hash])
    yield from _of_money(book, day.locally[book.hash], shop)


def _of_shop(day: Day, book: Book, shop: _Shop) -> Iterator[str]:
    row, view = shop.orders[book.hash], day.views[book.hash]
    known = (row.status, row.decision, row.store, row.kind, row.resolution)
    kind = "bopis" if book.paid else "ropis"
    wanted = (book.status, book.decision, book.store, kind, None if book.paid else book.ended)
    if known != wanted:
        yield f"in the shop {known} instead of {wanted}"
    lines = {one.line_id: one.state.value for one in view.lines}
    for item in book.standing:
        if lines.get(item.id) != item.in_shop:
            yield f"item {item.id} is {lines.get(item.id)} in the shop instead of {item.in_shop}"
    if view.changed_after_sale and book.cart not in ("picked_up", "not_picked_up"):
        yield "changed after its sale"


def _of_sale(book: Book, shop: _Shop) -> Iterator[str]:
    sales = shop.sales[shop.orders[book.hash].order_key]
    states = [sale.state for sale in sales]
    if states != ([] if book.sale == "none" else [book.sale]):
        yield f"its sales are {states} instead of {book.sale}"
        return
    for sale in sales:
        if shop.items[sale.id] != book.in_sale:
            yield f"its sale holds {dict(shop.items[sale.id])} instead of {dict(book.in_sale)}"
        web = book.total if book.paid and book.sale == "finished" else 0
        paid = shop.paid[sale.id]
        if (paid["web"], paid["here"]) != (web, book.here):
            yield f"its sale is paid with {dict(paid)} instead of {web} and {book.here}"


def _of_locally(book: Book, known: Mapping[str, Any]) -> Iterator[str]:
    if known["status"] != book.cart_status:
        yield f"Locally calls it {known['status']} instead of {book.cart_status}"
    for item, theirs in zip(book.items, known["order"]["cart"]["items"], strict=True):
        ready = "confirmed" if book.raced and book.cart and item.at_locally == "ready" else ""
        if theirs["status"] not in (item.at_locally, ready) or theirs["qty"] != item.qty:
            yield f"item {item.id} is {theirs['qty']} {theirs['status']} at Locally, not {item}"
    money = {name: int(amount) for name, amount in known["money"].items()}
    wanted = book.money._asdict()
    if book.raced:
        money, wanted = (
            {"held": one["held"], "kept": one["charged"] - one["refunded"]} for one in (money, wanted)
        )
    if money != wanted:
        yield f"its money is {money} instead of {wanted}"
    ended = known["order"]["cart"].get("resolution")
    if ended != book.ended:
        yield f"it ended as {ended} at Locally instead of {book.ended}"


def _of_money(book: Book, known: Mapping[str, Any], shop: _Shop) -> Iterator[str]:
    """What the shop has recorded of a paid order's money is what Locally did with it."""
    theirs = tuple(int(known["money"][name]) for name in ("held", "charged", "refunded"))
    recorded = shop.records[book.hash]
    if recorded != ([theirs] if book.paid else []):
        yield f"recorded of its money is {recorded}, and at Locally it is {theirs}"


def _stock(day: Day, shop: _Shop) -> Iterator[str]:
    """What is there is what was there, less what stands in sales."""
    sold: Counter[tuple[str, str]] = Counter()
    for book in day.books.values():
        sold.update({(book.store, product): pieces for product, pieces in book.in_sale.items()})
    for one in GOODS:
        for store in STORES.values():
            place = (store, day.products[one.upc])
            wanted = one.pieces - sold[place]
            if (shop.stock[place], shop.ledger[place]) != (wanted, wanted):
                yield f"{place}: {shop.stock[place]}, ledger {shop.ledger[place]}, instead of {wanted}"


def _feed(day: Day) -> Iterator[str]:
    """What Locally was fed is what is there, less what waits and what is kept back."""
    spoken: Counter[tuple[str, str]] = Counter()
    for book in day.books.values():
        held = book.in_sale + book.waiting
        spoken.update({(book.store, product): pieces for product, pieces in held.items()})
    fed = day.sandbox.feeds()
    yield from (f"feed {name}: {why}" for name, why in fed["problems"].items())
    for number, store in STORES.items():
        items = {upc: (one["qty"], one["price"]) for upc, one in fed["stores"][number]["items"].items()}
        wanted = {
            one.upc: (max(0, one.pieces - spoken[store, day.products[one.upc]] - BUFFER), str(one.price))
            for one in GOODS
        }
        if items != wanted:
            yield f"store {number} was fed {items} instead of {wanted}"


def _read(database: Connection) -> _Shop:
    shop = _Shop(orders={row.webstore_id: row for row in database.execute(select(tables.orders))})
    for row in database.execute(
        select(pos.sales).where(pos.sales.c.state != "void").order_by(pos.sales.c.id)
    ):
        shop.sales[row.order_key].append(row)
    for row in database.execute(select(pos.sale_items).where(pos.sale_items.c.removed_at.is_(None))):
        shop.items[row.sale_id][f"P{row.product_id}"] += row.quantity_e4 // _PIECE
    for row in database.execute(select(pos.sale_payments)):
        where = "web" if row.kind == "ecommerce" else "here"
        shop.paid[row.sale_id][where] += row.amount_minor
    names = {row.id: name for name, row in shop.orders.items()}
    for row in database.execute(select(payment_tables.web_payments)):
        held = row.authorised_minor if row.state == "held" else 0
        shop.records[names[row.order_id]].append((held, row.captured_minor, row.refunded_minor))
    for row in database.execute(select(pos.stock)):
        shop.stock[row.store, f"P{row.product_id}"] = row.on_hand_e4 // _PIECE
    moves = pos.stock_movements
    moved = select(moves.c.store, moves.c.product_id, func.sum(moves.c.quantity_e4).label("pieces"))
    for row in database.execute(moved.group_by(moves.c.store, moves.c.product_id)):
        shop.ledger[row.store, f"P{row.product_id}"] = int(row.pieces) // _PIECE
    _undone(database, shop)
    return shop


def _undone(database: Connection, shop: _Shop) -> None:
    names = {row.id: name for name, row in shop.orders.items()}
    for row in database.execute(select(tables.deliveries)):
        if row.state == "set_aside":
            shop.aside.append(f"{names[row.order_id]}: {row.action} was set aside: {row.answer_en}")
        elif row.state in _OPEN:
            shop.undone.append(f"{names[row.order_id]}: {row.action} to {row.destination} is {row.state}")
    for name, row in shop.orders.items():
        if row.closing or row.status in (None, "Process Sale"):
            shop.undone.append(
                f"{name} stays {row.status}, closing {row.closing and json.loads(row.closing)}"
            )
    waits = {
        "payload": select(tables.payloads.c.webstore_id).where(~tables.payloads.c.handled),
        "attempt": select(tables.attempts.c.order_id).where(tables.attempts.c.state == "unanswered"),
        "webhook": select(webhook_tables.wanted.c.webstore_id),
        "offer": select(export_tables.export_items.c.product_id).where(
            export_tables.export_items.c.retry_at.is_not(None)
        ),
        "trouble": select(tables.troubles.c.activity),
    }
    for what, query in waits.items():
        shop.undone += [f"{what} {one} waits" for one in database.execute(query).scalars()]
