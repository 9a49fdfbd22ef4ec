"""Moves stock: the ledger and what is on hand, together, and in an order in which no two writers deadlock."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.dialects import postgresql, sqlite

from tillbridge.pos.embedded import tables


class MoveReason(StrEnum):
    """Why stock moved."""

    OPENING = "opening"
    SALE = "sale"
    REMOVED = "removed"  # items taken off a sale
    VOIDED = "voided"  # a sale made void


@dataclass(frozen=True, slots=True)
class Move:
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
    """Write the movements and bring on-hand up to date; it may go below zero (MISSION S30)."""
    if not moves:
        return
    sums: Counter[tuple[str, int]] = Counter()
    for move in moves:
        sums[move.store, move.product] += move.quantity_e4
    database.execute(
        _adding(database),
        [
            {"store": store, "product_id": product, "on_hand_e4": sums[store, product]}
            for store, product in sorted(sums)
        ],
    )
    database.execute(
        insert(tables.stock_movements),
        [
            {
                "store": move.store,
                "product_id": move.product,
                "quantity_e4": move.quantity_e4,
                "reason": move.reason,
                "sale_id": move.sale,
                "at": at,
            }
            for move in moves
        ],
    )


def _adding(database: Connection) -> Any:
    stock = tables.stock
    statement: Any = (sqlite if database.dialect.name == "sqlite" else postgresql).insert(stock)
    return statement.on_conflict_do_update(
        index_elements=[stock.c.store, stock.c.product_id],
        set_={"on_hand_e4": stock.c.on_hand_e4 + statement.excluded.on_hand_e4},
    )
