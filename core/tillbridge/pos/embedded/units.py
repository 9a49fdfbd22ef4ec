"""What every statement of the embedded POS shares: units that repeat, and locks."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from tillbridge.db.database import Database
from tillbridge.db.many import InsertMany
from tillbridge.db.sets import among
from tillbridge.pos.embedded import tables

Result = TypeVar("Result")

_TRIES: Final = 4
_ORDERS: Final = InsertMany(tables.orders, ("order_key",), keys=("order_key",))


def repeated(database: Database, name: str, work: Callable[[Connection], Result]) -> Result:
    """Run `work` as one unit; again if a racing worker was first, whose answer is then found."""
    for _ in range(_TRIES - 1):
        try:
            return database.unit(name, work)
        except IntegrityError:
            continue
    return database.unit(name, work)


def lock_orders(database: Connection, order_keys: Iterable[str]) -> dict[str, bool]:
    """Lock orders, in key order; return for each whether its customer's update was applied already.

    Whoever holds an order's row is the only one who opens or changes a sale of it.
    """
    keys = sorted(set(order_keys))
    _ORDERS.run(database, [(key,) for key in keys])
    orders = tables.orders
    query = (
        select(orders.c.order_key, orders.c.customer_updated)
        .where(among(database, orders.c.order_key, keys))
        .order_by(orders.c.order_key)
        .with_for_update(key_share=True)
    )
    return {row.order_key: row.customer_updated for row in database.execute(query)}
