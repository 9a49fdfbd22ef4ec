"""All that the database holds of a shop's day, read from the tables themselves and not through the engine."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from tillbridge.db import tables
from tillbridge.pos.embedded import tables as pos

Rows = Sequence[Any]
OPEN = ("waiting", "retry", "claimed")
_NO_CONTENT = ("updated_at", "revision", "webstore_status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Rows as they stand; `orders` and `sales` by their IDs, `contents` by (order, version)."""

    orders: Mapping[int, Any]
    contents: Mapping[tuple[int, int], dict[str, Any]]
    seen: Mapping[tuple[int, int], Any]
    attempts: Rows
    deliveries: Rows
    queue: frozenset[str]
    contacts: Rows
    entries: Mapping[int, Counter[str]]
    sales: Mapping[int, Any]
    items: Rows
    payments: Rows
    changes: Mapping[str, str | None]
    stock: Mapping[int, int]
    moved: Mapping[int, int]
    returned: Mapping[int, int]
    web_back: Mapping[int, int]
    merged: Mapping[int, int]
    merges: Rows
    own_links: frozenset[tuple[int, str]]
    customer_links: frozenset[str]
    listing_links: frozenset[str]
    known_by: Mapping[str, frozenset[int]]

    def moving(self) -> object:
        """Return what changes until everything has come to its end."""
        states = [(row.id, row.status, row.version, row.sale_state) for row in self.orders.values()]
        open_ones = [(row.id, row.state, row.not_before) for row in self.deliveries]
        return states, open_ones, self.queue, [(row.order_id, row.state) for row in self.attempts]

    def newest(self, order_id: int) -> dict[str, Any] | None:
        """Return what the webstore says of an order now, as far as it was readable."""
        return self.contents.get((order_id, self.orders[order_id].version))

    def sold(self, order_id: int) -> dict[str, Any] | None:
        """Return what the order's standing sale was made of."""
        row = self.orders[order_id]
        for one in self.attempts:
            if (one.order_id, one.number) == (order_id, row.sold_attempt):
                return self.contents.get((order_id, one.version))
        return None

    def rejected_lines(self, order_id: int) -> frozenset[str]:
        """Return the lines of an order that staff rejected by themselves."""
        said = json.loads(self.orders[order_id].line_states)
        return frozenset(line for line, state in said.items() if state == "rejected")

    def waiting_for(self, destination: str) -> set[int]:
        """Return the orders of which something waits to be delivered there."""
        waiting = (one for one in self.deliveries if one.state in OPEN)
        return {one.order_id for one in waiting if one.destination == destination}

    def living(self, order_key: str) -> list[Any]:
        """Return the sales of an order that are not void."""
        return [row for row in self.sales.values() if row.order_key == order_key and row.state != "void"]

    def there(self, sale_id: int) -> list[Any]:
        """Return a sale's items that are not removed."""
        return [row for row in self.items if row.sale_id == sale_id and row.removed_at is None]


def read_books(database: Connection) -> Books:
    """Read everything, as it is at one moment."""

    def rows(table: Any, *where: Any) -> Rows:
        return database.execute(select(table).where(*where).order_by(*table.primary_key)).all()

    versions, payloads = rows(tables.versions), tables.payloads
    waiting = select(payloads.c.webstore_id).where(~payloads.c.handled)
    moves = pos.stock_movements
    moved = select(moves.c.product_id, func.sum(moves.c.quantity_e4)).group_by(moves.c.product_id)
    return Books(
        orders={row.id: row for row in rows(tables.orders)},
        contents={(row.order_id, row.number): _content(row.document) for row in versions},
        seen={(row.order_id, row.number): row.seen_at for row in versions},
        attempts=rows(tables.attempts),
        deliveries=rows(tables.deliveries),
        queue=frozenset(database.execute(waiting).scalars()),
        contacts=rows(tables.contacts),
        entries=_entries(database),
        sales={row.id: row for row in rows(pos.sales)},
        items=rows(pos.sale_items),
        payments=rows(pos.sale_payments),
        changes={row.key: row.en for row in rows(pos.changes)},
        stock=_summed((row.product_id, row.on_hand_e4) for row in rows(pos.stock)),
        moved=_pairs(database, moved),
        returned=_returned(database),
        web_back=_web_back(database),
        merged={row.id: row.merged_into for row in rows(pos.products) if row.merged_into},
        merges=rows(pos.merges),
        own_links=frozenset((row.order_id, row.line_id) for row in rows(tables.order_links)),
        customer_links=frozenset(row.web_customer_id for row in rows(tables.customer_links)),
        listing_links=frozenset(row.item_id for row in rows(tables.listings) if row.product_id),
        known_by=_gathered(
            (row.value, row.product_id) for row in rows(pos.identifiers) if row.kind == "gtin"
        ),
    )


def _content(document: str) -> dict[str, Any]:
    known: dict[str, Any] = json.loads(document)
    return {name: value for name, value in known.items() if name not in _NO_CONTENT}


def _pairs(database: Connection, query: Any) -> Mapping[int, int]:
    return dict(iter(database.execute(query)))


def _entries(database: Connection) -> Mapping[int, Counter[str]]:
    """Return how often what stands in each order's timeline."""
    found: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for order_id, what in database.execute(select(tables.timeline.c.order_id, tables.timeline.c.what)):
        found[order_id][what] += 1
    return dict(found)


def _gathered(pairs: Any) -> Mapping[Any, frozenset[Any]]:
    found: dict[Any, set[Any]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}


def _summed(pairs: Any) -> Mapping[int, int]:
    sums: Counter[int] = Counter()
    for product, pieces in pairs:
        sums[product] += pieces
    return sums


def _web_back(database: Connection) -> Mapping[int, int]:
    """Return for each sale what the webstore has to give back for goods that came back."""
    returns, refunds = pos.returns, pos.return_refunds
    query = (
        select(returns.c.sale_id, func.sum(refunds.c.amount_minor))
        .join(returns, returns.c.id == refunds.c.return_id)
        .where(refunds.c.kind == "ecommerce")
        .group_by(returns.c.sale_id)
    )
    return _pairs(database, query)


def _returned(database: Connection) -> Mapping[int, int]:
    """Return how much of each product came back to the stock from finished sales."""
    returns, back, items = pos.returns, pos.return_items, pos.sale_items
    query = (
        select(items.c.product_id, back.c.quantity_e4)
        .join(returns, returns.c.id == back.c.return_id)
        .join(items, (items.c.sale_id == returns.c.sale_id) & (items.c.position == back.c.position))
        .where(back.c.to_stock)
    )
    sums: dict[int, int] = defaultdict(int)
    for product, pieces in database.execute(query):
        sums[product] += pieces
    return sums
