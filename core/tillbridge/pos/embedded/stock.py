"""Moves stock: the ledger and what is on hand, together, and in an order in which no two writers deadlock."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from tillbridge.db.many import InsertMany
from tillbridge.db.sets import among
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.shelf import mark_shelf

_STOCK: Final = InsertMany(
    tables.stock,
    ("store", "product_id", "on_hand_e4"),
    keys=("store", "product_id"),
    then="on_hand_e4 = pos_stock.on_hand_e4 + excluded.on_hand_e4",
)
_MOVEMENTS: Final = InsertMany(
    tables.stock_movements, ("store", "product_id", "quantity_e4", "reason", "sale_id", "at")
)


class MoveReason(StrEnum):
    """Why stock moved."""

    OPENING = "opening"
    SALE = "sale"
    REMOVED = "removed"  # items taken off a sale
    VOIDED = "voided"  # a sale made void
    RETURNED = "returned"  # goods of a finished sale that came back
    MERGED = "merged"  # from a product to the one that it turned out to be, or back
    COUNTED = "counted"  # by hand: there were more or fewer than the ledger said


class Move(NamedTuple):
    """Pieces of one product that come into a store (above zero) or leave it (below).

    Attributes:
        store: its code.
        product: the product's number.
        quantity_e4: in ten-thousandths.
        reason: why.
        sale: the sale's number, if it is a sale's.
    """

    store: str
    product: int
    quantity_e4: int
    reason: MoveReason
    sale: int | None = None


def move_stock(database: Connection, moves: Sequence[Move], at: datetime) -> None:
    """Write the movements and bring on-hand up to date; it may go below zero (MISSION S30).

    What is said of a merged product is the stock of the one that it was merged into.
    """
    if not moves:
        return
    living = _living(database, {move.product for move in moves})
    moves = [move._replace(product=living.get(move.product, move.product)) for move in moves]
    sums: Counter[tuple[str, int]] = Counter()
    for move in moves:
        sums[move.store, move.product] += move.quantity_e4
    add_on_hand(database, sums)
    _MOVEMENTS.run(
        database,
        [(move.store, move.product, move.quantity_e4, move.reason.value, move.sale, at) for move in moves],
    )


def add_on_hand(database: Connection, pieces_e4: Mapping[tuple[str, int], int]) -> None:
    """Add to what is on hand, by store and product; the caller writes the movements."""
    mark_shelf(database, {product for _, product in pieces_e4})
    _STOCK.run(database, [(*key, pieces_e4[key]) for key in sorted(pieces_e4)])


def _living(database: Connection, numbers: Collection[int]) -> dict[int, int]:
    """Return into which product each of these was merged, for those that were.

    The products are locked against being merged until the end of the transaction.
    """
    products = tables.products
    query = (
        select(products.c.id, products.c.merged_into)
        .where(among(database, products.c.id, sorted(numbers)))
        .order_by(products.c.id)
        .with_for_update(read=True, key_share=True)
    )
    return {row.id: row.merged_into for row in database.execute(query) if row.merged_into}
