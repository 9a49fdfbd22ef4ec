"""What every statement of the embedded POS shares: units that repeat, blocks of IDs, lists in pieces."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import IntegrityError

from tillbridge.db.database import Database
from tillbridge.db.pieces import pieces
from tillbridge.db.upsert import upsert
from tillbridge.pos.embedded import tables

Result = TypeVar("Result")

_TRIES: Final = 4


def repeated(database: Database, name: str, work: Callable[[Connection], Result]) -> Result:
    """Run `work` as one unit; again if a racing worker was first, whose answer is then found."""
    for _ in range(_TRIES - 1):
        try:
            return database.unit(name, work)
        except IntegrityError:
            continue
    return database.unit(name, work)


def allot(database: Connection, table: Table, count: int) -> Sequence[int]:
    """Return `count` IDs for new rows of `table` that no other writer gets, smallest first."""
    if not count:
        return ()
    if database.dialect.name == "sqlite":  # the only writer, and no row of these tables is ever deleted
        last = database.execute(select(func.max(table.c.id))).scalar() or 0
        return range(last + 1, last + 1 + count)
    sequence = func.pg_get_serial_sequence(table.name, "id")
    series = func.generate_series(1, count).table_valued("n")
    return sorted(database.execute(select(func.nextval(sequence)).select_from(series)).scalars())


def lock_orders(database: Connection, order_keys: Iterable[str]) -> dict[str, bool]:
    """Lock orders, in key order; return for each whether its customer's update was applied already.

    Whoever holds an order's row is the only one who opens or changes a sale of it.
    """
    keys = sorted(set(order_keys))
    orders = tables.orders
    upsert(database, orders, [{"order_key": key} for key in keys], keys=("order_key",), keep_old=True)
    locked: dict[str, bool] = {}
    for piece in pieces(keys):
        query = (
            select(orders.c.order_key, orders.c.customer_updated)
            .where(orders.c.order_key.in_(piece))
            .order_by(orders.c.order_key)
            .with_for_update(key_share=True)
        )
        locked |= {row.order_key: row.customer_updated for row in database.execute(query)}
    return locked
