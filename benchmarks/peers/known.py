"""The peers: what each is, what it does beside tillbridge, and how it is seen that it has brought all in."""

import json
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import goods


class Brought(NamedTuple):
    """How many orders, and how many pieces of goods in them."""

    orders: int
    pieces: int


@dataclass(frozen=True, kw_only=True)
class Peer:
    """One of them.

    Attributes:
        name: its module in `benchmarks.peers.measured`, its requirements and its environment.
        title: as the table has it.
        does: one sentence: what it does, and what of tillbridge's work it does not.
        orders: the query that counts its orders.
        pieces: queries that each count all pieces in them.
        at_most: how many orders it is given; None for all.
    """

    name: str
    title: str
    does: str
    orders: str
    pieces: Sequence[str]
    at_most: int | None = None

    def share(self, orders: int) -> int:
        """Return how many of so many orders it is given."""
        return orders if self.at_most is None else min(orders, self.at_most)


PEERS: Final = (
    Peer(
        name="dlt_rest",
        title="dlt, REST source",
        does=(
            "dlt copies every field of the orders into tables and child tables of SQLite, set up as it does "
            "itself; it looks up no product and no customer, sells nothing and moves no stock."
        ),
        orders="SELECT count(*) FROM orders",
        pieces=("SELECT sum(qty) FROM orders__order__cart__items",),
    ),
    Peer(
        name="singer",
        title="Singer SDK, tap and target",
        does=(
            "A tap and an SQL target of Singer's SDK check each order against a schema and write one row for "
            "it, its lines as JSON in one column, into SQLite as the SDK sets it up; they look up no product "
            "and no customer, sell nothing and move no stock, and are started for each sync, which is part "
            "of the time."
        ),
        orders="SELECT count(*) FROM orders",
        pieces=(
            "SELECT sum(json_extract(value, '$.qty')) FROM orders, json_each(orders.order__cart__items)",
        ),
    ),
    Peer(
        name="oscar",
        title="django-oscar, placing orders",
        does=(
            "django-oscar sells as its own checkout does, with a basket and `OrderCreator.place_order`: it "
            "finds product and customer by one exact key each, allocates stock and keeps order, lines and "
            "prices, in one transaction an order that is as durable as tillbridge's; it keeps no payload, no "
            "version and no evidence."
        ),
        orders="SELECT count(*) FROM order_order",
        pieces=(
            "SELECT sum(quantity) FROM order_line",
            "SELECT sum(num_allocated) FROM partner_stockrecord",
        ),
        at_most=300,
    ),
)


def wanted(orders: int, scale: goods.Scale) -> Brought:
    """Return what is in the webstore's first orders."""
    carts = (json.loads(goods.order(number, scale))["order"]["cart"] for number in range(orders))
    return Brought(orders, sum(item["qty"] for cart in carts for item in cart["items"]))


def check(peer: Peer, database: Path, wanted: Brought) -> None:
    """End the run if the peer's database has not every order and piece, once."""
    with closing(sqlite3.connect(database)) as connection:
        orders, *pieces = (
            int(connection.execute(query).fetchone()[0] or 0) for query in (peer.orders, *peer.pieces)
        )
    for found in pieces:
        if wanted != Brought(orders, found):
            sys.exit(
                f"{peer.title} was to bring in {wanted.orders} orders with {wanted.pieces} pieces, "
                f"and has {orders} orders with {found}."
            )
