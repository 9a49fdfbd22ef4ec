"""What webhooks of a payment service named: each payment is read, and finds its order or is parked.

An order that comes later has its payments read anyway: what is parked only makes sooner what happens by
itself.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, or_, select

from tillbridge.connections import OpenConnection
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.payment_tables import web_payments
from tillbridge.db.sets import among
from tillbridge.db.types import AnyRow
from tillbridge.model.errors import Rejected
from tillbridge.model.payments import WebPayment
from tillbridge.model.words import Words
from tillbridge.payments.known import ask_to_look
from tillbridge.provider import Capability

_NO_ORDER = Words("Its order has not come yet.", "해당 주문이 아직 들어오지 않았습니다.")


def names_payments(connection: OpenConnection) -> bool:
    """Say whether a connection's webhooks name payments, and no orders."""
    found = connection.provider.capabilities
    return Capability.PAYMENT_ACTS in found and Capability.ORDERS not in found


def hear(context: Context, service: OpenConnection, payment_id: str) -> None:
    """Let the order of a payment be looked at, which a webhook named.

    Raises:
        Rejected: its order has not come yet.
        ProviderError, PluginError: of the service.
    """
    with context.database.read() as database:
        found = _known(database, service.id, payment_id)
    if not found:
        payment = context.plugins.payments.fetch(service.provider.name, service.guest, payment_id)
        with context.database.read() as database:
            found = _named(database, service.id, payment)
    if not found:
        raise Rejected(_NO_ORDER)
    now = context.clock.now()
    context.database.unit("payment heard", lambda database: ask_to_look(database, dict.fromkeys(found, now)))


def _known(database: Connection, service_id: int, payment_id: str) -> Sequence[int]:
    query = select(web_payments.c.order_id).where(
        web_payments.c.service_id == service_id, web_payments.c.payment_id == payment_id
    )
    return list(database.execute(query).scalars())


def _named(database: Connection, service_id: int, payment: WebPayment) -> Sequence[int]:
    """Return the order that a payment says it is for, of the connections that its service serves."""
    if not payment.order_id:
        return []
    return [row.id for row in orders_named(database, service_id, [payment.order_id]).values()]


def orders_named(database: Connection, service_id: int, names: Collection[str]) -> dict[str, AnyRow]:
    """Return the orders that payments say they are for, by what they say: an order's ID or its number.

    What two orders are called is left out: a guess is worth nothing.
    """
    orders, connections = tables.orders, tables.connections
    columns = (orders.c.id, orders.c.webstore_id, orders.c.number, connections.c.name)
    wanted = list(names)
    query = (
        select(*columns)
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(
            connections.c.paid_by == service_id,
            or_(among(database, orders.c.webstore_id, wanted), among(database, orders.c.number, wanted)),
        )
    )
    found: dict[str, dict[int, AnyRow]] = defaultdict(dict)
    for row in database.execute(query):
        for name in {row.webstore_id, row.number}.intersection(wanted):
            found[name][row.id] = row
    return {name: next(iter(rows.values())) for name, rows in found.items() if len(rows) == 1}


def orders_of(database: Connection, service_id: int, payment_ids: Collection[str]) -> dict[str, AnyRow]:
    """Return the orders of payments, by the payments' IDs."""
    orders, connections = tables.orders, tables.connections
    query = (
        select(
            web_payments.c.payment_id,
            orders.c.id,
            orders.c.number,
            connections.c.name,
            web_payments.c.document,
        )
        .join(orders, orders.c.id == web_payments.c.order_id)
        .join(connections, connections.c.id == orders.c.connection_id)
        .where(
            web_payments.c.service_id == service_id,
            among(database, web_payments.c.payment_id, list(payment_ids)),
        )
    )
    return {row.payment_id: row for row in database.execute(query)}
