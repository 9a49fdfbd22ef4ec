"""Counts stock by hand: what is really there takes the place of what the ledger says, signed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, insert, select

from tillbridge.model.errors import InputError, NotFound
from tillbridge.model.words import Words
from tillbridge.pos.embedded import tables
from tillbridge.pos.embedded.numbers import Letter, from_e4, number_of, to_e4
from tillbridge.pos.embedded.stock import MoveReason, add_on_hand


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCount:
    """What somebody counted.

    Attributes:
        product_id: the product.
        store: its code.
        pieces: what is there.
        who: the member of staff.
        reason: why it was counted; stands in the ledger.
    """

    product_id: str
    store: str
    pieces: Decimal
    who: str
    reason: str = ""


def count_stock(database: Connection, count: StockCount, at: datetime) -> Decimal:
    """Bring a product's stock to what was counted; return what it was before.

    Raises:
        InputError: the count is below zero or has too many places.
        NotFound: there is no such product or store.
    """
    pieces = to_e4(count.pieces)
    if pieces is None or pieces < 0:
        raise InputError(
            Words(f"Nobody can count {count.pieces} pieces.", f"{count.pieces}개는 셀 수 없는 수량입니다.")
        )
    number = _product(database, count)
    # Adding nothing locks the row, or makes it: no sale moves this stock until the count is written.
    add_on_hand(database, {(count.store, number): 0})
    stock = tables.stock
    mine = (stock.c.store == count.store, stock.c.product_id == number)
    before = int(database.execute(select(stock.c.on_hand_e4).where(*mine)).scalar_one())
    if pieces != before:
        add_on_hand(database, {(count.store, number): pieces - before})
        row = {
            "store": count.store,
            "product_id": number,
            "quantity_e4": pieces - before,
            "reason": MoveReason.COUNTED.value,
            "who": count.who,
            "note": count.reason,
            "at": at,
        }
        database.execute(insert(tables.stock_movements).values(row))
    return from_e4(before)


def _product(database: Connection, count: StockCount) -> int:
    products, stores = tables.products, tables.stores
    number = number_of(Letter.PRODUCT, count.product_id)
    query = select(products.c.merged_into).where(products.c.id == number)
    known = database.execute(query).first()
    if number is None or known is None:
        raise NotFound(
            Words(f"There is no product {count.product_id!r}.", f"{count.product_id!r} 제품이 없습니다.")
        )
    if database.execute(select(stores.c.code).where(stores.c.code == count.store)).first() is None:
        raise NotFound(Words(f"There is no store {count.store!r}.", f"{count.store!r} 매장이 없습니다."))
    return known.merged_into or number
