"""Where the money for an order is, worked out from what is known of it."""

from sqlalchemy import Connection, exists, select

from tillbridge import line_states
from tillbridge.context import Context
from tillbridge.db import tables
from tillbridge.db.states import DeliveryState
from tillbridge.db.types import AnyRow
from tillbridge.deliveries import Destination
from tillbridge.model.exchange import Decision, Said
from tillbridge.model.orders import Standing
from tillbridge.model.status import PaymentFacts, PaymentState, payment_state
from tillbridge.order_state import facts_of, order_row
from tillbridge.provider import Provider


def payment_facts(database: Connection, row: AnyRow, provider: Provider) -> PaymentFacts:
    """Return what says where the money for an order is; what cannot be read is paid in the shop."""
    order = line_states.base_order(database, row)
    facts = facts_of(row)
    return PaymentFacts(
        paid_online=order is not None and order.paid,
        charges=provider.charges_on_acceptance,
        accepted=facts.decision is Decision.ACCEPTED or _was_accepted(database, row),
        decision=facts.decision,
        finished=facts.sale_finished,
        closed_empty=facts.closed_empty,
        refunded=row.standing == Standing.REFUNDED,
    )


def payment_of(context: Context, order_id: int) -> PaymentState:
    """Return where the money for an order is.

    Raises:
        NotFound: there is no such order.
    """
    with context.database.read() as database:
        row = order_row(database, order_id)
        facts = payment_facts(database, row, context.plugins.provider(row.provider))
    return payment_state(facts)


def _was_accepted(database: Connection, row: AnyRow) -> bool:
    """Say whether the webstore was told that a rejected order was accepted."""
    if row.decision is None:
        return False
    table = tables.deliveries
    told = exists().where(
        table.c.order_id == row.id,
        table.c.destination == Destination.WEBSTORE,
        table.c.action == Said.ACCEPTED,
        table.c.state == DeliveryState.SENT,
    )
    return bool(database.execute(select(told)).scalar())
