"""What is agreed with a webstore, by its connection's settings as they are now: reservations only or not.

An order that comes in while that is so is refused in words (`tillbridge.settle.judge`). Those that were there
when it was set are looked up here: accepting one may charge its customer for what is agreed no more.
"""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, select

from tillbridge.connections import stored as connections
from tillbridge.context import Context
from tillbridge.db import tables, waiting
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import TillbridgeError
from tillbridge.model.orders import OrderKind
from tillbridge.model.reasons import ReasonCode
from tillbridge.model.status import Status


def left_from_before(context: Context) -> Sequence[AnyRow]:
    """Return the undecided orders that are no reservations where nothing else is agreed by now.

    Those that say so themselves, since they came later, are not among them. Rows have `id`, `number`,
    `connection` (its name), `connection_id`, `imported_at`.
    """
    if not any(one.reservations_only for one in context.plugins.providers.values()):
        return ()
    with context.database.read() as database:
        found = _others(database)
    if not found:
        return ()
    rows = {row.id: row for row in connections.rows(context)}
    some = {one.connection_id for one in found}
    limited = {number for number in some if only_reservations(context, rows[number])}
    return [one for one in found if one.connection_id in limited]


def only_reservations(context: Context, row: AnyRow) -> bool:
    """Whether a connection (a row) is for reservations only; one that cannot be opened says nothing."""
    provider = context.plugins.providers.get(row.provider)
    if provider is None or provider.reservations_only is None:
        return False
    try:
        secrets = context.secrets.open(row.secrets, owner=f"{row.provider}:{row.account_key}")
        settings = connections.read_settings(provider, json.loads(row.settings), secrets)
    except TillbridgeError:
        return False  # that it cannot be opened is a trouble of its own
    return provider.reservations_only(settings)


def is_not_agreed(context: Context, order_id: int) -> bool:
    """Whether an order is no reservation where nothing else is agreed: accepting it may charge a customer."""
    orders, table = tables.orders, tables.connections
    query = (
        select(orders.c.kind, orders.c.reasons, table)
        .join(table, table.c.id == orders.c.connection_id)
        .where(orders.c.id == order_id)
    )
    with context.database.read() as database:
        row = database.execute(query).first()
    if row is None:
        return False
    if any(one["code"] == ReasonCode.RESERVATIONS_ONLY for one in json.loads(row.reasons or "[]")):
        return True
    return row.kind not in (None, OrderKind.ROPIS) and only_reservations(context, row)


def _others(database: Connection) -> Sequence[AnyRow]:
    orders, table = tables.orders, tables.connections
    query = (
        select(
            orders.c.id,
            orders.c.number,
            orders.c.connection_id,
            orders.c.imported_at,
            table.c.name.label("connection"),
        )
        .join(table, table.c.id == orders.c.connection_id)
        .where(
            *waiting.TO_ANSWER,
            orders.c.kind != OrderKind.ROPIS,
            orders.c.status.is_not(None),
            orders.c.status != Status.PROCESS_SALE,  # it is judged in a moment, by the settings as they are
            ~orders.c.reasons.contains(f'"{ReasonCode.RESERVATIONS_ONLY}"'),
        )
    )
    return sorted(database.execute(query).all(), key=lambda row: row.id)
